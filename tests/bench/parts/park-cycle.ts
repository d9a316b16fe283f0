import type { Bench, BenchPart } from '../frame/part.ts';
import { atLeast, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { LightPark } from '../kit/light-park.ts';
import { ServerProcess } from '../kit/server-process.ts';

const ROUNDS = 7;
/** The server's code is compiled step by step; rounds after fewer cycles still grow faster. */
const WARM_UP_CYCLES = 1_500;
/** Cycles per CPU-second of the server by number of watchers: the bar, and what Asterisk 22.10 did on a like machine. */
const CASES = [
  { watchers: 1, cycles: 250, atLeast: 300, asterisk: 98 },
  { watchers: 10, cycles: 150, atLeast: 160, asterisk: 52 },
  { watchers: 100, cycles: 50, atLeast: 50, asterisk: 15 },
] as const;

type Case = (typeof CASES)[number];

async function cycles(park: LightPark, count: number): Promise<void> {
  for (let cycle = 0; cycle < count; cycle += 1) await park.cycle();
}

/** @returns cycles per CPU-second of each round, and how long one cycle took by the clock in all of them, in ms */
async function rounds(
  server: ServerProcess,
  park: LightPark,
  count: number,
): Promise<{ readonly values: readonly number[]; readonly cycleMs: number }> {
  const values: number[] = [];
  const startedAt = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await server.cpuSeconds();
    await cycles(park, count);
    values.push(count / ((await server.cpuSeconds()) - before));
  }
  return { values, cycleMs: (performance.now() - startedAt) / (ROUNDS * count) };
}

async function measure(
  { server, park, bench }: { server: ServerProcess; park: LightPark; bench: Bench },
  wanted: Case,
): Promise<Reading> {
  await park.watchWith(wanted.watchers);
  // What this many watchers need is compiled, too.
  await cycles(park, wanted.cycles);
  const { values, cycleMs } = await rounds(server, park, wanted.cycles);
  bench.say(`${wanted.watchers} watchers: a cycle took ${cycleMs.toFixed(1)} ms by the clock`);
  return {
    name: `park cycles with ${wanted.watchers} watcher${wanted.watchers === 1 ? '' : 's'}`,
    value: median(values),
    unit: '/CPU-s',
    budget: atLeast(wanted.atLeast),
    rounds: [...values],
    note: `Asterisk 22.10 on a like machine: ${wanted.asterisk}`,
  };
}

/**
 * Call, answer, REFER to *68<ext>, NOTIFY to all watchers, retrieve, hang up, NOTIFY to all watchers, over UDP with digest and
 * one call at a time; user and system time of the server's process alone. The phones are light ones, in this process.
 */
export const parkCycle: BenchPart = {
  name: 'park-cycle',
  about: 'whole park cycles per CPU-second of the server, over UDP with digest',
  where: 'here',
  unavailable: () => null,
  run: async (bench) => {
    const server = await ServerProcess.start();
    const park = await LightPark.signedIn(server);
    try {
      await park.watchWith(1);
      await cycles(park, WARM_UP_CYCLES);
      const readings: Reading[] = [];
      for (const each of CASES) readings.push(await measure({ server, park, bench }, each));
      return readings;
    } finally {
      await park.close();
      await server.close();
    }
  },
};
