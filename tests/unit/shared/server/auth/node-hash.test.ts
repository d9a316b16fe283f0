import { expect, it } from 'vitest';
import { nodeKeyedHash } from '../../../../../shared/server/auth/node-hash.ts';

it('is HMAC-SHA-256: the second and the sixth test case of RFC 4231', () => {
  expect(nodeKeyedHash(Buffer.from('Jefe'))('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  const long = nodeKeyedHash(Buffer.alloc(131, 0xaa));
  expect(long('Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  );
});
