import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the loop is looked at, in ms: ten times a second costs nothing and sees what a caller would notice. */
const RESOLUTION_MS = 100;

/** Measures how late this process runs: what it gives is the mean since it was last asked, in ms. It keeps no process alive. */
export function loopLateness(): () => number {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    // Without a sample the mean is NaN.
    const meanMs = delay.count === 0 ? 0 : delay.mean / 1e6;
    delay.reset();
    // It counts from timer to timer.
    return Math.max(0, meanMs - RESOLUTION_MS);
  };
}
