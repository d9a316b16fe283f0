import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('a plain call between two phones over UDP', () => {
  let exchange: Exchange;
  beforeEach(async () => {
    exchange = await Exchange.start();
  });
  afterEach(() => exchange.close());

  it('rings the callee with the caller’s name and connects the two', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    const dialled = bob.dial('102');
    const ringing = await alice.nextCall();
    expect(ringing.request.headers.get('P-Asserted-Identity')).toContain('"User 101" <sip:101@');
    ringing.ring();
    await dialled.ringing();
    const callee = ringing.answer();
    const caller = await dialled.answered();
    expect(exchange.hears(caller)).toBe('102');
    expect(exchange.hears(callee)).toBe('101');
  });

  it('ends both sides when either hangs up', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    const first = await exchange.connect(bob, alice);
    expect((await first.caller.hangUp()).status).toBe(200);
    await first.callee.byeReceived();
    const second = await exchange.connect(bob, alice);
    await second.callee.hangUp();
    await second.caller.byeReceived();
    await until('no leg open', () => exchange.media.openLegs.length === 0);
    expect(exchange.server.calls.activeCalls).toBe(0);
  });

  it('rings every device, connects the first to answer and tells the others that it was answered elsewhere', async () => {
    const bob = await exchange.signedIn('101');
    const desk = await exchange.signedIn('102', {
      instance: '00000000-0000-1000-8000-000000000001',
    });
    const laptop = await exchange.signedIn('102', {
      instance: '00000000-0000-1000-8000-000000000002',
    });
    const dialled = bob.dial('102');
    const [atDesk, atLaptop] = [await desk.nextCall(), await laptop.nextCall()];
    atDesk.ring();
    atLaptop.ring();
    await dialled.ringing();
    atLaptop.answer();
    const caller = await dialled.answered();
    const cancel = await atDesk.wasCancelled();
    expect(cancel.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    expect(exchange.hears(caller)).toBe('102');
  });

  it('ends a second answer that crosses the CANCEL', async () => {
    const bob = await exchange.signedIn('101');
    const desk = await exchange.signedIn('102', {
      instance: '00000000-0000-1000-8000-000000000001',
    });
    const laptop = await exchange.signedIn('102', {
      instance: '00000000-0000-1000-8000-000000000002',
    });
    const dialled = bob.dial('102');
    const [atDesk, atLaptop] = [await desk.nextCall(), await laptop.nextCall()];
    const [first, second] = [atDesk.answer(), atLaptop.answer()];
    await dialled.answered();
    const ended = await until('one of them ended', () =>
      [first, second].find((call) => call.ended),
    );
    expect(ended.bye?.headers.get('Reason')).toContain('Call completed elsewhere');
    const kept = ended === first ? second : first;
    expect(kept.ended).toBe(false);
  });

  it('stops ringing when the caller gives up', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    const dialled = bob.dial('102');
    const ringing = await alice.nextCall();
    ringing.ring();
    await dialled.ringing();
    dialled.cancel();
    await ringing.wasCancelled();
    expect((await dialled.finished()).status).toBe(487);
    await until('no leg open', () => exchange.media.openLegs.length === 0);
  });

  it.each([
    [486, 486],
    [603, 603],
    [480, 480],
    [500, 480],
    [488, 488],
  ])('turns a device’s %i into %i', async (said, told) => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    const dialled = bob.dial('102');
    (await alice.nextCall()).refuse(said);
    expect((await dialled.finished()).status).toBe(told);
  });

  it('says 480 for an extension that is signed in nowhere and 404 for one that does not exist', async () => {
    const bob = await exchange.signedIn('101');
    const nobody = await bob.dial('102').finished();
    expect(nobody.status).toBe(480);
    const unknown = await bob.dial('999').finished();
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('Reason')).toContain('cause=404');
  });

  it('refuses a stranger', async () => {
    const stranger = await exchange.phone('101', { password: 'wrong' });
    await exchange.signedIn('102');
    expect((await stranger.dial('102').finished()).status).toBe(401);
  });

  it('answers an INVITE without an offer with an offer of its own', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    const dialled = bob.dial('102', { offerless: true });
    (await alice.nextCall()).answer();
    const caller = await dialled.answered();
    await until('both hear each other', () => exchange.hears(caller) === '102');
  });

  it('refuses audio that it cannot take with 488', async () => {
    const bob = await exchange.signedIn('101');
    await exchange.signedIn('102');
    const body = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n';
    expect((await bob.dial('102', { body }).finished()).status).toBe(488);
  });

  it('hides a caller who asks for privacy', async () => {
    const bob = await exchange.signedIn('101');
    const alice = await exchange.signedIn('102');
    bob.dial('102', { headers: [['Privacy', 'id']] });
    const { request } = await alice.nextCall();
    expect(request.from.displayName).toBe('Anonymous');
    expect(request.from.uri.host).toBe('anonymous.invalid');
    expect(request.headers.get('P-Asserted-Identity')).not.toContain('101');
  });
});
