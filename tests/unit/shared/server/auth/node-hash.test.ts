import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { nodeKeyedHash } from '../../../../../shared/server/auth/node-hash.ts';

const hmac = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('hex');

it('is the HMAC of RFC 2104, whatever the length of key and text', () => {
  const keys = [0, 1, 32, 64, 65, 200].map((length) => Buffer.alloc(length, 0xa5));
  const texts = ['', 'k1.0a2b:pbx.example', 'Zürich 東京', 'x'.repeat(170), '€'.repeat(5_000)];
  for (const key of keys) {
    const keyed = nodeKeyedHash(key);
    for (const text of [...texts, ...texts]) expect(keyed(text)).toBe(hmac(key, text));
  }
});
