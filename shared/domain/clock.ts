import type { Disposable } from './disposable.ts';
import type { EpochMs } from './ids.ts';

/**
 * Time as a port. `now` is wall-clock time, for what is stored and shown; `after` counts on a monotonic clock, so that
 * a correction of the wall clock neither fires nor delays a timer.
 */
export interface Clock {
  now(): EpochMs;
  /**
   * Runs `run` once, `delayMs` from now (values below 0 count as 0), never before `after` has returned. Any length is
   * allowed, also beyond the 2^31 ms of a host's timer.
   */
  after(delayMs: number, run: () => void): Disposable;
}
