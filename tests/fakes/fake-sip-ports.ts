import type { Clock } from '../../shared/domain/clock.ts';
import type { SipClock, SipRandom } from '../../shared/sip/transaction/ports.ts';

/** The stack's clock over the clock of a test. */
export function sipClockOf(clock: Clock): SipClock {
  return {
    now: () => clock.now(),
    setTimer(delayMs, run) {
      const timer = clock.after(delayMs, run);
      return () => timer.dispose();
    },
  };
}

/** Tokens that count up and integers that are always 0: what a test reads stays the same from run to run. */
export class FakeSipRandom implements SipRandom {
  readonly #name: string;
  #count = 0;

  constructor(name = 'r') {
    this.#name = name;
  }

  token(): string {
    return `${this.#name}${++this.#count}`;
  }

  integer(): number {
    return 0;
  }
}
