import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('transfer', () => {
  let exchange: Exchange;
  let bob: SipPhone;
  let alice: SipPhone;
  let carol: SipPhone;
  /** Bob's and Alice's sides of one call. */
  let atBob: PhoneCall;
  let atAlice: PhoneCall;

  beforeEach(async () => {
    exchange = await Exchange.start();
    bob = await exchange.signedIn('101');
    alice = await exchange.signedIn('102');
    carol = await exchange.signedIn('103');
    ({ caller: atBob, callee: atAlice } = await exchange.connect(bob, alice));
  });
  afterEach(() => exchange.close());

  it('hands the other side to who answers, tells how it goes and releases the transferor', async () => {
    expect((await atBob.refer('103')).status).toBe(202);
    const ringing = await carol.nextCall();
    expect(ringing.request.headers.get('P-Asserted-Identity')).toContain('<sip:102@');
    expect(ringing.request.headers.get('Referred-By')).toContain('sip:101@');
    ringing.ring();
    await until('ringback', () => exchange.hears(atAlice) === 'ringback');
    const atCarol = ringing.answer();
    expect((await atBob.referResult()).status).toBe(200);
    expect(atBob.fragments.map((text) => text.split('\r\n')[0])).toEqual([
      'SIP/2.0 100 Trying',
      'SIP/2.0 180 Ringing',
      'SIP/2.0 200 OK',
    ]);
    await atBob.byeReceived(1500);
    expect(exchange.hears(atAlice)).toBe('103');
    expect(exchange.hears(atCarol)).toBe('102');
  });

  it('gives the call back when the target is busy', async () => {
    await atBob.refer('103');
    (await carol.nextCall()).refuse(486);
    expect((await atBob.referResult()).status).toBe(486);
    await until('the two talk', () => exchange.hears(atAlice) === '101');
    expect(atBob.ended).toBe(false);
    expect((await atBob.refer('103')).status).toBe(202);
  });

  it('goes on without a transferor who hangs up on the 202', async () => {
    await atBob.refer('103');
    await atBob.hangUp();
    const atCarol = (await carol.nextCall()).answer();
    await until('they talk', () => exchange.hears(atCarol) === '102');
    expect(atAlice.ended).toBe(false);
  });

  it('stops when the other side hangs up meanwhile', async () => {
    await atBob.refer('103');
    const ringing = await carol.nextCall();
    ringing.ring();
    await until('ringback', () => exchange.hears(atAlice) === 'ringback');
    await atAlice.hangUp();
    await ringing.wasCancelled();
    expect((await atBob.referResult()).status).toBe(487);
    await atBob.byeReceived();
  });

  it('joins the far sides of two calls by Refer-To with Replaces', async () => {
    await atBob.hold();
    const second = await exchange.connect(bob, carol);
    const replaces = encodeURIComponent(second.caller.replaces);
    expect((await atBob.refer(`sip:103@127.0.0.1?Replaces=${replaces}`)).status).toBe(202);
    expect((await atBob.referResult()).status).toBe(200);
    expect(exchange.hears(atAlice)).toBe('103');
    expect(exchange.hears(second.callee)).toBe('102');
    const shown = (call: PhoneCall) =>
      call.received.find(({ method }) => method === 'UPDATE')?.headers.get('P-Asserted-Identity');
    await until('their displays', () => shown(atAlice)?.includes('<sip:103@'));
    await until('both', () => shown(second.callee)?.includes('<sip:102@'));
    await Promise.all([atBob.byeReceived(), second.caller.byeReceived()]);
    expect(exchange.server.calls.activeCalls).toBe(1);
  });

  it('refuses a Replaces that names nothing with 481, and the call stays', async () => {
    const nothing = encodeURIComponent('no-such-call;to-tag=a;from-tag=b');
    expect((await atBob.refer(`sip:103@127.0.0.1?Replaces=${nothing}`)).status).toBe(481);
    expect(exchange.hears(atAlice)).toBe('101');
  });

  it('lets an INVITE with Replaces take a leg’s place', async () => {
    const desk = await exchange.signedIn('101', {
      instance: '00000000-0000-1000-8000-000000000001',
    });
    const taken = await desk.call('102', { headers: [['Replaces', atBob.replaces]] });
    await until('they talk', () => exchange.hears(taken) === '102');
    expect((await atBob.byeReceived()).headers.get('Reason')).toContain('Replaced');
    expect(atAlice.ended).toBe(false);
  });

  it('answers 481 to an INVITE whose Replaces matches nothing', async () => {
    const headers = [['Replaces', 'nothing;to-tag=a;from-tag=b']] as const;
    expect((await carol.dial('102', { headers }).finished()).status).toBe(481);
  });

  it('does not let somebody else REFER in a dialog that is not theirs', async () => {
    const stolen = carol.adopt(atBob);
    expect((await stolen.refer('103')).status).toBe(403);
    expect(exchange.hears(atAlice)).toBe('101');
  });
});
