import { describe, expect, it } from 'vitest';
import { mayBeCode } from '../../../../shared/phone/foreign-number.ts';
import { parklineChoice, profileOf } from '../../../../shared/phone/pbx-profile.ts';

const parkline = profileOf(parklineChoice);
const asterisk = profileOf({ ...parklineChoice, kind: 'asterisk' });
const at = (pbx: typeof parkline) => ({ codes: pbx.codes, pbx });

describe('a number that somebody else gave', () => {
  it.each([
    '*68102',
    ' *68102',
    '#31#0301234',
    '(*68',
    '%2A68102',
    '%252a68102',
    'sip:*68102@pbx.test',
    'SIP:%2a68@pbx.test',
    'tel:*21*0900#',
    'sip:tel:*68',
    '\u200b*68',
    '\u202e*68',
    '\uff0a68',
  ])('%j is no mere number', (number) => expect(mayBeCode(number, at(parkline))).toBe(true));

  it.each(['102', '+49 30 1234', '030/1234*5', 'alice', 'alice@pbx.test', '100%', '700', ''])(
    '%j is one',
    (number) => expect(mayBeCode(number, at(parkline))).toBe(false),
  );

  it('is the park code or a place of the parking lot, where the PBX has such numbers', () => {
    for (const number of ['700', 'tel:700', '701', 'sip:720@pbx.test'])
      expect(mayBeCode(number, at(asterisk))).toBe(true);
    for (const number of ['7001', '721', '70']) expect(mayBeCode(number, at(asterisk))).toBe(false);
  });
});
