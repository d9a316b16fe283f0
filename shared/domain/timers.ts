import type { Clock } from './clock.ts';
import { onDispose, type Disposable } from './disposable.ts';

/** Any number of timers with one owner. One that has run is forgotten, so that a long day leaves nothing behind. */
export class Timers implements Disposable {
  readonly #clock: Clock;
  readonly #waiting = new Set<Disposable>();
  #disposed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many still wait. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Runs once after `delayMs`, unless it or the owner is disposed before; after the owner's end it never runs. */
  after(delayMs: number, run: () => void): Disposable {
    if (this.#disposed) return onDispose(() => undefined);
    const timer = this.#clock.after(delayMs, () => {
      this.#waiting.delete(waiting);
      run();
    });
    const waiting = onDispose(() => {
      this.#waiting.delete(waiting);
      timer.dispose();
    });
    this.#waiting.add(waiting);
    return waiting;
  }

  dispose(): void {
    this.#disposed = true;
    for (const waiting of [...this.#waiting]) waiting.dispose();
  }
}
