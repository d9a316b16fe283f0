import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkName, networkNumber, networkText } from '../../../../shared/phone/network-text.ts';

describe('text from the network', () => {
  it.each([
    ['Müller & Söhne <info@example.org>', 'Müller & Söhne <info@example.org>'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['  two\r\n\tlines\u0000 and\u2028more ', 'two lines and more'],
    ['\u202egnp.ecila\u202c', 'gnp.ecila'],
    ['\u2067Bob\u2069\u200e\u061c', 'Bob'],
    ['B\u200bo\u00adb\ufeff\u2060', 'Bob'],
    ['Bob\u{e0041}\u{e007f}', 'Bob'],
    ['\ud800Bob\udfff', '\ufffdBob\ufffd'],
    ['שלום مرحبا', 'שלום مرحبا'],
    ['क्‍ष 👩‍💻 नुक्ता', 'क्‍ष 👩‍💻 नुक्ता'],
    ['e\u0301te\u0301', 'e\u0301te\u0301'],
    [`Z${'\u0335'.repeat(500)}o`, `Z${'\u0335'.repeat(4)}o`],
  ])('%j is shown as %j', (said, shown) => {
    expect(networkText(said, 100)).toBe(shown);
  });

  it.each(['', '   ', '\u200b\u200d\u200c', '\u3164\u2800', '\u0301', '\u0000\u001b'])(
    'that cannot be seen is none: %j',
    (said) => expect(networkName(said)).toBeNull(),
  );

  it('is cut where it is longer than anybody’s, and says so', () => {
    expect(networkText('a'.repeat(11), 10)).toBe(`${'a'.repeat(9)}…`);
    expect(networkText('a'.repeat(10), 10)).toBe('a'.repeat(10));
    expect(networkText('👩'.repeat(11), 10)).toBe(`${'👩'.repeat(9)}…`);
    expect([...(networkName('x'.repeat(100_000)) ?? '')]).toHaveLength(120);
    expect(networkNumber('9'.repeat(200)), 'nobody dials another number for it').toMatch(/…$/);
  });

  it('of any kind is one line of bounded length, and done twice it is the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (said) => {
        const shown = networkText(said, 40);
        expect([...shown].length).toBeLessThanOrEqual(40);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b]/u);
        expect(networkText(shown, 40)).toBe(shown);
      }),
      { numRuns: 2_000 },
    );
  });
});
