import { describe, expect, it } from 'vitest';
import { shownAddresses } from '../../../../shared/server/shown-addresses.ts';

const pair = (bind: string, advertise?: string) => ({
  bind,
  webrtcPort: 0,
  ...(advertise === undefined ? {} : { advertise }),
});

describe('how peers know a listener', () => {
  it('is its own address, unless that one is known by another', () => {
    const pairs = [pair('10.0.0.5', '198.51.100.7'), pair('10.0.0.6')];
    expect(shownAddresses('10.0.0.5', pairs)).toEqual({ kind: 'as', address: '198.51.100.7' });
    expect(shownAddresses('10.0.0.6', pairs)).toEqual({ kind: 'as-bound' });
    expect(shownAddresses('127.0.0.1', pairs)).toEqual({ kind: 'as-bound' });
  });

  it('is for a wildcard the one address of its family', () => {
    const pairs = [pair('10.0.0.5', '198.51.100.7'), pair('2001:db8::5')];
    expect(shownAddresses('0.0.0.0', pairs)).toEqual({ kind: 'as', address: '198.51.100.7' });
    expect(shownAddresses('::', pairs)).toEqual({ kind: 'as', address: '2001:db8::5' });
  });

  it('is for a wildcard on several addresses each by itself', () => {
    const pairs = [pair('10.0.0.5'), pair('127.0.0.1'), pair('192.168.1.5')];
    expect(shownAddresses('0.0.0.0', pairs)).toEqual({
      kind: 'each',
      pairs: [pairs[0], pairs[2]],
    });
  });

  it('is unknown for a wildcard when only loopback is named', () => {
    expect(shownAddresses('0.0.0.0', [pair('127.0.0.1')])).toEqual({ kind: 'unknown' });
    expect(shownAddresses('::', [pair('10.0.0.5')])).toEqual({ kind: 'unknown' });
  });
});
