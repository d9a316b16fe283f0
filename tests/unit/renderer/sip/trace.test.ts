import { describe, expect, it } from 'vitest';
import { SipTrace } from '../../../../renderer/sip/trace.ts';
import { withoutSecrets } from '../../../../shared/phone/redaction.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

describe('the SIP trace', () => {
  it('takes credentials, challenges, ICE passwords and media keys out before it keeps a message', () => {
    const message = [
      'REGISTER sip:pbx.test SIP/2.0',
      'Authorization: Digest username="101", response="6629fae49393a05397450978507c4ef1"',
      'Proxy-Authorization:Digest response="aa"',
      'WWW-Authenticate: Digest nonce="bb"',
      'Contact: <sip:101:hunter2@host>',
      '',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:verysecretpassword',
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
      'a=fingerprint:sha-256 AA:BB',
    ].join('\r\n');
    const kept = withoutSecrets(message);
    for (const secret of ['6629fae', '"aa"', '"bb"', 'hunter2', 'verysecret', 'inline:', 'AA:BB']) {
      expect(kept).not.toContain(secret);
    }
    expect(kept).toContain('REGISTER sip:pbx.test SIP/2.0');
    expect(kept).toContain('a=ice-ufrag:abcd');
    expect(kept).toContain('Authorization: (removed)');
  });

  it('keeps the last messages only, oldest first', () => {
    const trace = new SipTrace(new FakeClock(), 3);
    for (const text of ['1', '2', '3', '4']) trace.add('sent', text);
    expect(trace.entries().map(({ text }) => text)).toEqual(['2', '3', '4']);
    trace.clear();
    expect(trace.entries()).toEqual([]);
  });

  it('exports with time and direction', () => {
    const trace = new SipTrace(new FakeClock(Date.UTC(2026, 0, 5, 9, 0, 0)));
    trace.add('received', 'SIP/2.0 200 OK\r\n');
    expect(trace.export()).toBe('2026-01-05T09:00:00.000Z ← received\nSIP/2.0 200 OK\n');
  });
});
