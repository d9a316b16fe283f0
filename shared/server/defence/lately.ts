import type { Clock } from '../../domain/clock.ts';
import { ownText } from '../../sip/message/own-text.ts';

/**
 * Names that did something not long ago, at one place or at several. At most `maxNames` of them in all: a place with many of them makes
 * room for its own, for any other the place silent longest does, each by its name silent longest. Place and name are looked up one after
 * the other, since this is asked of every request: a text of both would have to be put together each time.
 */
export class Lately {
  readonly #clock: Clock;
  readonly #forMs: number;
  readonly #maxNames: number;
  /** By place and name; whoever was noted last comes last. */
  readonly #at = new Map<string, Map<string, number>>();
  #size = 0;
  /** Who was noted so short a while ago is not noted anew: it makes no difference, and the same names come again and again. */
  readonly #nearlyNowMs: number;

  constructor(clock: Clock, forMs: number, maxNames: number) {
    this.#clock = clock;
    this.#forMs = forMs;
    this.#maxNames = maxNames;
    this.#nearlyNowMs = forMs / 1_000;
  }

  note(name: string, place = ANYWHERE): void {
    const now = this.#clock.now();
    const at = this.#at.get(place)?.get(name);
    if (at !== undefined && Math.abs(now - at) < this.#nearlyNowMs) return;
    this.#forget(name, place);
    const there = this.#at.get(place) ?? new Map<string, number>();
    this.#at.delete(place);
    this.#at.set(ownText(place), there.set(ownText(name), now));
    this.#size += 1;
    this.#forgetOver(there, now);
    if (this.#size > this.#maxNames) this.#makeRoomFor(place, there);
  }

  has(name: string, place = ANYWHERE): boolean {
    const at = this.#at.get(place)?.get(name);
    if (at === undefined) return false;
    if (this.#clock.now() - at <= this.#forMs) return true;
    this.#forget(name, place);
    return false;
  }

  /** Nobody need ask for a name again for it to be forgotten. */
  #forgetOver(there: Map<string, number>, now: number): void {
    for (const [name, at] of there) {
      if (now - at <= this.#forMs) return;
      there.delete(name);
      this.#size -= 1;
    }
  }

  #makeRoomFor(place: string, there: ReadonlyMap<string, number>): void {
    const hasMany = there.size > Math.max(1, this.#maxNames / MANY_OF);
    const [first = place] = this.#at.keys();
    const from = hasMany ? place : first;
    for (const name of this.#at.get(from)?.keys() ?? []) return this.#forget(name, from);
  }

  #forget(name: string, place: string): void {
    const there = this.#at.get(place);
    if (there?.delete(name) !== true) return;
    this.#size -= 1;
    if (there.size === 0) this.#at.delete(place);
  }
}

const ANYWHERE = '';
/** A place has many when it has more than one of so many. */
const MANY_OF = 16;
