import { describe, expect, it } from 'vitest';
import { noForwarding } from '../../../../../shared/domain/call-forwarding.ts';
import { alertHeadersOf } from '../../../../../shared/server/calls/alert-headers.ts';
import type { ExtraHeaders } from '../../../../../shared/sip/transaction/transaction-user.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import { salesGroup } from '../../../../fakes/group-samples.ts';
import { sampleRequest } from '../../../../fakes/sip-pair.ts';

const passed = (headers: ExtraHeaders, from: 'user' | 'trunk' = 'user') =>
  alertHeadersOf(sampleRequest({ headers }), { from, host: 'pbx.test' });
const alerts = (...values: readonly string[]) =>
  passed(values.map((value) => ['Alert-Info', value] as const)).map(([, value]) => value);

describe('how a caller wishes to be announced', () => {
  it.each([
    '<urn:alert:source:internal>',
    '<urn:alert:priority:high>',
    '<http://127.0.0.1>;info=alert-autoanswer;delay=0',
    '<http://127.0.0.1/Bellcore-dr3>',
    'info=alert-autoanswer',
    'info=ring2;delay=2',
  ])('is passed on: %s', (value) => {
    expect(alerts(value)).toEqual([value]);
  });

  it.each([
    '<http://203.0.113.9/ring.wav>',
    '<http://127.0.0.1@203.0.113.9/x>',
    '<http://127.0.0.1:8080/cgi-bin/reboot>',
    '<http://localhost/a/../../b>',
    '<file:///etc/passwd>',
    '<urn:alert:service:recall:hold>',
    '<urn:alert:x>;a=b',
    `info=${'x'.repeat(41)}`,
    '',
  ])('is dropped: %s', (value) => {
    expect(alerts(value)).toEqual([]);
  });

  it('is passed on one by one, three at most', () => {
    expect(
      alerts('<urn:alert:a>, <http://evil.test/>', '<urn:alert:b>,<urn:alert:c>', '<urn:alert:d>'),
    ).toEqual(['<urn:alert:a>', '<urn:alert:b>', '<urn:alert:c>']);
  });

  it.each([
    ['<sip:pbx.test>;answer-after=0', '<sip:pbx.test>;answer-after=0'],
    ['<http://evil.test/>;purpose=icon;answer-after="3"', '<sip:pbx.test>;answer-after=3'],
    [
      '<http://evil.test/i.png>;purpose=icon, <sip:x>;answer-after=2',
      '<sip:pbx.test>;answer-after=2',
    ],
  ])('says after how long to answer, and nothing else: %s', (value, says) => {
    expect(passed([['Call-Info', value]])).toEqual([['Call-Info', says]]);
  });

  it.each([
    '<sip:pbx.test>',
    '<sip:pbx.test>;answer-after=600',
    '<sip:pbx.test>;answer-after=0x',
    '<http://evil.test/i.png>;purpose=icon',
  ])('says nothing: %s', (value) => {
    expect(passed([['Call-Info', value]])).toEqual([]);
  });

  it('is nobody’s from outside: a stranger opens no microphone', () => {
    const wish: ExtraHeaders = [
      ['Call-Info', '<sip:pbx.test>;answer-after=0'],
      ['Alert-Info', 'info=alert-autoanswer'],
    ];
    expect(passed(wish)).toHaveLength(2);
    expect(passed(wish, 'trunk')).toEqual([]);
  });
});

describe('a call whose caller wishes the phone to answer by itself', () => {
  const WISH = {
    headers: [
      ['Call-Info', '<sip:pbx.test>;answer-after=0'],
      ['Alert-Info', '<urn:alert:source:internal>'],
    ],
  } as const;
  const exchange = (always: string | null = null) => {
    const forwardingOf = (id: string) =>
      id === 'u102' ? { ...noForwarding, always } : noForwarding;
    const world = new CallWorld(['101', '102', '103'], { forwardingOf });
    return { world, bob: world.phone('101'), alice: world.phone('102'), carol: world.phone('103') };
  };

  it('says so to the phone that was dialled', async () => {
    const { bob, alice } = exchange();
    bob.dial('102', WISH);
    const { request } = await alice.nextCall();
    expect(request.headers.get('Call-Info')).toMatch(/^<sip:[^>]+>;answer-after=0$/);
    expect(request.headers.get('Alert-Info')).toBe('<urn:alert:source:internal>');
  });

  it('does not say so to whom the call is sent on, by the user, their phone, or to a ring group', async () => {
    const { world, bob, alice, carol } = exchange('103');
    bob.dial('102', WISH);
    const forwarded = await carol.nextCall();
    const other = exchange();
    other.bob.dial('102', WISH);
    (await other.alice.nextCall()).refuse(302, [['Contact', '<sip:103@pbx.test>']]);
    const redirected = await other.carol.nextCall();
    world.groups.saveRingGroup(salesGroup(['102']));
    bob.dial('600', WISH);
    const inGroup = await alice.nextCall();
    for (const { request } of [forwarded, redirected, inGroup]) {
      expect(request.headers.get('Call-Info')).toBeUndefined();
      expect(request.headers.get('Alert-Info')).toBeUndefined();
    }
  });
});
