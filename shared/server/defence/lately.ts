import type { Clock } from '../../domain/clock.ts';

/** Names that did something not long ago. At most `maxNames` of them: the one silent longest is forgotten first. */
export class Lately {
  readonly #clock: Clock;
  readonly #forMs: number;
  readonly #maxNames: number;
  readonly #at = new Map<string, number>();

  constructor(clock: Clock, forMs: number, maxNames: number) {
    this.#clock = clock;
    this.#forMs = forMs;
    this.#maxNames = maxNames;
  }

  note(name: string): void {
    this.#at.delete(name);
    this.#at.set(name, this.#clock.now());
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
