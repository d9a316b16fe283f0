import { hash, randomBytes } from 'node:crypto';
import { randomHex } from '../../sip/transport/random-hex.ts';
import { ha1 } from '../../sip/digest/digest-response.ts';
import type { Hash, KeyedHash } from '../../sip/digest/hash-port.ts';
import type { StoredSecret } from '../store/tenant-store.ts';

/** Digest's hash functions by node:crypto. */
export const nodeHash: Hash = (algorithm, text) =>
  hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex');

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Longer texts than any nonce's still fit, with room of their own. */
const USUAL_TEXT_BYTES = 512;

/**
 * HMAC-SHA-256 with that key (RFC 2104), by two one-shot hashes: making an Hmac object for each text costs three times as much.
 */
export function nodeKeyedHash(key: Buffer): KeyedHash {
  const short = key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key;
  const inner = Buffer.alloc(BLOCK_BYTES + USUAL_TEXT_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    inner[at] = (short[at] ?? 0) ^ 0x36;
    outer[at] = (short[at] ?? 0) ^ 0x5c;
  }
  return (text) => {
    // A character takes up to three bytes.
    const fits = text.length * 3 <= USUAL_TEXT_BYTES;
    const said = fits
      ? inner.subarray(0, BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'utf8'))
      : Buffer.concat([inner.subarray(0, BLOCK_BYTES), Buffer.from(text, 'utf8')]);
    hash('sha256', said, 'buffer').copy(outer, BLOCK_BYTES);
    return hash('sha256', outer, 'hex');
  };
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
