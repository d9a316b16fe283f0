import { setTimeout as pause } from 'node:timers/promises';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { extensionsFrom, ParkTrio, signIn } from '../kit/park-trio.ts';
import { emptyNode, ServedProcess, type ProcessMemory } from '../kit/served-process.ts';

const CONTACTS = 1_000;
const PARKED = 100;
const TRIOS = 8;
/** Each is two calls: one that is parked, one that takes it back. */
const CYCLES = 3_000;
/** Transactions over UDP are remembered for 64·T1 (RFC 3261 §17); forty quiet seconds later the server has collected what they left, ms. */
const QUIET_MS = 60_000;
const MOST = { idle: 120, contacts: 15, parked: 30, after: 1.1 } as const;

/** Many phones register in turn; each goes away afterwards, its registration stays. */
async function registerMany(server: ServedProcess): Promise<void> {
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

interface Look extends ProcessMemory {
  readonly heapMb: number;
}

async function lookAt(server: ServedProcess, when: string, bench: Bench): Promise<Look> {
  const look = { ...server.memory(), heapMb: await server.heapMb() };
  const [pss, rss, heap] = [look.pssMb, look.rssMb, look.heapMb].map(Math.round);
  bench.say(`${when}: ${pss} MB (alone ${rss}, its heap ${heap})`);
  return look;
}

/** The floor under everything else. */
async function floors(): Promise<readonly Reading[]> {
  const wait = 'setInterval(() => undefined, 1e6)';
  const thread = `new (require('node:worker_threads').Worker)('${wait}', { eval: true })`;
  const one = await emptyNode(wait);
  const two = await emptyNode(`${thread}; ${wait}`);
  return [
    row('… an empty Node, for comparison', one.pssMb, { unit: 'MB', note: alone(one) }),
    row('… with an empty thread besides', two.pssMb, { unit: 'MB', note: alone(two) }),
  ];
}

/** The program's own pages are shared with every other Node that runs, the benchmark's among them. */
const alone = ({ rssMb }: ProcessMemory): string =>
  `were it the only Node here: ${Math.round(rssMb)} MB`;

async function measure(
  server: ServedProcess,
  trios: readonly ParkTrio[],
  bench: Bench,
): Promise<readonly Reading[]> {
  const look = (when: string): Promise<Look> => lookAt(server, when, bench);
  await pause(QUIET_MS);
  const idle = await look('idle');
  await server.addUsers(extensionsFrom(50_000, CONTACTS));
  await trios[0]?.cycle();
  await pause(QUIET_MS);
  const withUsers = await look(`${CONTACTS} users`);
  await registerMany(server);
  await pause(QUIET_MS);
  const withContacts = await look(`${CONTACTS} registrations`);
  // One round of everything first: code that was never run before is no cost of a parked call.
  await parkMany(trios);
  await hangUpAll(trios);
  await cycleMany(trios, CYCLES / 10);
  await pause(QUIET_MS);
  const before = await look('warm, and quiet again');
  await parkMany(trios);
  await pause(QUIET_MS);
  const withParked = await look(`${PARKED} parked`);
  await hangUpAll(trios);
  await cycleMany(trios, CYCLES);
  await look(`right after ${CYCLES} cycles`);
  await pause(QUIET_MS);
  const after = await look('and quiet again');
  const more = (one: Look, other: Look): RowOptions => ({
    unit: 'MB',
    note: `its JavaScript heap: ${(other.heapMb - one.heapMb).toFixed(1)} MB`,
  });
  return [
    row('server, idle', idle.pssMb, { unit: 'MB', most: MOST.idle, note: alone(idle) }),
    ...(await floors()),
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
  ];
}

/** What the process of `parkline serve` holds, as it runs: nobody asks it to collect its garbage. */
export const memory: BenchPart = {
  name: 'memory',
  about: 'the server’s memory: idle, with registrations, with parked calls, after many calls',
  where: 'here',
  unavailable: () => (process.platform === 'linux' ? null : 'memory is read from Linux’s /proc'),
  run: async (bench) => {
    // Compiles what later starts find compiled.
    await (await ServedProcess.start()).close();
    const server = await ServedProcess.start();
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
