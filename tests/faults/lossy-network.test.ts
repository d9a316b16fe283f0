import { describe, expect, it } from 'vitest';
import { parkCycles } from './lossy/park-cycles.ts';

describe('1,000 park cycles over UDP that loses, doubles and reorders', () => {
  it.each([
    { lost: 10, cycles: 500 },
    { lost: 50, cycles: 500 },
  ])(
    '$cycles with $lost of 1,000 datagrams lost: no call lost, none doubled, nothing left over',
    async ({ lost, cycles }) => {
      const weather = { lost, doubled: 10, overtaken: 30, seed: lost };
      const report = await parkCycles({ cycles, trios: 25, weather });
      expect(report.failures).toEqual([]);
      expect(report.lives.size).toBe(cycles);
      const odd = [...report.lives].filter(([, life]) => life.join() !== 'parked,retrieved');
      expect(odd).toEqual([]);
      expect(report.journalLines).toBe(cycles * 2);
      expect(report.leftOver).toEqual({ calls: 0, parked: 0, legs: 0 });
      // The weather was as announced: a relay that loses nothing proves nothing.
      const { carried } = report.weather;
      expect(report.weather.lost / carried).toBeGreaterThan((lost / 1_000) * 0.7);
      expect(report.weather.doubled).toBeGreaterThan(0);
      expect(report.weather.overtaken).toBeGreaterThan(0);
      console.info(`${cycles} cycles: ${JSON.stringify(report.weather)}`);
    },
    300_000,
  );
});
