import { expect, it } from 'vitest';
import { grown, soak } from '../soak/soak.ts';

/** The same as `node tests/soak/run.ts`, but that protocol times are a tenth: nobody waits half a minute for timer D. */
const SHORT_TIMES = {
  sip: { t1: 50, t2: 400, t4: 500, leastD: 3_200 },
  calls: { optionsEveryMs: 500, ringMs: 3_000, departMs: 500, parkReplacesMs: 1_000 },
};

it('mixed load leaves nothing behind: no call, dialog, transaction, leg, port, timer, and no memory', async () => {
  const report = await soak({
    seed: 20_261_122,
    casts: 6,
    warmUpMs: 8_000,
    loadMs: 10_000,
    times: SHORT_TIMES,
    memoryMs: 30_000,
    say: (line) => console.info(line),
  });
  const { before, after } = report;
  expect(report.surprises).toEqual([]);
  expect(report.leftOver).toEqual([]);
  expect(grown(before, after)).toEqual([]);
  // Every scene was played, or the rest proves little.
  expect(report.played.size).toBe(19);
  expect(after.memory.heapMb / before.memory.heapMb).toBeLessThan(1.1);
  expect(after.memory.ownMb / before.memory.ownMb).toBeLessThan(1.1);
}, 120_000);
