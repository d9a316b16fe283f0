import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Cryptographic randomness as hexadecimal text. It is drawn from the system some thousand bytes at a time: every message needs a
 * few, and asking for each costs twenty times as much as using it. What was given out is wiped.
 * @param bytes 1–4,096; the text is twice as long
 */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return text;
}
