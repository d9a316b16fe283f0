import { describe, expect, it } from 'vitest';
import { cleanDialled } from '../../../../renderer/phone/model/dialled-text.ts';
import { showElapsed } from '../../../../renderer/phone/elapsed.ts';
import { initials, partyTitle, showNumber } from '../../../../renderer/phone/number.ts';

describe('what is dialled of what was typed or pasted', () => {
  it.each([
    ['+49 (0)30 1234-5', '+493012345'],
    ['  030/12 34 5 ', '030' + '12345'],
    ['tel:+33 8 60 02 678', '+33860' + '02678'],
    ['\u202a+33 8 60 02 678\u202c', '+33860' + '02678'],
    ['*68102', '*68102'],
    ['*88#', '*88#'],
    ['1-800-FLOWERS', '18003569377'],
    ['alice@pbx.test', 'alice@pbx.test'],
    ['sip:alice@pbx.test', 'sip:alice@pbx.test'],
    ['alice', 'alice'],
    ['', ''],
  ])('%j is dialled as %j', (typed, dialled) => {
    expect(cleanDialled(typed)).toBe(dialled);
  });
});

describe('numbers and names on the screen', () => {
  it('shows telephone numbers as people write them, and codes and extensions as they are', () => {
    expect(showNumber('+49301234567')).toBe('+49 30 1234567');
    expect(showNumber('102')).toBe('102');
    expect(showNumber('*88102')).toBe('*88102');
    expect(showNumber('003386002678')).toBe('003386002678');
  });

  it('titles by name, then number, then nobody', () => {
    expect(partyTitle({ name: 'Client', number: '1' }, 'Anonymous')).toBe('Client');
    expect(partyTitle({ name: null, number: '102' }, 'Anonymous')).toBe('102');
    expect(partyTitle({ name: null, number: '' }, 'Anonymous')).toBe('Anonymous');
  });

  it('makes a mark of the first and last word', () => {
    expect(initials({ name: 'Alice van Archer', number: '' })).toBe('AA');
    expect(initials({ name: '<img src=x>', number: '' })).toBe('IS');
    expect(initials({ name: null, number: '102' })).toBe('02');
    expect(initials({ name: null, number: '' })).toBe('?');
  });

  it('counts time in minutes, then hours, never below nothing', () => {
    expect([7_000, 754_000, 3_723_000, -5].map(showElapsed)).toEqual([
      '0:07',
      '12:34',
      '1:02:03',
      '0:00',
    ]);
  });
});
