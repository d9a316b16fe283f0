import { describe, expect, it } from 'vitest';
import { recallOf } from '../../../../renderer/sip/jssip-words.ts';
import { parklineChoice, PBX_KINDS, profileOf } from '../../../../shared/phone/pbx-profile.ts';

const invite = {
  getHeader: (name: string) =>
    name === 'X-Park-Recall' ? 'attempt=2;slot=102;parked-at=2026-01-02T03:04:05.000Z' : undefined,
};
const ordinary = { getHeader: () => undefined };
const others = PBX_KINDS.filter((kind) => kind !== 'parkline');

describe('a call that says it is a parked one coming back', () => {
  it('is believed of our own server', () => {
    const parkline = profileOf(parklineChoice);
    expect(recallOf(invite, parkline)).toEqual({ slot: '102', attempt: 2 });
    expect(recallOf(ordinary, parkline)).toBeNull();
  });

  it.each(others)('is an ordinary call on %s, where any caller may say that', (kind) => {
    expect(recallOf(invite, profileOf({ ...parklineChoice, kind }))).toBeNull();
  });
});
