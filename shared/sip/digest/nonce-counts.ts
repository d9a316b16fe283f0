import { NonceTable, nonceNumber, type SeenCounts } from './nonce-table.ts';

const WINDOW = 32;
const NONE: SeenCounts = { highest: 0, window: 0 };
const FIRST: SeenCounts = { highest: 1, window: 1 };

/**
 * Remembers nonce counts, so that an overheard answer cannot be used again (RFC 7616 §5.5). Requests that overtake
 * each other are fine: a count is refused when it was used, or is more than 31 behind. Memory is bounded; of a
 * nonce that was forgotten every count is accepted once more, and nonces die of age besides.
 */
export class NonceCounts {
  private readonly capacity: number;
  private recent = new NonceTable();
  /** Those before them. They go all at once: to look for the oldest, one at a time, costs more than all the rest. */
  private earlier = new NonceTable();
  /** Room was made since `age` was asked last: what is remembered may be young. */
  private madeRoom = false;

  /**
   * @param capacity nonces remembered at least, and at most as many again; those not used for longest are forgotten. The default takes
   *   300 requests a second, each with a nonce of its own, for as long as a nonce lives, and then 8 MB
   */
  constructor(capacity = 100_000) {
    this.capacity = capacity;
  }

  /** True when this count is new for the nonce; it is used up then. */
  use(nonce: string, nc: string): boolean {
    const count = Number.parseInt(nc, 16);
    if (!Number.isSafeInteger(count) || count < 1) return false;
    const number = nonceNumber(nonce);
    const recent = this.recent.get(number);
    const after = afterUse(recent ?? this.earlier.get(number) ?? NONE, count);
    if (after === undefined) return false;
    if (recent === undefined && this.recent.size >= this.capacity) {
      this.forgetEarlier();
      this.madeRoom = true;
    }
    this.recent.set(number, after);
    return true;
  }

  get isEmpty(): boolean {
    return this.recent.size === 0 && this.earlier.size === 0;
  }

  /**
   * Forgets what was not used since this was asked last. Asked once in a nonce's lifetime, it forgets none that may still be answered:
   * where room was made meanwhile, it waits until it is asked again.
   */
  age(): void {
    if (!this.madeRoom) this.forgetEarlier();
    this.madeRoom = false;
  }

  private forgetEarlier(): void {
    this.earlier = this.recent;
    this.recent = new NonceTable();
  }
}

/** Undefined when that count may not be used any more. */
function afterUse(seen: SeenCounts, count: number): SeenCounts | undefined {
  // As nearly always: most nonces are used once.
  if (seen === NONE && count === 1) return FIRST;
  const ahead = count - seen.highest;
  if (ahead > 0) {
    const window = ahead >= WINDOW ? 1 : ((seen.window << ahead) | 1) >>> 0;
    return { highest: count, window };
  }
  if (-ahead >= WINDOW) return undefined;
  const bit = (1 << -ahead) >>> 0;
  return (seen.window & bit) === 0
    ? { highest: seen.highest, window: (seen.window | bit) >>> 0 }
    : undefined;
}
