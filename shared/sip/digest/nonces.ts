import { LETTER_OR_DIGIT, isAll } from '../message/characters.ts';
import { sameSecret } from './hash-port.ts';
import type { KeyedHash } from './hash-port.ts';

export interface NonceOptions {
  readonly keyedHash: KeyedHash;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** At least 16 unguessable characters of letters and digits. */
  readonly randomText: () => string;
  /** How long a nonce may be answered at most, in ms, and up to a second less; 5 minutes unless given. */
  readonly lifetimeMs?: number;
}

/** `stale`: once ours, now too old, or from a clock ahead of ours. `foreign`: never ours, or of another realm. */
export type NonceAge = 'fresh' | 'stale' | 'foreign';

/** How long a nonce may be answered at most, in ms, unless said otherwise. */
export const DEFAULT_NONCE_LIFETIME_MS = 300_000;
const MAC_LENGTH = 32;
/** How long nonces are made from one signed time, in ms. */
const SIGNED_FOR_MS = 1_000;
/** Most characters of a time, and of what makes a nonce differ from all others. */
const MOST_TIME = 11;
const MOST_RANDOM = 64;

/** A time with its signature. */
interface SignedTime {
  readonly madeAt: number;
  readonly time: string;
  readonly mac: string;
}

/**
 * Nonces that need no memory: a time that is signed together with the realm, and randomness behind it. Any server with the same secret
 * accepts them, also after a restart. The randomness is not signed: who puts other behind a time gets a nonce that is as young, and
 * still needs the password; an answer that was overheard fits its own nonce alone. So all nonces of a second share a signature, and
 * a thousand phones that register at once cost one.
 */
export class Nonces {
  private readonly options: NonceOptions;
  private readonly lifetimeMs: number;
  /** The latest of each realm; the realms are the tenants', not what somebody claims. */
  private readonly latest = new Map<string, SignedTime>();

  constructor(options: NonceOptions) {
    this.options = options;
    this.lifetimeMs = options.lifetimeMs ?? DEFAULT_NONCE_LIFETIME_MS;
  }

  make(realm: string): string {
    const { time, mac } = this.signedTime(realm);
    return `${time}.${mac}.${this.options.randomText()}`;
  }

  check(nonce: string, realm: string): NonceAge {
    // `time.mac.random`
    const timeTo = nonce.indexOf('.');
    const macTo = timeTo + 1 + MAC_LENGTH;
    const isOurForm = timeTo > 0 && timeTo <= MOST_TIME && nonce[macTo] === '.';
    const isShort = nonce.length <= macTo + 1 + MOST_RANDOM;
    if (!isOurForm || !isShort || !isAll(nonce, LETTER_OR_DIGIT, macTo + 1)) return 'foreign';
    const time = nonce.slice(0, timeTo);
    const mac = nonce.slice(timeTo + 1, macTo);
    const latest = this.latest.get(realm);
    const signature = latest?.time === time ? latest.mac : this.sign(time, realm);
    if (!sameSecret(signature, mac)) return 'foreign';
    const ageMs = this.options.now() - Number.parseInt(time, 36);
    return ageMs >= 0 && ageMs <= this.lifetimeMs ? 'fresh' : 'stale';
  }

  private signedTime(realm: string): SignedTime {
    const now = this.options.now();
    const latest = this.latest.get(realm);
    // The clock may have been set back.
    if (latest !== undefined && now >= latest.madeAt && now < latest.madeAt + SIGNED_FOR_MS) {
      return latest;
    }
    const time = now.toString(36);
    const signed = { madeAt: now, time, mac: this.sign(time, realm) };
    this.latest.set(realm, signed);
    return signed;
  }

  private sign(time: string, realm: string): string {
    return this.options.keyedHash(`${time}:${realm}`).slice(0, MAC_LENGTH);
  }
}
