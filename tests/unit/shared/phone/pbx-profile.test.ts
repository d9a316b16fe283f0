import { describe, expect, it } from 'vitest';
import { parseFeatureCode } from '../../../../shared/domain/feature-code.ts';
import {
  isLotFull,
  MOST_SLOTS,
  parseSlots,
  parklineChoice,
  PBX_KINDS,
  profileOf,
  retrieveDigits,
  usualWebSocket,
} from '../../../../shared/phone/pbx-profile.ts';

const asterisk = (slots = '', parkCode = '') => profileOf({ kind: 'asterisk', slots, parkCode });
const PLACE = { host: 'pbx.example', port: null };

describe('the slots of a parking lot', () => {
  it.each([
    ['701-703', ['701', '702', '703']],
    ['71, 73;75', ['71', '73', '75']],
    ['701–702 710', ['701', '702', '710']],
    ['701-702,702', ['701', '702']],
  ])('reads %s', (text, slots) => {
    expect(parseSlots(text)).toEqual({ ok: true, value: slots });
  });

  it.each([
    ['', 'empty'],
    ['703-701', 'not-slots'],
    ['*88', 'not-slots'],
    ['701-', 'not-slots'],
    ['1-99999999', 'too-many'],
    [`1-${MOST_SLOTS + 1}`, 'too-many'],
  ])('refuses %s as %s', (text, error) => {
    expect(parseSlots(text)).toEqual({ ok: false, error });
  });
});

describe('what a telephone system is like', () => {
  it('on Parkline subscribes to what one would dial', () => {
    expect(profileOf(parklineChoice).parkSource).toEqual({ kind: 'list', digits: '*88' });
  });

  it('on Asterisk watches the default lot unless another was given, and dials the slot', () => {
    expect(asterisk().parkSource).toMatchObject({ kind: 'slots' });
    expect(asterisk('71-72').parkSource).toEqual({ kind: 'slots', slots: ['71', '72'] });
    expect(asterisk('nonsense').parkSource).toEqual(asterisk().parkSource);
    expect(retrieveDigits(asterisk(), '701')).toBe('701');
    expect(asterisk('', '70').codes.park).toBe('70');
  });

  it('a lot is full when every place is taken, and only a lot can be', () => {
    const lot = asterisk('701-702');
    expect(isLotFull(lot, ['702', null])).toBe(false);
    expect(isLotFull(lot, ['702', '701'])).toBe(true);
    expect(isLotFull(profileOf(parklineChoice), ['101'])).toBe(false);
  });

  it('on PortSIP keeps no list, and retrieves by code and extension', () => {
    const portsip = profileOf({ kind: 'portsip', slots: '', parkCode: '' });
    expect(portsip.parkSource).toEqual({ kind: 'push' });
    expect(retrieveDigits(portsip, '102')).toBe('*88102');
    expect(parseFeatureCode('*58', portsip.codes)).toBeNull();
  });

  it.each(PBX_KINDS)('has no code twice on %s, and none that an empty one would match', (kind) => {
    const { codes } = profileOf({ kind, slots: '', parkCode: '' });
    const used = Object.values(codes).filter((code: string) => code !== '');
    expect(new Set(used).size).toBe(used.length);
    expect(parseFeatureCode('102', codes)).toBeNull();
  });

  it('knows where the WebSocket usually is', () => {
    expect(usualWebSocket(asterisk(), PLACE)).toBe('wss://pbx.example:8089/ws');
    expect(usualWebSocket(asterisk(), { host: '::1', port: 9000 })).toBe('wss://[::1]:9000/ws');
    expect(usualWebSocket(profileOf(parklineChoice), PLACE)).toBeNull();
  });
});
