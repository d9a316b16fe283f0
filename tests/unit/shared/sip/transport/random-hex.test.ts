import { expect, test } from 'vitest';
import { randomHex } from '../../../../../shared/sip/transport/random-hex.ts';

test('gives as many random octets as asked for, in hexadecimal', () => {
  expect(randomHex(1)).toMatch(/^[0-9a-f]{2}$/);
  expect(randomHex(16)).toMatch(/^[0-9a-f]{32}$/);
  expect(randomHex(4_096)).toMatch(/^[0-9a-f]{8192}$/);
});

test('never gives the same twice, nor what it has wiped, however often it has to draw anew', () => {
  const given = Array.from({ length: 3_000 }, () => randomHex(16));
  expect(new Set(given).size).toBe(given.length);
  expect(given).not.toContain('0'.repeat(32));
});

test('uses every bit', () => {
  const seen = [0, 1, 2, 3].map(() => BigInt(`0x${randomHex(4_096)}`));
  const ever = seen.reduce((all, one) => all | one, 0n);
  const zeros = [...ever.toString(16)].filter((digit) => digit !== 'f').length;
  // Of a bit drawn four times one in sixteen stays 0: of the digits about 23 %.
  expect(zeros).toBeGreaterThan(1_300);
  expect(zeros).toBeLessThan(2_500);
});
