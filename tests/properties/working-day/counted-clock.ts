import type { Clock } from '../../../shared/domain/clock.ts';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';

/** Somebody's own timers on a clock that others use, too. */
export class CountedClock implements Clock {
  readonly #clock: Clock;
  #pending = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#pending;
  }

  now() {
    return this.#clock.now();
  }

  after(delayMs: number, run: () => void): Disposable {
    this.#pending += 1;
    const counted = onDispose(() => {
      this.#pending -= 1;
    });
    const timer = this.#clock.after(delayMs, () => {
      counted.dispose();
      run();
    });
    return onDispose(() => {
      timer.dispose();
      counted.dispose();
    });
  }
}
