import type { SipPhone } from '../../fakes/sip-phone.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { extensionsFrom, ParkTrio, signIn } from '../kit/park-trio.ts';
import { ServerProcess } from '../kit/server-process.ts';

const CONTACTS = 1_000;
const PARKED = 100;
const TRIOS = 8;
const CALLS = 1_200;
const ROW = { idle: 120, contacts: 15, parked: 30, after: 1.1 } as const;

/** Many phones register in turn; each goes away afterwards, its registration stays. */
async function registerMany(server: ServerProcess): Promise<void> {
  for (const extension of extensionsFrom(50_000, CONTACTS)) {
    const phone: SipPhone = await signIn(server, extension);
    await phone.close();
  }
}

async function parkMany(trios: readonly ParkTrio[]): Promise<void> {
  await Promise.all(
    trios.map(async (trio, lane) => {
      for (let n = lane; n < PARKED; n += trios.length) await trio.park();
    }),
  );
}

async function hangUpAll(trios: readonly ParkTrio[]): Promise<void> {
  for (const { caller } of trios) {
    for (const call of caller.calls) if (!call.ended) await call.hangUp();
  }
  for (const trio of trios) trio.forget();
}

async function cycleMany(trios: readonly ParkTrio[]): Promise<void> {
  await Promise.all(
    trios.map(async (trio) => {
      for (let n = 0; n < CALLS / trios.length; n += 1) await trio.cycle();
    }),
  );
}

function row(name: string, value: number, unit: string, most: number): Reading {
  return { name, value, unit, budget: atMost(most), rounds: [value] };
}

async function measure(
  server: ServerProcess,
  trios: readonly ParkTrio[],
  bench: Bench,
): Promise<readonly Reading[]> {
  const idle = await server.memoryMb();
  bench.say(`idle ${Math.round(idle)} MB`);
  await server.addUsers(extensionsFrom(50_000, CONTACTS));
  const withUsers = await server.memoryMb();
  await registerMany(server);
  const withContacts = await server.memoryMb();
  bench.say(
    `${CONTACTS} users ${Math.round(withUsers)} MB, registered ${Math.round(withContacts)} MB`,
  );
  // One round of everything first: code that was never run before is no cost of a parked call.
  await parkMany(trios);
  await hangUpAll(trios);
  const before = await server.memoryMb();
  await parkMany(trios);
  const withParked = await server.memoryMb();
  await hangUpAll(trios);
  const warm = await server.memoryMb();
  bench.say(
    `before ${Math.round(before)} MB, ${PARKED} parked ${Math.round(withParked)} MB, after ${Math.round(warm)} MB`,
  );
  await cycleMany(trios);
  const after = await server.memoryMb();
  bench.say(`after ${CALLS} cycles ${Math.round(after)} MB`);
  return [
    row('server, idle', idle, 'MB', ROW.idle),
    row(`… and with ${CONTACTS} contacts, more`, withContacts - withUsers, 'MB', ROW.contacts),
    row(`… and with ${PARKED} parked calls on music, more`, withParked - before, 'MB', ROW.parked),
    row(`after ${CALLS} park cycles (${CALLS * 2} calls), of before`, after / warm, '×', ROW.after),
  ];
}

/** What the server's process holds; PSS after a garbage collection. */
export const memory: BenchPart = {
  name: 'memory',
  about: 'the server’s memory: idle, with registrations, with parked calls, after many calls',
  where: 'here',
  unavailable: () => (process.platform === 'linux' ? null : 'memory is read from Linux’s /proc'),
  run: async (bench) => {
    const server = await ServerProcess.start();
    const trios: ParkTrio[] = [];
    try {
      for (let n = 0; n < TRIOS; n += 1) {
        const [caller = '', parker = '', retriever = ''] = extensionsFrom(200 + 10 * n, 3);
        trios.push(await ParkTrio.signedIn(server, [caller, parker, retriever]));
      }
      return await measure(server, trios, bench);
    } finally {
      for (const trio of trios) await trio.close();
      await server.close();
    }
  },
};
