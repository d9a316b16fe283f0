import { sameSecret } from './hash-port.ts';
import type { KeyedHash } from './hash-port.ts';

export interface NonceOptions {
  readonly keyedHash: KeyedHash;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** At least 16 unguessable characters of letters and digits. */
  readonly randomText: () => string;
  /** How long a nonce may be answered, in ms; 5 minutes unless given. */
  readonly lifetimeMs?: number;
}

/** `stale`: once ours, now too old, or from a clock ahead of ours. `foreign`: never ours, or of another realm. */
export type NonceAge = 'fresh' | 'stale' | 'foreign';

const DEFAULT_LIFETIME_MS = 300_000;
const MAC_LENGTH = 32;

/**
 * Nonces that need no memory: time and randomness, signed together with the realm. Any server with the same
 * secret accepts them, also after a restart.
 */
export class Nonces {
  private readonly options: NonceOptions;
  private readonly lifetimeMs: number;

  constructor(options: NonceOptions) {
    this.options = options;
    this.lifetimeMs = options.lifetimeMs ?? DEFAULT_LIFETIME_MS;
  }

  make(realm: string): string {
    const stamp = `${this.options.now().toString(36)}.${this.options.randomText()}`;
    return `${stamp}.${this.sign(stamp, realm)}`;
  }

  check(nonce: string, realm: string): NonceAge {
    const end = nonce.lastIndexOf('.');
    const match = /^([0-9a-z]{1,11})\.[0-9A-Za-z]{1,64}$/.exec(nonce.slice(0, Math.max(end, 0)));
    const time = match?.[1];
    if (
      time === undefined ||
      !sameSecret(this.sign(nonce.slice(0, end), realm), nonce.slice(end + 1))
    )
      return 'foreign';
    const ageMs = this.options.now() - Number.parseInt(time, 36);
    return ageMs >= 0 && ageMs <= this.lifetimeMs ? 'fresh' : 'stale';
  }

  private sign(stamp: string, realm: string): string {
    return this.options.keyedHash(`${stamp}:${realm}`).slice(0, MAC_LENGTH);
  }
}
