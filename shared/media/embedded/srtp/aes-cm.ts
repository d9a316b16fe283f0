/**
 * AES in counter mode and HMAC-SHA1 as SRTP uses them. Making a cipher object per packet costs more than the cipher: the key stream comes
 * from one AES-ECB object that lives as long as the key (ECB keeps no state between whole blocks), and is applied here.
 */
import { createCipheriv, createHmac } from 'node:crypto';
import type { Cipheriv, KeyObject } from 'node:crypto';

const BLOCK = 16;

export class AesCounterMode {
  readonly #ecb: Cipheriv;
  #counters = Buffer.alloc(BLOCK * 16);

  constructor(key: KeyObject) {
    this.#ecb = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  }

  /** Encrypts or decrypts `data[from, to)` in place; `iv` is the first counter block, its last 16 bits zero (RFC 3711 §4.1.1). */
  apply(data: Buffer, from: number, to: number, iv: Buffer): void {
    const blocks = Math.ceil((to - from) / BLOCK);
    if (blocks === 0) return;
    if (this.#counters.length < blocks * BLOCK) this.#counters = Buffer.alloc(blocks * BLOCK * 2);
    const counters = this.#counters;
    for (let block = 0; block < blocks; block++) {
      const at = block * BLOCK;
      iv.copy(counters, at);
      counters[at + 14] = block >>> 8;
      counters[at + 15] = block & 0xff;
    }
    const stream = this.#ecb.update(counters.subarray(0, blocks * BLOCK));
    for (let at = from, i = 0; at < to; at++, i++) {
      data[at] = (data[at] ?? 0) ^ (stream[i] ?? 0);
    }
  }
}

/** HMAC-SHA1 over `data[0, length)` and a 32-bit trailer that is authenticated but not sent (the roll-over counter). */
export function hmacSha1(key: KeyObject, data: Uint8Array, trailer?: Uint8Array): Buffer {
  const hmac = createHmac('sha1', key).update(data);
  return (trailer ? hmac.update(trailer) : hmac).digest();
}
