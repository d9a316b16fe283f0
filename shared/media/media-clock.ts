/** Time as the media engine needs it. Durations and deadlines use the monotonic reading; only RTCP's NTP stamps use the wall clock. */
import type { Disposable } from '../domain/disposable.ts';

export interface MediaClock {
  /** Milliseconds with fractions, never backwards. */
  monotonicMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Runs once, not before `delayMs` (0 or more). */
  after(delayMs: number, run: () => void): Disposable;
}

export const systemMediaClock: MediaClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};
