import { onDispose } from '../../shared/domain/disposable.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import type { MediaClock } from '../../shared/media/media-clock.ts';

/** The media engine's time by hand: timers run in order of their due time while `advance` passes them. */
export class FakeMediaClock implements MediaClock {
  #nowMs = 1_000_000;
  readonly #timers = new Set<{ readonly dueMs: number; readonly run: () => void }>();

  monotonicMs = (): number => this.#nowMs;

  wallMs = (): number => Date.UTC(2026, 0, 5, 9) + this.#nowMs;

  after(delayMs: number, run: () => void): Disposable {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return onDispose(() => this.#timers.delete(timer));
  }

  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers]
        .filter((timer) => timer.dueMs <= until)
        .sort((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
    }
    this.#nowMs = until;
  }

  /** Time passes without any timer running, as when the process is starved. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }
}
