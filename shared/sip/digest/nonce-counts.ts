import { ownText } from '../message/own-text.ts';

/** The counts seen of one nonce: the highest, and which of the 31 below it. */
interface Seen {
  readonly nonce: string;
  highest: number;
  window: number;
}

const WINDOW = 32;

/**
 * Remembers nonce counts, so that an overheard answer cannot be used again (RFC 7616 §5.5). Requests that overtake
 * each other are fine: a count is refused when it was used, or is more than 31 behind. Memory is bounded; of a
 * nonce that was forgotten every count is accepted once more, and nonces die of age besides.
 */
export class NonceCounts {
  private readonly capacity: number;
  private recent = new Map<string, Seen>();
  /** Those before them. They go all at once: to look for the oldest, one at a time, costs more than all the rest. */
  private earlier = new Map<string, Seen>();
  /** Room was made since `age` was asked last: what is remembered may be young. */
  private madeRoom = false;

  /** @param capacity nonces remembered at least, and at most as many again; those not used for longest are forgotten */
  constructor(capacity = 10_000) {
    this.capacity = capacity;
  }

  /** True when this count is new for the nonce; it is used up then. */
  use(nonce: string, nc: string): boolean {
    const count = Number.parseInt(nc, 16);
    if (!Number.isSafeInteger(count) || count < 1) return false;
    const known = this.recent.get(nonce);
    if (known !== undefined) return advance(known, count);
    const seen = this.earlier.get(nonce) ?? { nonce: ownText(nonce), highest: 0, window: 0 };
    if (!advance(seen, count)) return false;
    if (this.recent.size >= this.capacity) {
      this.forgetEarlier();
      this.madeRoom = true;
    }
    this.recent.set(seen.nonce, seen);
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
    this.recent = new Map();
  }
}

function advance(seen: Seen, count: number): boolean {
  const ahead = count - seen.highest;
  if (ahead > 0) {
    seen.window = ahead >= WINDOW ? 1 : ((seen.window << ahead) | 1) >>> 0;
    seen.highest = count;
    return true;
  }
  if (-ahead >= WINDOW) return false;
  const bit = (1 << -ahead) >>> 0;
  if ((seen.window & bit) !== 0) return false;
  seen.window = (seen.window | bit) >>> 0;
  return true;
}
