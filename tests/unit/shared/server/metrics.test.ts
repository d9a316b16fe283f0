import { expect, it, vi } from 'vitest';
import { Metrics } from '../../../../shared/server/metrics.ts';

it('tells a lag of the event loop that is small where there is none', async () => {
  const metrics = new Metrics({
    registrations: () => 0,
    reachableRegistrations: () => 0,
    dialogs: () => 0,
    legs: () => ({}),
    flows: () => ({}),
  });
  // The smallest of some: a machine that is busy with other things is late now and then, not always.
  await vi.waitFor(
    async () => {
      const [, seconds] =
        /^nodejs_eventloop_lag_min_seconds (.+)$/m.exec(await metrics.text()) ?? [];
      expect(Number(seconds)).toBeLessThan(0.05);
    },
    { timeout: 10_000, interval: 250 },
  );
});
