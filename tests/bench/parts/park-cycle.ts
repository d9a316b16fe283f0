import { setTimeout as pause } from 'node:timers/promises';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atLeast, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { extensionsFrom, ParkTrio, signIn } from '../kit/park-trio.ts';
import { ServerProcess } from '../kit/server-process.ts';

const ROUNDS = 5;
const SETTLE_MS = 300;
/** Cycles per CPU-second of the server by number of watchers: the bar, and what Asterisk 22.10 did on a like machine. */
const CASES = [
  { watchers: 1, cycles: 120, atLeast: 300, asterisk: 98 },
  { watchers: 10, cycles: 100, atLeast: 160, asterisk: 52 },
  { watchers: 100, cycles: 40, atLeast: 50, asterisk: 15 },
] as const;

type Case = (typeof CASES)[number];

async function rounds(server: ServerProcess, trio: ParkTrio, count: number): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = await server.cpuSeconds();
    for (let cycle = 0; cycle < count; cycle += 1) await trio.cycle();
    await pause(SETTLE_MS);
    values.push(count / ((await server.cpuSeconds()) - before));
  }
  // The first round compiles what the others use.
  return values.slice(1);
}

async function measure(bench: Bench, wanted: Case): Promise<Reading> {
  const server = await ServerProcess.start();
  const trio = await ParkTrio.signedIn(server, ['201', '202', '203']);
  const names = extensionsFrom(3_000, wanted.watchers);
  await server.addUsers(names);
  const watchers: SipPhone[] = [];
  try {
    for (const name of names) {
      const watcher = await signIn(server, name);
      await watcher.subscribe('*88203');
      watchers.push(watcher);
    }
    for (let cycle = 0; cycle < wanted.cycles; cycle += 1) await trio.cycle();
    const values = await rounds(server, trio, wanted.cycles);
    const notifies = watchers.map((each) => each.subscriptions[0]?.notifies.length ?? 0);
    bench.say(`${wanted.watchers} watchers: each got ${Math.min(...notifies)} NOTIFYs or more`);
    return {
      name: `park cycles with ${wanted.watchers} watcher${wanted.watchers === 1 ? '' : 's'}`,
      value: median(values),
      unit: '/CPU-s',
      budget: atLeast(wanted.atLeast),
      rounds: values,
      note: `Asterisk 22.10 on a like machine: ${wanted.asterisk}`,
    };
  } finally {
    for (const watcher of watchers) await watcher.close();
    await trio.close();
    await server.close();
  }
}

/** Call, answer, REFER to *68<ext>, NOTIFYs, retrieve, hang up, over UDP with digest; CPU of the server's process alone. */
export const parkCycle: BenchPart = {
  name: 'park-cycle',
  about: 'whole park cycles per CPU-second of the server, over UDP with digest',
  where: 'here',
  unavailable: () => null,
  run: async (bench) => {
    const readings: Reading[] = [];
    for (const each of CASES) readings.push(await measure(bench, each));
    return readings;
  },
};
