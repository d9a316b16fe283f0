import type { Clock } from '../../domain/clock.ts';

export interface AttemptLimits {
  /** Wrong answers in one window after which more are refused unread; for one user name from one address. */
  readonly perAccount: number;
  /** The same for all user names from one address: someone is trying names. */
  readonly perAddress: number;
  /** Length of a window, in ms. */
  readonly windowMs: number;
}

export const defaultAttemptLimits: AttemptLimits = {
  perAccount: 10,
  perAddress: 100,
  windowMs: 60_000,
};

interface Count {
  readonly startedAt: number;
  failures: number;
}

/** Beyond so many keys the oldest are forgotten: an attacker with many addresses cannot fill the memory. */
const MAX_KEYS = 20_000;

/** Slows down guessing. Wrong answers are counted, first challenges and stale nonces are not. */
export class FailedAttempts {
  readonly #clock: Clock;
  readonly #limits: AttemptLimits;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Clock, limits: AttemptLimits = defaultAttemptLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Seconds to wait before this account may be tried again from this address; 0 means now. */
  retryAfterSeconds(address: string, username: string): number {
    const { perAccount, perAddress } = this.#limits;
    return Math.max(
      this.#waitFor(accountKey(address, username), perAccount),
      this.#waitFor(addressKey(address), perAddress),
    );
  }

  failed(address: string, username: string): void {
    this.#count(accountKey(address, username));
    this.#count(addressKey(address));
  }

  /** A right answer clears the account's count, not the address's. */
  succeeded(address: string, username: string): void {
    this.#counts.delete(accountKey(address, username));
  }

  #waitFor(key: string, limit: number): number {
    const count = this.#live(key);
    if (count === undefined || count.failures < limit) return 0;
    return Math.ceil((count.startedAt + this.#limits.windowMs - this.#clock.now()) / 1000);
  }

  #count(key: string): void {
    const live = this.#live(key);
    if (live !== undefined) {
      live.failures += 1;
      return;
    }
    this.#counts.set(key, { startedAt: this.#clock.now(), failures: 1 });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_KEYS && oldest !== undefined) this.#counts.delete(oldest);
  }

  #live(key: string): Count | undefined {
    const count = this.#counts.get(key);
    if (count === undefined) return undefined;
    if (this.#clock.now() - count.startedAt < this.#limits.windowMs) return count;
    this.#counts.delete(key);
    return undefined;
  }
}

function accountKey(address: string, username: string): string {
  return `account ${address} ${username}`;
}

function addressKey(address: string): string {
  return `address ${address}`;
}
