import type { Clock } from '../../shared/domain/clock.ts';
import { onDispose, type Disposable } from '../../shared/domain/disposable.ts';
import { addMs, epochMs, type EpochMs } from '../../shared/domain/ids.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: nothing happens until `advance`. Timers run in order of due time, then of their start. */
export class FakeClock implements Clock {
  #startedAt: EpochMs;
  #elapsedMs = 0;
  #wallShiftMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startsAt: number = Date.UTC(2026, 0, 5, 9, 0, 0)) {
    this.#startedAt = epochMs(startsAt);
  }

  /** How many timers wait: 0 at the end of a test says that nothing was left behind. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): EpochMs {
    return addMs(this.#startedAt, this.#elapsedMs + this.#wallShiftMs);
  }

  after(delayMs: number, run: () => void): Disposable {
    const dueMs = this.#elapsedMs + Math.max(0, delayMs);
    const timer: Timer = { dueMs, order: (this.#order += 1), run };
    this.#timers.add(timer);
    return onDispose(() => this.#timers.delete(timer));
  }

  /** Lets `ms` pass, running what falls due at its own time, timers started meanwhile included. */
  advance(ms: number): void {
    const until = this.#elapsedMs + ms;
    for (let next = this.#nextDue(until); next !== undefined; next = this.#nextDue(until)) {
      this.#timers.delete(next);
      this.#elapsedMs = next.dueMs;
      next.run();
    }
    this.#elapsedMs = until;
  }

  /** As `advance`, letting promises settle before each timer and at the end. */
  async advanceAsync(ms: number): Promise<void> {
    const until = this.#elapsedMs + ms;
    await settle();
    for (let next = this.#nextDue(until); next !== undefined; next = this.#nextDue(until)) {
      this.#timers.delete(next);
      this.#elapsedMs = next.dueMs;
      next.run();
      await settle();
    }
    this.#elapsedMs = until;
    await settle();
  }

  /** The wall clock is corrected by `ms`; timers are not touched. */
  shiftWallClock(ms: number): void {
    this.#wallShiftMs += ms;
  }

  #nextDue(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > until) continue;
      const sooner =
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order);
      if (sooner) next = timer;
    }
    return next;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
