import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callTargetOfLink } from '../../../electron/call-link.ts';

describe('a link', () => {
  test.each([
    ['tel:+386-1-234-5678', '+38612345678'],
    ['tel:(01)%20234.5678', '012345678'],
    ['tel:102;phone-context=example', '102'],
    ['callto:102', '102'],
    ['sip:alice@pbx.example', 'alice@pbx.example'],
    ['sips:alice@pbx.example;transport=tls?subject=x', 'alice@pbx.example'],
  ])('%s fills in %s', (link, target) => {
    expect(callTargetOfLink(link)).toBe(target);
  });

  test.each([
    'tel:*68102',
    'tel:%2A68102',
    'tel:#31%23',
    'sip:*88102@pbx.example',
    'sip:%2A88@pbx.example',
    'tel:102*2',
    'tel:abc',
    'tel:',
    'tel:%zz',
    'sip:two words@pbx.example',
    'javascript:alert(1)',
    'https://example.test/',
    `tel:${'1'.repeat(500)}`,
  ])('%s fills in nothing', (link) => {
    expect(callTargetOfLink(link)).toBeNull();
  });

  test('never carries a feature code, however it is written', () => {
    const part = fc.constantFrom(
      '*',
      '%2a',
      '%2A',
      '#',
      '%23',
      '6',
      '8',
      '1',
      '0',
      '2',
      ' ',
      '-',
      '@',
      ';',
      '?',
      'a',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('tel:', 'sip:', 'sips://', 'callto:'),
        fc.array(part, { maxLength: 12 }),
        (scheme, parts) => {
          const target = callTargetOfLink(scheme + parts.join(''));
          expect(target ?? '').not.toMatch(/^[^@]*[*#]/);
        },
      ),
    );
  });
});
