import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingCall } from '../fakes/outgoing-call.ts';
import type { IncomingCall } from '../fakes/incoming-call.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

let exchange: Exchange;
let bob: SipPhone;
let alice: SipPhone;
let carol: SipPhone;
let dave: SipPhone;

beforeEach(async () => {
  exchange = await Exchange.start(['101', '102', '103', '104']);
  bob = await exchange.signedIn('101');
  alice = await exchange.signedIn('102');
  carol = await exchange.signedIn('103');
  dave = await exchange.signedIn('104');
});
afterEach(() => exchange.close());

/** Whom the server said last that a phone talks to. */
const asserted = (call: PhoneCall): string | undefined =>
  call.received.findLast(({ method }) => method === 'UPDATE')?.headers.get('P-Asserted-Identity');

const onto = (replaces: string): string =>
  `sip:103@127.0.0.1?Replaces=${encodeURIComponent(replaces)}`;

describe('a transfer onto a call that still rings', () => {
  /** Bob talks to Alice, holds her, and makes Carol's phone ring. */
  let atBob: PhoneCall;
  let atAlice: PhoneCall;
  let dialled: OutgoingCall;
  let ringing: IncomingCall;

  beforeEach(async () => {
    ({ caller: atBob, callee: atAlice } = await exchange.connect(bob, alice));
    await atBob.hold();
    dialled = bob.dial('103');
    ringing = await carol.nextCall();
  });

  it('lets the other side wait in the transferor’s place, and the phone go on ringing', async () => {
    ringing.ring();
    await dialled.ringing();
    expect((await atBob.refer(onto(dialled.replaces))).status).toBe(202);
    expect((await dialled.finished()).status).toBe(487);
    expect(exchange.hears(atAlice)).toBe('ringback');
    expect([ringing.cancelled, carol.incoming.length]).toEqual([undefined, 0]);

    const atCarol = ringing.answer();
    expect((await atBob.referResult()).status).toBe(200);
    expect(atBob.fragments.map((text) => text.split('\r\n')[0])).toEqual([
      'SIP/2.0 100 Trying',
      'SIP/2.0 180 Ringing',
      'SIP/2.0 200 OK',
    ]);
    expect(exchange.hears(atAlice)).toBe('103');
    expect(exchange.hears(atCarol)).toBe('102');
    await until(
      'their displays',
      () => asserted(atAlice) !== undefined && asserted(atCarol) !== undefined,
    );
    expect(asserted(atAlice)).toContain('<sip:103@');
    expect(asserted(atCarol)).toContain('<sip:102@');
    await atBob.byeReceived();
    expect(exchange.server.calls.activeCalls).toBe(1);
  });

  it('lets the other side hear what the transferor heard of the phone', async () => {
    ringing.ringAloud();
    await dialled.ringing(183);
    expect((await atBob.refer(onto(dialled.replaces))).status).toBe(202);
    expect(exchange.legOf(atAlice).hearing.kind).toBe('bridge');
    ringing.answer();
    await until('they talk', () => exchange.hears(atAlice) === '103');
  });

  it('gives the call back when the target refuses after all', async () => {
    ringing.ring();
    await dialled.ringing();
    await atBob.refer(onto(dialled.replaces));
    ringing.refuse(486);
    expect((await atBob.referResult()).status).toBe(486);
    await atBob.resume();
    expect(exchange.hears(atAlice)).toBe('101');
  });

  it('goes on without a transferor who hangs up everything on the 202', async () => {
    ringing.ring();
    await dialled.ringing();
    await atBob.refer(onto(dialled.replaces));
    dialled.cancel();
    await atBob.hangUp();
    ringing.answer();
    await until('they talk', () => exchange.hears(atAlice) === '103');
  });

  it('stops the ringing when whoever waits hangs up', async () => {
    ringing.ring();
    await dialled.ringing();
    await atBob.refer(onto(dialled.replaces));
    await atAlice.hangUp();
    await ringing.wasCancelled();
    expect((await atBob.referResult()).status).toBe(487);
  });

  it('is refused with 481 when the call that rings is somebody else’s, and nothing changes', async () => {
    ringing.ring();
    await dialled.ringing();
    const second = await exchange.connect(dave, alice);
    expect((await second.caller.refer(onto(dialled.replaces))).status).toBe(481);
    expect(dialled.final).toBeUndefined();
    expect((await atBob.refer(onto(ringing.replaces))).status).toBe(481);
  });

  it('spares an answered call when it is for ringing ones only', async () => {
    ringing.answer();
    const second = await dialled.answered();
    expect((await atBob.refer(onto(`${second.replaces};early-only`))).status).toBe(486);
    expect((await atBob.refer(onto(second.replaces))).status).toBe(202);
    await until('they talk', () => exchange.hears(atAlice) === '103');
  });
});

describe('an INVITE whose Replaces names a ringing phone', () => {
  it('takes the call in its place', async () => {
    const dialled = bob.dial('103');
    const ringing = await carol.nextCall();
    ringing.ring();
    await dialled.ringing();
    const headers = [['Replaces', `${ringing.replaces};early-only`]] as const;
    const atDave = await dave.call('103', { headers });
    const cancel = await ringing.wasCancelled();
    expect(cancel.headers.get('Reason')).toContain('Call completed elsewhere');
    const atBob = await dialled.answered();
    await until('they talk', () => exchange.hears(atBob) === '104');
    expect(exchange.hears(atDave)).toBe('101');
    expect(atDave.introduction.headers.get('P-Asserted-Identity')).toContain('<sip:101@');
  });

  it('cannot take the place of whoever calls: 481', async () => {
    const dialled = bob.dial('103');
    const ringing = await carol.nextCall();
    ringing.ring();
    await dialled.ringing();
    const headers = [['Replaces', dialled.replaces]] as const;
    expect((await dave.dial('103', { headers }).finished()).status).toBe(481);
    expect(ringing.cancelled).toBeUndefined();
  });
});

describe('an attended transfer to another server', () => {
  it('is refused with 404 where this one is not meant, and the call stays', async () => {
    const pbx = await Exchange.start(['101', '102'], {}, { domains: ['pbx.test'] });
    const domain = 'pbx.test';
    const [from, to] = [
      await pbx.signedIn('101', { domain }),
      await pbx.signedIn('102', { domain }),
    ];
    pbx.addTenant('other', ['other.test'], ['101']);
    const { caller, callee } = await pbx.connect(from, to);
    const nothing = encodeURIComponent('their-call;to-tag=a;from-tag=b');
    const refer = (host: string) => caller.refer(`sip:900@${host}?Replaces=${nothing}`);
    expect((await refer('far.example')).status).toBe(404);
    expect((await refer(domain)).status).toBe(481);
    expect(pbx.hears(callee)).toBe('101');
    await pbx.close();
  });
});
