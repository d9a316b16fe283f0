import { describe, expect, it } from 'vitest';
import {
  addMs,
  epochMs,
  makeParkId,
  parseExtension,
  parseParkId,
  tenantId,
} from '../../../../shared/domain/ids.ts';

describe('a ParkId', () => {
  it('is 26 lower-case base32 characters of 16 random bytes', () => {
    expect(makeParkId(new Uint8Array(16))).toBe('a'.repeat(26));
    expect(makeParkId(new Uint8Array(16).fill(0xff))).toBe(`${'7'.repeat(25)}4`);
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
    // RFC 4648 base32 of 00 11 22 … ff.
    expect(makeParkId(bytes)).toBe('aaisem2ekvthpcezvk54zxpo74');
  });

  it('tells any two different byte strings apart', () => {
    const ids = Array.from({ length: 128 }, (_, bit) => {
      const bytes = new Uint8Array(16);
      bytes[bit >> 3] = 1 << (bit & 7);
      return makeParkId(bytes);
    });
    expect(new Set(ids).size).toBe(128);
  });

  it('cannot be made of too little randomness', () => {
    expect(() => makeParkId(new Uint8Array(15))).toThrow(RangeError);
  });

  it('is read in any case, and nothing else is', () => {
    expect(parseParkId('A'.repeat(26))).toBe('a'.repeat(26));
    for (const text of ['', 'a'.repeat(25), 'a'.repeat(27), `${'a'.repeat(25)}1`, ' '.repeat(26)]) {
      expect(parseParkId(text)).toBeNull();
    }
  });
});

describe('an extension', () => {
  it.each(['1', '102', '0042', '123456789012345'])('%s is one', (text) => {
    expect(parseExtension(text)).toEqual({ ok: true, value: text });
  });

  it.each(['', '*88', '10 2', '1234567890123456', 'bob', '１０２'])('%j is none', (text) => {
    expect(parseExtension(text)).toEqual({ ok: false, error: 'not-an-extension' });
  });
});

describe('times and names', () => {
  it('must be what they say', () => {
    expect(addMs(epochMs(1000), -1)).toBe(999);
    expect(() => epochMs(Number.NaN)).toThrow(RangeError);
    expect(() => tenantId('a b')).toThrow(RangeError);
    expect(tenantId('default')).toBe('default');
  });
});
