import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median, quantile } from '../frame/statistics.ts';
import { LightPark } from '../kit/light-park.ts';
import { ServerProcess } from '../kit/server-process.ts';

const PARKS = 40;
const WARM_UP_CYCLES = 800;
/** Warm-up with as many watchers as are measured. */
const CYCLES_BEFORE = 60;
/** Nothing else is going on when a call is parked: ms. */
const IDLE_MS = 100;
const CASES = [
  { watchers: 1, mostMs: 3 },
  { watchers: 100, mostMs: 15 },
] as const;

type Case = (typeof CASES)[number];

async function measure(park: LightPark, wanted: Case, bench: Bench): Promise<Reading> {
  await park.watchWith(wanted.watchers);
  for (let cycle = 0; cycle < CYCLES_BEFORE; cycle += 1) await park.cycle();
  const values: number[] = [];
  for (let n = 0; n < PARKS; n += 1) {
    await park.park(IDLE_MS);
    values.push(park.lastShownAfterMs);
    await park.retrieve();
  }
  bench.say(`${wanted.watchers} watchers: 95 % within ${quantile(values, 0.95).toFixed(1)} ms`);
  return {
    name: `REFER sent → NOTIFY read by the last of ${wanted.watchers} watcher${wanted.watchers === 1 ? '' : 's'}`,
    value: median(values),
    unit: 'ms',
    budget: atMost(wanted.mostMs),
    rounds: values,
    note: 'from before the REFER is sent, so the way to the server is in it',
  };
}

/**
 * How soon watchers of an idle server know that a call is parked: from the REFER that is accepted to the NOTIFY that the last of
 * them reads, both seen by the phones' own process and clock.
 */
export const notifyFanout: BenchPart = {
  name: 'notify-fanout',
  about: 'from the REFER to the NOTIFY at the last watcher, on an idle server',
  where: 'here',
  unavailable: () => null,
  run: async (bench) => {
    const server = await ServerProcess.start();
    const park = await LightPark.signedIn(server);
    try {
      await park.watchWith(1);
      for (let cycle = 0; cycle < WARM_UP_CYCLES; cycle += 1) await park.cycle();
      const readings: Reading[] = [];
      for (const each of CASES) readings.push(await measure(park, each, bench));
      return readings;
    } finally {
      await park.close();
      await server.close();
    }
  },
};
