import type { Clock } from '../../domain/clock.ts';

export interface BucketRate {
  /** Tokens that come back per second. */
  readonly perSecond: number;
  /** Most tokens that are there at once. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  /** When a token was refused last; 0: never. */
  refusedAt: number;
  /** When it was put behind the others last. */
  movedAt: number;
}

export type Taken =
  | { readonly kind: 'ok' }
  /** `first`: none was refused for a while, so this begins a block. */
  | { readonly kind: 'empty'; readonly first: boolean };

const OK: Taken = { kind: 'ok' };
/** After so long without a refusal, in ms, the next one is told of again. */
const EPISODE_MS = 60_000;
/** Who asks again and again need not be put behind the others each time; in ms. */
const MOVE_AFTER_MS = 1_000;
/** Beyond so many senders the one that was silent longest is forgotten: many addresses cannot fill the memory. */
const DEFAULT_MAX_KEYS = 20_000;

/** Token buckets by key. A bucket that would be full again is the same as none, so forgetting costs nobody anything. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #rate: BucketRate;
  readonly #maxKeys: number;
  /** The one asked for longest ago comes first, give or take a second. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, rate: BucketRate, maxKeys = DEFAULT_MAX_KEYS) {
    this.#clock = clock;
    this.#rate = rate;
    this.#maxKeys = maxKeys;
  }

  /** Senders that are remembered now. */
  get size(): number {
    return this.#buckets.size;
  }

  take(key: string, count = 1): Taken {
    const now = this.#clock.now();
    const bucket = this.#refilled(key, now);
    if (bucket.tokens >= count) {
      bucket.tokens -= count;
      return OK;
    }
    const first = bucket.refusedAt === 0 || now - bucket.refusedAt > EPISODE_MS;
    bucket.refusedAt = now;
    return { kind: 'empty', first };
  }

  /** Puts tokens in, up to the burst. */
  give(key: string, count: number): void {
    const bucket = this.#refilled(key, this.#clock.now());
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + count);
  }

  #refilled(key: string, now: number): Bucket {
    const { perSecond, burst } = this.#rate;
    const known = this.#buckets.get(key);
    if (known === undefined) return this.#add(key, perSecond === 0 ? 0 : burst, now);
    // The wall clock may be set back; then nothing comes back for a moment.
    const gained = (Math.max(0, now - known.filledAt) / 1000) * perSecond;
    known.tokens = Math.min(burst, known.tokens + gained);
    known.filledAt = now;
    if (Math.abs(now - known.movedAt) < MOVE_AFTER_MS) return known;
    known.movedAt = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, known);
    return known;
  }

  #add(key: string, tokens: number, now: number): Bucket {
    const bucket = { tokens, filledAt: now, refusedAt: 0, movedAt: now };
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxKeys) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
