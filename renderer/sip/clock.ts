import type { Clock } from '../../shared/domain/clock.ts';
import { onDispose } from '../../shared/domain/disposable.ts';
import { epochMs } from '../../shared/domain/ids.ts';

const LONGEST_TIMER_MS = 0x7fff_ffff;

/** The browser's time. Timers longer than 2^31 ms are waited for in pieces. */
export const browserClock: Clock = {
  now: () => epochMs(Date.now()),
  after(delayMs, run) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number) => {
      const piece = Math.min(Math.max(left, 0), LONGEST_TIMER_MS);
      timer = setTimeout(() => (left > piece ? wait(left - piece) : run()), piece);
    };
    wait(delayMs);
    return onDispose(() => clearTimeout(timer));
  },
};
