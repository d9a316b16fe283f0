import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { SipClock, SipRandom } from '../transaction/ports.ts';
import { randomHex } from './random-hex.ts';

/** The machine's monotonic time. Its timers do not keep the process alive: listeners do. */
export const systemSipClock: SipClock = {
  now: () => performance.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** The machine's cryptographic randomness; tokens are hexadecimal. */
export const systemSipRandom: SipRandom = {
  token: (bits) => randomHex(Math.ceil(bits / 8)),
  integer: (below) => randomInt(below),
};
