import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('park by dialling the code', () => {
  const clock = new FakeClock();
  let exchange: Exchange;
  let bob: SipPhone;
  let client: SipPhone;
  let atBob: PhoneCall;
  let atClient: PhoneCall;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '103', '104', '105'], {}, { clock });
    bob = await exchange.signedIn('101');
    client = await exchange.signedIn('104');
    ({ caller: atClient, callee: atBob } = await exchange.connect(client, bob));
  });
  afterEach(() => exchange.close());

  const parkedNow = () => exchange.server.calls.parkedCalls(exchange.tenant.id);

  it('parks the held call, confirms with a tone, and releases the old leg with the confirmation', async () => {
    await atBob.hold();
    const confirmation = await bob.call('*68102');
    expect(confirmation.introduction.headers.get('X-Park-Slot')).toBe('102');
    await until('the tone', () => exchange.hears(confirmation) === 'confirm');
    expect(exchange.hears(atClient)).toBe('music');
    expect(parkedNow()).toMatchObject([{ slot: '102', caller: { number: '104' } }]);
    expect(atBob.ended).toBe(false);
    await confirmation.hangUp();
    await atBob.byeReceived();
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('releases both legs after five seconds', async () => {
    await atBob.hold();
    const confirmation = await bob.call('*68');
    clock.advance(4_900);
    expect(atBob.ended).toBe(false);
    clock.advance(200);
    await Promise.all([atBob.byeReceived(), confirmation.byeReceived()]);
    expect(parkedNow()).toHaveLength(1);
  });

  it('parks the only active call of a phone that does not hold', async () => {
    await bob.call('*68102');
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('parks the call that was held last', async () => {
    await atBob.hold();
    clock.advance(1000);
    const carol = await exchange.signedIn('103');
    const second = await exchange.connect(bob, carol);
    await second.caller.hold();
    await bob.call('*68102');
    expect(exchange.hears(second.callee)).toBe('music');
    expect(parkedNow()).toMatchObject([{ caller: { number: '103' } }]);
  });

  it('refuses with 403 where there is no call, and where several are active', async () => {
    const carol = await exchange.signedIn('103');
    const none = await carol.dial('*68102').finished();
    expect(none.status).toBe(403);
    expect(none.headers.get('Reason')).toContain('No call to park');
    await exchange.connect(bob, carol);
    expect((await bob.dial('*68102').finished()).status).toBe(403);
  });

  it('never takes a call of another device of the same user', async () => {
    const desk = await exchange.signedIn('101', {
      instance: '00000000-0000-1000-8000-000000000001',
    });
    await atBob.hold();
    expect((await desk.dial('*68102').finished()).status).toBe(403);
    expect(parkedNow()).toEqual([]);
  });

  it('refuses a full slot with 486 and leaves the call held', async () => {
    exchange.configure({ parkedCallsPerExtension: 1 });
    const carol = await exchange.signedIn('103');
    const other = await exchange.signedIn('105');
    const second = await exchange.connect(other, carol);
    expect((await second.callee.refer('*68102')).status).toBe(202);
    await atBob.hold();
    expect((await bob.dial('*68102').finished()).status).toBe(486);
    await atBob.resume();
    expect(exchange.hears(atClient)).toBe('101');
  });

  it('takes an attended transfer onto the code for the same park', async () => {
    await atBob.hold();
    const confirmation = await bob.call('*68102');
    const parkId = confirmation.introduction.headers.get('X-Park-Id');
    const replaces = encodeURIComponent(confirmation.replaces);
    const accepted = await atBob.refer(`sip:*68102@127.0.0.1?Replaces=${replaces}`);
    expect(accepted.status).toBe(202);
    const result = await atBob.referResult();
    expect(result.status).toBe(200);
    expect(result.text).toContain(`X-Park-Id: ${parkId}`);
    await Promise.all([atBob.byeReceived(), confirmation.byeReceived()]);
    expect(parkedNow()).toHaveLength(1);
  });

  it('still takes it up to 32 s after the window', async () => {
    await atBob.hold();
    const confirmation = await bob.call('*68102');
    clock.advance(5_000);
    await Promise.all([atBob.byeReceived(), confirmation.byeReceived()]);
    clock.advance(31_000);
    const replaces = encodeURIComponent(confirmation.replaces);
    const target = `sip:*68102@127.0.0.1?Replaces=${replaces}`;
    expect((await atBob.refer(target)).status).toBe(202);
    expect((await atBob.referResult()).status).toBe(200);
    clock.advance(2_000);
    expect((await atBob.refer(target)).status).toBe(481);
  });

  it('refuses an attended transfer that names nothing with 481', async () => {
    await atBob.hold();
    await bob.call('*68102');
    const replaces = encodeURIComponent('nothing;to-tag=a;from-tag=b');
    const refused = await atBob.refer(`sip:*68102@127.0.0.1?Replaces=${replaces}`);
    expect(refused.status).toBe(481);
  });
});
