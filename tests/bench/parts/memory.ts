import { setTimeout as pause } from 'node:timers/promises';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { extensionsFrom, ParkTrio, signIn } from '../kit/park-trio.ts';
import { ServerProcess, type ServerMemory } from '../kit/server-process.ts';

const CONTACTS = 1_000;
const PARKED = 100;
const TRIOS = 8;
/** Each is two calls: one that is parked, one that takes it back. */
const CYCLES = 3_000;
/** 64·T1 after the last message a transaction over UDP is still remembered (RFC 3261 §17); some time for the rest, ms. */
const TRANSACTIONS_END_MS = 45_000;
const MOST = { idle: 120, contacts: 15, parked: 30, after: 1.1 } as const;

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

async function cycleMany(trios: readonly ParkTrio[], cycles: number): Promise<void> {
  await Promise.all(
    trios.map(async (trio) => {
      for (let n = 0; n < cycles / trios.length; n += 1) await trio.cycle();
    }),
  );
}

interface RowOptions {
  readonly unit: string;
  /** Absent: only told. */
  readonly most?: number;
  readonly note?: string;
}

function row(name: string, value: number, { unit, most, note }: RowOptions): Reading {
  const budget = most === undefined ? null : atMost(most);
  return { name, value, unit, budget, rounds: [value], ...(note === undefined ? {} : { note }) };
}

const words = ({ pssMb, heapMb }: ServerMemory): string =>
  `${Math.round(pssMb)} MB (heap ${Math.round(heapMb)})`;

async function measure(
  server: ServerProcess,
  trios: readonly ParkTrio[],
  bench: Bench,
): Promise<readonly Reading[]> {
  const look = async (when: string): Promise<ServerMemory> => {
    const memory = await server.memory();
    bench.say(`${when}: ${words(memory)}`);
    return memory;
  };
  const idle = await look('idle');
  await server.addUsers(extensionsFrom(50_000, CONTACTS));
  const withUsers = await look(`${CONTACTS} users`);
  await registerMany(server);
  await pause(TRANSACTIONS_END_MS);
  const withContacts = await look(`${CONTACTS} registrations`);
  // One round of everything first: code that was never run before is no cost of a parked call.
  await parkMany(trios);
  await hangUpAll(trios);
  await cycleMany(trios, CYCLES / 10);
  await pause(TRANSACTIONS_END_MS);
  const before = await look('warm, and quiet again');
  await parkMany(trios);
  await pause(TRANSACTIONS_END_MS);
  const withParked = await look(`${PARKED} parked`);
  await hangUpAll(trios);
  await cycleMany(trios, CYCLES);
  await look(`right after ${CYCLES} cycles`);
  await pause(TRANSACTIONS_END_MS);
  const after = await look('and quiet again');
  const more = (one: ServerMemory, other: ServerMemory): RowOptions => ({
    unit: 'MB',
    note: `its JavaScript heap: ${(other.heapMb - one.heapMb).toFixed(1)} MB`,
  });
  return [
    row('server, idle', idle.pssMb, { unit: 'MB', most: MOST.idle }),
    row(`${CONTACTS} contacts more`, withContacts.pssMb - withUsers.pssMb, {
      ...more(withUsers, withContacts),
      most: MOST.contacts,
    }),
    row(`${PARKED} parked calls on music more`, withParked.pssMb - before.pssMb, {
      ...more(before, withParked),
      most: MOST.parked,
    }),
    row(`after ${2 * CYCLES} calls, of before`, after.pssMb / before.pssMb, {
      unit: '×',
      most: MOST.after,
    }),
    row('… its JavaScript heap', after.heapMb / before.heapMb, { unit: '×', most: MOST.after }),
  ];
}

/** What the server's process holds; PSS after a garbage collection. */
export const memory: BenchPart = {
  name: 'memory',
  about: 'the server’s memory: idle, with registrations, with parked calls, after many calls',
  where: 'here',
  unavailable: () => (process.platform === 'linux' ? null : 'memory is read from Linux’s /proc'),
  run: async (bench) => {
    // Compiles what later starts find compiled.
    await (await ServerProcess.start()).close();
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
