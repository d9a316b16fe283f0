/** A sliding window over packet indices (RFC 3711 §3.3.2): 64 wide, in two 32-bit words so that the hot path makes no BigInt. */

const WIDTH = 64;

export class ReplayWindow {
  #top = -1;
  /** Bit n of `#recent` stands for index `#top - n`, bit n of `#older` for `#top - 32 - n`. */
  #recent = 0;
  #older = 0;

  /** Highest index taken, or -1. */
  get top(): number {
    return this.#top;
  }

  /** Whether the index is neither taken nor too old. `index` is a whole number below 2^48. */
  isFresh(index: number): boolean {
    const age = this.#top - index;
    if (age < 0) return true;
    if (age >= WIDTH) return false;
    return age < 32 ? ((this.#recent >>> age) & 1) === 0 : ((this.#older >>> (age - 32)) & 1) === 0;
  }

  /** Marks an index that `isFresh` allowed. */
  take(index: number): void {
    const age = this.#top - index;
    if (age < 0) this.#advance(-age, index);
    else if (age < 32) this.#recent |= 1 << age;
    else this.#older |= 1 << (age - 32);
  }

  #advance(steps: number, index: number): void {
    if (this.#top < 0 || steps >= WIDTH) {
      this.#older = 0;
      this.#recent = 0;
    } else if (steps >= 32) {
      this.#older = steps === 32 ? this.#recent : this.#recent << (steps - 32);
      this.#recent = 0;
    } else {
      this.#older = (this.#older << steps) | (this.#recent >>> (32 - steps));
      this.#recent <<= steps;
    }
    this.#recent |= 1;
    this.#top = index;
  }
}
