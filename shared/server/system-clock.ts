import type { Clock } from '../domain/clock.ts';
import { onDispose, type Disposable } from '../domain/disposable.ts';
import { epochMs, type EpochMs } from '../domain/ids.ts';

/** Node fires timers beyond this at once; longer ones are chained. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's time. Its timers do not keep the process alive: listeners do. */
export class SystemClock implements Clock {
  now(): EpochMs {
    return epochMs(Date.now());
  }

  after(delayMs: number, run: () => void): Disposable {
    if (delayMs > LONGEST_TIMER_MS) return afterLong(delayMs, run);
    const timer = setTimeout(run, Math.max(0, delayMs));
    timer.unref();
    return onDispose(() => clearTimeout(timer));
  }
}

function afterLong(delayMs: number, run: () => void): Disposable {
  const dueMs = performance.now() + delayMs;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const leftMs = dueMs - performance.now();
    const step = Math.min(Math.max(0, leftMs), LONGEST_TIMER_MS);
    timer = setTimeout(leftMs > LONGEST_TIMER_MS ? arm : run, step);
    timer.unref();
  };
  arm();
  return onDispose(() => clearTimeout(timer));
}
