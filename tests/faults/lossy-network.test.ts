import { describe, expect, it } from 'vitest';
import { namespacesWork, parkCyclesInNamespace } from './lossy/namespace.ts';
import { parkCycles, type CyclesReport } from './lossy/park-cycles.ts';

/**
 * Losing is done by the kernel of a network namespace where one can be had (nftables; netem is in few kernels), else by the relay, which
 * in either case is what doubles and reorders: no part of nftables holds a datagram back. In a namespace the chance of the kernel's dice has no
 * seed; the relay's has.
 */
const OWN_NETWORK = namespacesWork();
const TRIOS = 25;

interface Weathered extends CyclesReport {
  readonly share: number;
}

/** @param lost of a thousand datagrams between a phone and the server, how many never arrive */
async function inBadWeather(lost: number, cycles: number): Promise<Weathered> {
  const weather = { lost: OWN_NETWORK ? 0 : lost, doubled: 10, overtaken: 30, seed: lost };
  const options = { cycles, trios: TRIOS, weather };
  if (!OWN_NETWORK) {
    const report = await parkCycles(options);
    return { ...report, share: report.weather.lost / report.weather.carried };
  }
  // On its way each datagram arrives twice: at the relay, and from there at the other end.
  const report = await parkCyclesInNamespace(options, lost / 2);
  return { ...report, share: (2 * report.kernel.lost) / report.kernel.carried };
}

describe('1,000 park cycles over UDP that loses, doubles and reorders', () => {
  it('has a network of its own where CI runs', () => {
    expect(OWN_NETWORK || process.env['CI'] !== 'true').toBe(true);
  });

  it.each([
    { lost: 10, cycles: 500 },
    { lost: 50, cycles: 500 },
  ])(
    '$cycles with $lost of 1,000 datagrams lost: no call lost, none doubled, nothing left over',
    async ({ lost, cycles }) => {
      const report = await inBadWeather(lost, cycles);
      expect(report.failures).toEqual([]);
      expect(report.lives.size).toBe(cycles);
      const odd = [...report.lives].filter(([, life]) => life.join() !== 'parked,retrieved');
      expect(odd).toEqual([]);
      expect(report.journalLines).toBe(cycles * 2);
      expect(report.leftOver).toEqual({ calls: 0, parked: 0, legs: 0 });
      // The weather was as announced: a network that loses nothing proves nothing.
      expect(report.share).toBeGreaterThan((lost / 1_000) * 0.7);
      expect(report.weather.doubled).toBeGreaterThan(0);
      expect(report.weather.overtaken).toBeGreaterThan(0);
      console.info(
        `${cycles} cycles: ${JSON.stringify(report.weather)}, share lost ${report.share}`,
      );
    },
    300_000,
  );
});
