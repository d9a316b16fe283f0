import { expect, it } from 'vitest';
import {
  nodeHash,
  nodeKeyedHash,
  rememberingTargets,
} from '../../../../../shared/server/auth/node-hash.ts';

it('works the hash of a target out once', () => {
  const asked: string[] = [];
  const hashTarget = rememberingTargets((algorithm, text) => {
    asked.push(`${algorithm} ${text}`);
    return nodeHash(algorithm, text);
  });
  const targets = [
    ['REGISTER', 'sip:a'],
    ['REGISTER', 'sip:b'],
    ['INVITE', 'sip:a'],
    ['REGISTER', 'sip:a'],
  ] as const;
  for (const [method, uri] of targets) {
    expect(hashTarget('MD5', method, uri)).toBe(nodeHash('MD5', `${method}:${uri}`));
  }
  expect(hashTarget('SHA-256', 'INVITE', 'sip:a')).toBe(nodeHash('SHA-256', 'INVITE:sip:a'));
  expect(asked).toEqual([
    'MD5 REGISTER:sip:a',
    'MD5 REGISTER:sip:b',
    'MD5 INVITE:sip:a',
    'SHA-256 INVITE:sip:a',
  ]);
});

const MADE_UP: readonly [string, (n: number) => readonly [method: string, uri: string]][] = [
  ['URIs', (n) => ['REGISTER', `sip:${n}`]],
  ['methods', (n) => [`METHOD${n}`, 'sip:a']],
];

it.each(MADE_UP)('remembers a hundred targets at most, whoever makes up %s', (_what, made) => {
  const asked: string[] = [];
  const hashTarget = rememberingTargets((_algorithm, text) => {
    asked.push(text);
    return text;
  });
  for (let n = 0; n < 100; n += 1) hashTarget('MD5', ...made(n));
  hashTarget('MD5', ...made(0));
  expect(asked).toHaveLength(100);
  hashTarget('MD5', ...made(100));
  hashTarget('MD5', ...made(0));
  expect(asked).toHaveLength(102);
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
