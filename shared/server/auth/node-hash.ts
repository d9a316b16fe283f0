import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import { ownText } from '../../sip/message/own-text.ts';
import { randomHex } from '../../sip/transport/random-hex.ts';
import { ha1, targetHash } from '../../sip/digest/digest-response.ts';
import type { Hash, KeyedHash, TargetHash } from '../../sip/digest/hash-port.ts';
import type { StoredSecret } from '../store/tenant-store.ts';

/** Digest's hash functions by node:crypto. */
export const nodeHash: Hash = (algorithm, text) =>
  hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex');

/**
 * The hash of method and URI, from memory when it was asked for lately: many clients share a target, and nobody need hide it. They are
 * looked up one after the other: a text of both would have to be put together each time.
 */
export function rememberingTargets(inner: Hash): TargetHash {
  const hashTarget = targetHash(inner);
  const known = { MD5: new Targets(), 'SHA-256': new Targets() };
  return (algorithm, method, uri) => {
    const targets = known[algorithm];
    const before = targets.get(method, uri);
    if (before !== undefined) return before;
    const made = hashTarget(algorithm, method, uri);
    targets.set(method, uri, made);
    return made;
  };
}

const MOST_REMEMBERED = 100;

/** Texts by method and URI. */
class Targets {
  readonly #byMethod = new Map<string, Map<string, string>>();
  #size = 0;

  get(method: string, uri: string): string | undefined {
    return this.#byMethod.get(method)?.get(uri);
  }

  set(method: string, uri: string, text: string): void {
    if (this.#size >= MOST_REMEMBERED) {
      this.#byMethod.clear();
      this.#size = 0;
    }
    const byUri = this.#byMethod.get(method) ?? new Map<string, string>();
    this.#byMethod.set(ownText(method), byUri.set(ownText(uri), text));
    this.#size += 1;
  }
}

/** HMAC-SHA-256 with that key (RFC 2104). */
export function nodeKeyedHash(key: Buffer): KeyedHash {
  // Made once: a key given as bytes is imported anew each time, which costs more than the HMAC.
  const secret = createSecretKey(key);
  return (text) => createHmac('sha256', secret).update(text, 'utf8').digest('hex');
}

/** 96 random bits as hex. */
export function randomText(): string {
  return randomHex(12);
}

/** What is kept of a password (RFC 8760). */
export function secretOf(account: {
  readonly username: string;
  readonly realm: string;
  readonly password: string;
}): StoredSecret {
  return { md5: ha1(nodeHash, 'MD5', account), sha256: ha1(nodeHash, 'SHA-256', account) };
}

/** A password nobody can guess: 96 bits in letters and digits that are not mistaken for each other. */
export function randomPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  return [...randomBytes(20)].map((byte) => alphabet.charAt(byte & 31)).join('');
}
