import { expect, it } from 'vitest';
import { fuzzWire } from '../fuzz/wire-fuzz.ts';
import { SoakServer } from '../soak/soak-server.ts';

const SEED = 20_261_122;
const MUTANTS = 4_000;

/** Longer by command: `node tests/fuzz/run.ts --wire --seconds 300`. */
it(`${MUTANTS} mutants from a signed-in phone, into live calls and over every transport, neither kill the server nor trip it`, async () => {
  const server = await SoakServer.start();
  const goOn = (mutants: number) => mutants < MUTANTS;
  const report = await fuzzWire(server, { seed: SEED, goOn });
  const metrics = await server.metrics();
  await server.close();
  expect(report.faults).toEqual([]);
  expect(report.mutants).toBeGreaterThanOrEqual(MUTANTS);
  expect(report.calls).toBeGreaterThan(10);
  // What came of it: mutants got past the door, and some asked for a park so that it was understood.
  const parks = [...metrics].filter(([name]) => name.startsWith('parkline_parks_total'));
  expect(parks.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(0);
}, 180_000);
