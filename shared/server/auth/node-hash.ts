import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import { ownText } from '../../sip/message/own-text.ts';
import { randomHex } from '../../sip/transport/random-hex.ts';
import { ha1 } from '../../sip/digest/digest-response.ts';
import type { Hash, KeyedHash } from '../../sip/digest/hash-port.ts';
import type { StoredSecret } from '../store/tenant-store.ts';

/** Digest's hash functions by node:crypto. */
export const nodeHash: Hash = (algorithm, text) =>
  hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex');

/**
 * The same, and gives the hash of a text that it was asked for lately without working it out again. For texts that many clients share
 * and nobody need hide, such as the method and address of a request.
 */
export function rememberingHash(inner: Hash): Hash {
  const known = { MD5: new Map<string, string>(), 'SHA-256': new Map<string, string>() };
  return (algorithm, text) => {
    const before = known[algorithm].get(text);
    if (before !== undefined) return before;
    const made = inner(algorithm, text);
    if (known[algorithm].size >= MOST_REMEMBERED) known[algorithm].clear();
    known[algorithm].set(ownText(text), made);
    return made;
  };
}

const MOST_REMEMBERED = 100;

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
