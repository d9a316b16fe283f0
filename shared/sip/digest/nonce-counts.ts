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
  private readonly seen = new Map<string, Seen>();
  private readonly capacity: number;

  /** @param capacity nonces remembered, the least recently used are forgotten first */
  constructor(capacity = 10_000) {
    this.capacity = capacity;
  }

  /** True when this count is new for the nonce; it is used up then. */
  use(nonce: string, nc: string): boolean {
    const count = Number.parseInt(nc, 16);
    if (!Number.isSafeInteger(count) || count < 1) return false;
    const seen = this.seen.get(nonce) ?? { nonce: ownText(nonce), highest: 0, window: 0 };
    if (!advance(seen, count)) return false;
    this.seen.delete(nonce);
    this.seen.set(seen.nonce, seen);
    this.forgetOldest();
    return true;
  }

  private forgetOldest(): void {
    if (this.seen.size <= this.capacity) return;
    for (const nonce of this.seen.keys()) {
      this.seen.delete(nonce);
      return;
    }
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
