import { expect, it } from 'vitest';
import {
  nodeHash,
  nodeKeyedHash,
  rememberingHash,
} from '../../../../../shared/server/auth/node-hash.ts';

it('works a hash out once, and forgets the oldest of too many', () => {
  const asked: string[] = [];
  const hash = rememberingHash((algorithm, text) => {
    asked.push(`${algorithm} ${text}`);
    return nodeHash(algorithm, text);
  });
  for (const text of ['a', 'b', 'a']) expect(hash('MD5', text)).toBe(nodeHash('MD5', text));
  expect(hash('SHA-256', 'a')).toBe(nodeHash('SHA-256', 'a'));
  expect(asked).toEqual(['MD5 a', 'MD5 b', 'SHA-256 a']);
  for (let n = 0; n < 100; n += 1) hash('MD5', `${n}`);
  hash('MD5', 'a');
  expect(asked.filter((each) => each === 'MD5 a')).toHaveLength(2);
});

it('is HMAC-SHA-256: the second and the sixth test case of RFC 4231', () => {
  expect(nodeKeyedHash(Buffer.from('Jefe'))('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  const long = nodeKeyedHash(Buffer.alloc(131, 0xaa));
  expect(long('Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  );
});
