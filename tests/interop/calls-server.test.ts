import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('calls from outside', () => {
  let exchange: Exchange;
  let bob: SipPhone;
  let trunk: SipPhone;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102']);
    exchange.addTrunk('outside');
    bob = await exchange.signedIn('101');
    trunk = await exchange.phone('outside');
  });
  afterEach(() => exchange.close());

  const asserted = [['P-Asserted-Identity', '"Client" <sip:003386002678@127.0.0.1>']] as const;

  it('take the caller’s identity from P-Asserted-Identity, from ringing to retrieve', async () => {
    const alice = await exchange.signedIn('102');
    const dialled = trunk.dial('101', { headers: asserted });
    const ringing = await bob.nextCall();
    expect(ringing.request.headers.get('P-Asserted-Identity')).toBe(
      '"Client" <sip:003386002678@127.0.0.1>',
    );
    expect(ringing.request.from.displayName).toBe('Client');
    const atBob = ringing.answer();
    await dialled.answered();
    await atBob.refer('*68102');
    await atBob.referResult();
    const taken = await alice.call('*88');
    expect(taken.introduction.headers.get('P-Asserted-Identity')).toBe(
      '"Client" <sip:003386002678@127.0.0.1>',
    );
  });

  it.each(['*88', '*88101', '*68101', '*89'])('may not use the code %s', async (code) => {
    expect((await trunk.dial(code).finished()).status).toBe(404);
  });

  it('may not park, and may not watch', async () => {
    const dialled = trunk.dial('101', { headers: asserted });
    (await bob.nextCall()).answer();
    const call = await dialled.answered();
    expect((await call.refer('*68101')).status).toBe(404);
    expect((await trunk.subscribe('*88')).response?.status).toBe(404);
  });

  it('do not believe a user about P-Asserted-Identity', async () => {
    const alice = await exchange.signedIn('102');
    bob.dial('102', { headers: [...asserted, ['X-Park-Id', 'a'.repeat(26)]] });
    const { request } = await alice.nextCall();
    expect(request.headers.get('P-Asserted-Identity')).toContain('<sip:101@');
    expect(request.headers.has('X-Park-Id')).toBe(false);
  });
});

describe('a server that stops', () => {
  let exchange: Exchange;
  let bob: SipPhone;
  let atBob: PhoneCall;
  let atClient: PhoneCall;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '104']);
    bob = await exchange.signedIn('101');
    const client = await exchange.signedIn('104');
    ({ caller: atClient, callee: atBob } = await exchange.connect(client, bob));
  });
  afterEach(() => exchange.close());

  it('takes no new park and no new call, lets calls end, and stops with the last', async () => {
    const alice = await exchange.signedIn('102');
    const stopped = exchange.server.close({ graceMs: 30_000 });
    const refused = await atBob.refer('*68102');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await alice.dial('101').finished()).status).toBe(503);
    expect(exchange.hears(atClient)).toBe('101');
    await atBob.hangUp();
    await stopped;
  });

  it('lets a parked call be taken while it stops', async () => {
    const alice = await exchange.signedIn('102');
    await atBob.refer('*68102');
    await atBob.referResult();
    await atBob.hangUp();
    const stopped = exchange.server.close({ graceMs: 30_000 });
    const taken = await alice.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    await taken.hangUp();
    await stopped;
  });

  it('ends what is left at once when it is asked again, in a hurry', async () => {
    const first = exchange.server.close({ graceMs: 60_000 });
    await exchange.server.close({ graceMs: 0 });
    await first;
    expect((await atClient.byeReceived()).headers.get('Reason')).toContain('cause=503');
  });

  it('ends what is left with a BYE and a Reason, and journals parked calls as lost', async () => {
    const alice = await exchange.signedIn('102');
    const second = await exchange.connect(alice, bob);
    await atBob.refer('*68102');
    await atBob.referResult();
    await exchange.server.close({ graceMs: 0 });
    const bye = await atClient.byeReceived();
    expect(bye.headers.get('Reason')).toBe('SIP;cause=503;text="The server is stopping"');
    await second.caller.byeReceived();
    expect(exchange.journalAfterStop().map(({ step }) => step.kind)).toEqual(['lost', 'parked']);
  });
});
