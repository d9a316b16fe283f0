import type { Clock } from '../../domain/clock.ts';
import { Lately } from '../defence/lately.ts';
import { sourceGroup } from '../defence/source-group.ts';
import { ownText } from '../../sip/message/own-text.ts';

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

/** A limit was reached: further answers are refused unread until the window ends. */
export interface AttemptBlock {
  /** Address, or its network (IPv6: /64). */
  readonly source: string;
  readonly what: 'account' | 'address';
}

interface Count {
  readonly startedAt: number;
  failures: number;
}

/** Beyond so many keys the oldest are forgotten: an attacker with many addresses cannot fill the memory. */
const MAX_KEYS = 20_000;
/** No account's name is as long, and nobody fills the memory with names: those that begin alike count as one. */
const MOST_OF_NAME = 64;
/** How long an account that signed in from an address is told apart from the names that somebody tries there, in ms. */
const FAMILIAR_MS = 86_400_000;

/** Slows down guessing. Wrong answers are counted, first challenges and stale nonces are not. */
export class FailedAttempts {
  readonly #clock: Clock;
  readonly #limits: AttemptLimits;
  readonly #onBlocked: (block: AttemptBlock) => void;
  readonly #counts = new Map<string, Count>();
  readonly #familiar: Lately;

  constructor(
    clock: Clock,
    limits: AttemptLimits = defaultAttemptLimits,
    onBlocked: (block: AttemptBlock) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onBlocked = onBlocked;
    this.#familiar = new Lately(clock, FAMILIAR_MS, MAX_KEYS);
  }

  /**
   * Seconds to wait before this account may be tried again from this address; 0 means now. Somebody who tries names
   * from the same address (an office behind one) does not keep out who signed in from there before.
   */
  retryAfterSeconds(address: string, username: string): number {
    if (this.#counts.size === 0) return 0;
    const { perAccount, perAddress } = this.#limits;
    const ofAccount = this.#waitFor(accountKey(address, username), perAccount);
    if (this.#familiar.has(username, sourceGroup(address))) return ofAccount;
    return Math.max(ofAccount, this.#waitFor(addressKey(address), perAddress));
  }

  failed(address: string, username: string): void {
    const { perAccount, perAddress } = this.#limits;
    const source = sourceGroup(address);
    if (this.#count(accountKey(address, username)) === perAccount) {
      this.#onBlocked({ source, what: 'account' });
    }
    if (this.#count(addressKey(address)) === perAddress) {
      this.#onBlocked({ source, what: 'address' });
    }
  }

  /** A right answer clears the account's count, not the address's. */
  succeeded(address: string, username: string): void {
    if (this.#counts.size > 0) this.#counts.delete(accountKey(address, username));
    this.#familiar.note(username, sourceGroup(address));
  }

  #waitFor(key: string, limit: number): number {
    const count = this.#live(key);
    if (count === undefined || count.failures < limit) return 0;
    return Math.ceil((count.startedAt + this.#limits.windowMs - this.#clock.now()) / 1000);
  }

  #count(key: string): number {
    const live = this.#live(key);
    if (live !== undefined) {
      live.failures += 1;
      return live.failures;
    }
    this.#counts.set(ownText(key), { startedAt: this.#clock.now(), failures: 1 });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_KEYS && oldest !== undefined) this.#counts.delete(oldest);
    return 1;
  }

  #live(key: string): Count | undefined {
    const count = this.#counts.get(key);
    if (count === undefined) return undefined;
    const ageMs = this.#clock.now() - count.startedAt;
    // The wall clock may be set back: nobody is kept out for longer because of that.
    if (ageMs >= 0 && ageMs < this.#limits.windowMs) return count;
    this.#counts.delete(key);
    return undefined;
  }
}

function accountKey(address: string, username: string): string {
  return `account ${sourceGroup(address)} ${username.slice(0, MOST_OF_NAME)}`;
}

function addressKey(address: string): string {
  return `address ${sourceGroup(address)}`;
}
