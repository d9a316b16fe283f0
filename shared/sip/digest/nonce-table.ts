/** The counts seen of one nonce: the highest, and which of the 31 below it. */
export interface SeenCounts {
  readonly highest: number;
  readonly window: number;
}

const FIRST_SLOTS = 64;
/** FNV-1a's. */
const PRIME = 16_777_619;
const STARTS = [2_166_136_261, 3_735_928_559] as const;
/** Of the 53 bits that a number holds, those above the lower 32. */
const UPPER_BITS = 0x1f_ffff;

/**
 * A nonce as a number other than 0. Two are alike by chance only, and so rarely that nobody notices the other challenge which it costs;
 * nor can anybody make one that is like another's, whose randomness they do not know.
 */
export function nonceNumber(nonce: string): number {
  let [upper, lower]: readonly [number, number] = STARTS;
  for (let i = 0; i < nonce.length; i++) {
    const code = nonce.charCodeAt(i);
    upper = Math.imul(upper ^ code, PRIME);
    lower = Math.imul(lower ^ code, PRIME) ^ (lower >>> 15);
  }
  return (upper & UPPER_BITS) * 2 ** 32 + (lower >>> 0) || 1;
}

/**
 * Counts by nonce, in arrays of numbers: a busy registrar adds thousands a second, and as objects they would keep the memory's
 * housekeeping busier than all the rest does.
 */
export class NonceTable {
  #numbers = new Float64Array(FIRST_SLOTS);
  #highest = new Uint32Array(FIRST_SLOTS);
  #windows = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(nonce: number): SeenCounts | undefined {
    const slot = this.#slotOf(nonce);
    if (this.#numbers[slot] !== nonce) return undefined;
    return { highest: this.#highest[slot] ?? 0, window: this.#windows[slot] ?? 0 };
  }

  set(nonce: number, { highest, window }: SeenCounts): void {
    const slot = this.#slotOf(nonce);
    if (this.#numbers[slot] !== nonce) this.#size += 1;
    this.#numbers[slot] = nonce;
    this.#highest[slot] = highest;
    this.#windows[slot] = window;
    if (this.#size * 2 > this.#numbers.length) this.#grow();
  }

  /** Where the nonce is, or would be. At least half of all slots are free. */
  #slotOf(nonce: number): number {
    const last = this.#numbers.length - 1;
    let slot = nonce & last;
    for (;;) {
      const there = this.#numbers[slot];
      if (there === nonce || there === 0) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const [numbers, highest, windows] = [this.#numbers, this.#highest, this.#windows];
    const slots = numbers.length * 2;
    this.#numbers = new Float64Array(slots);
    this.#highest = new Uint32Array(slots);
    this.#windows = new Uint32Array(slots);
    for (const [from, nonce] of numbers.entries()) {
      if (nonce === 0) continue;
      const to = this.#slotOf(nonce);
      this.#numbers[to] = nonce;
      this.#highest[to] = highest[from] ?? 0;
      this.#windows[to] = windows[from] ?? 0;
    }
  }
}
