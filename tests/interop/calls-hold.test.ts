import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('inside a call', () => {
  const clock = new FakeClock();
  let exchange: Exchange;
  let bob: SipPhone;
  let atBob: PhoneCall;
  let atAlice: PhoneCall;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102'], {}, { clock });
    bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    ({ caller: atBob, callee: atAlice } = await exchange.connect(bob, alice));
  });
  afterEach(() => exchange.close());

  it.each(['INVITE', 'UPDATE'] as const)('plays music to who is held by %s', async (method) => {
    expect((await atBob.reinvite('sendonly', method)).status).toBe(200);
    expect(exchange.hears(atAlice)).toBe('music');
    expect(exchange.hears(atBob)).toBe('silence');
    expect((await atBob.reinvite('sendrecv', method)).status).toBe(200);
    expect(exchange.hears(atAlice)).toBe('101');
    expect(exchange.hears(atBob)).toBe('102');
  });

  it('counts inactive as hold too', async () => {
    await atBob.reinvite('inactive');
    expect(exchange.hears(atAlice)).toBe('music');
  });

  it('plays nothing to two who hold each other', async () => {
    await atBob.hold();
    await atAlice.hold();
    expect(exchange.hears(atBob)).toBe('silence');
    expect(exchange.hears(atAlice)).toBe('silence');
    await atBob.resume();
    expect(exchange.hears(atBob)).toBe('music');
  });

  it('never sends the held side a re-INVITE', async () => {
    await atBob.hold();
    await atBob.resume();
    expect(atAlice.received).toEqual([]);
  });

  it('answers a second INVITE before the first one’s ACK with 500 and Retry-After', async () => {
    const first = await atBob.reinviteUnacknowledged();
    expect(first.status).toBe(200);
    const second = await atBob.reinvite('sendonly');
    expect(second.status).toBe(500);
    expect(Number(second.headers.get('Retry-After'))).toBeLessThanOrEqual(10);
    atBob.ack(first);
    await until('the two hear each other', () => exchange.hears(atAlice) === '101');
    expect((await atBob.hold()).status).toBe(200);
  });

  it('answers a re-INVITE without an offer with an offer', async () => {
    const response = await atBob.reinviteOfferless();
    expect(response.status).toBe(200);
    expect(response.text).toContain('m=audio');
    await until('the two hear each other', () => exchange.hears(atAlice) === '101');
  });

  it('refuses an offer that it cannot take with 488 and goes on as before', async () => {
    const bad = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n';
    const refused = await atBob.request('INVITE', { body: bad, contentType: 'application/sdp' });
    expect(refused.status).toBe(488);
    expect(exchange.hears(atAlice)).toBe('101');
    expect((await atBob.hold()).status).toBe(200);
  });

  it('turns DTMF by INFO into telephone events for the other side', async () => {
    const body = 'Signal=5\r\nDuration=160\r\n';
    const sent = await atBob.request('INFO', { body, contentType: 'application/dtmf-relay' });
    expect(sent.status).toBe(200);
    expect(exchange.legOf(atAlice).sentDigits).toEqual([{ digit: '5', durationMs: 160 }]);
  });

  it('answers OPTIONS with what it can do', async () => {
    const answer = await atBob.request('OPTIONS');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Allow')).toContain('REFER');
  });

  it('answers 481 in a dialog that is over or never was', async () => {
    await atBob.hangUp();
    expect((await bob.send(atBob.dialog.createRequest('OPTIONS'))).status).toBe(481);
  });

  it('refuses an unknown method with 405', async () => {
    expect((await atBob.request('PUBLISH')).status).toBe(405);
  });

  it('agrees to a session timer and takes its refreshes', async () => {
    await atBob.hangUp();
    await atAlice.byeReceived();
    const alice = atAlice.phone as SipPhone;
    const dialled = bob.dial('102', {
      headers: [
        ['Supported', 'timer'],
        ['Session-Expires', '120;refresher=uac'],
      ],
    });
    const callee = (await alice.nextCall()).answer();
    const caller = await dialled.answered();
    expect(caller.introduction.headers.get('Session-Expires')).toBe('120;refresher=uac');
    expect(caller.introduction.headers.get('Require')).toBe('timer');
    clock.advance(60_000);
    const refresh = await caller.request('UPDATE', {
      headers: [
        ['Supported', 'timer'],
        ['Session-Expires', '120;refresher=uac'],
      ],
    });
    expect(refresh.status).toBe(200);
    expect(refresh.headers.get('Session-Expires')).toBe('120;refresher=uac');
    clock.advance(80_000);
    expect(callee.ended).toBe(false);
    clock.advance(20_000);
    await callee.byeReceived();
    await caller.byeReceived();
  });

  it('refuses a session timer that is too short with 422', async () => {
    const refused = await bob
      .dial('102', {
        headers: [
          ['Session-Expires', '30'],
          ['Supported', 'timer'],
        ],
      })
      .finished();
    expect(refused.status).toBe(422);
    expect(refused.headers.get('Min-SE')).toBe('90');
  });

  it('ends the call when a phone without session timers fails two OPTIONS', async () => {
    atAlice.answerWith = () => 408;
    clock.advance(30_000);
    await until('the first OPTIONS', () => atAlice.received.length >= 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(atBob.ended).toBe(false);
    clock.advance(30_000);
    await atBob.byeReceived();
  });

  it('ends the call when a WebRTC leg shows no sign of life', async () => {
    const { phone } = await exchange.app('102');
    const dialled = bob.dial('102');
    const atApp = (await phone.nextCall()).answer();
    const caller = await dialled.answered();
    exchange.legOf(atApp).goAway('stun-silence');
    await caller.byeReceived();
    expect((await atApp.byeReceived()).headers.get('Reason')).toContain('No sign of life');
  });
});
