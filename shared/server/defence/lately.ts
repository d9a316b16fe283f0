import type { Clock } from '../../domain/clock.ts';

/** Names that did something not long ago. At most `maxNames` of them: the one silent longest is forgotten first. */
export class Lately {
  readonly #clock: Clock;
  readonly #forMs: number;
  readonly #maxNames: number;
  readonly #at = new Map<string, number>();
  /** Who was noted so short a while ago is not noted anew: it makes no difference, and the same names come again and again. */
  readonly #nearlyNowMs: number;

  constructor(clock: Clock, forMs: number, maxNames: number) {
    this.#clock = clock;
    this.#forMs = forMs;
    this.#maxNames = maxNames;
    this.#nearlyNowMs = forMs / 1_000;
  }

  note(name: string): void {
    const now = this.#clock.now();
    const at = this.#at.get(name);
    if (at !== undefined && Math.abs(now - at) < this.#nearlyNowMs) return;
    this.#at.delete(name);
    this.#at.set(name, now);
    if (this.#at.size <= this.#maxNames) return;
    for (const oldest of this.#at.keys()) {
      this.#at.delete(oldest);
      return;
    }
  }

  has(name: string): boolean {
    const at = this.#at.get(name);
    if (at === undefined) return false;
    if (this.#clock.now() - at <= this.#forMs) return true;
    this.#at.delete(name);
    return false;
  }
}
