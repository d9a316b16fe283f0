import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

let exchange: Exchange;
let bob: SipPhone;
let client: SipPhone;

beforeEach(async () => {
  exchange = await Exchange.start(['101', '102', '104']);
  bob = await exchange.signedIn('101');
  client = await exchange.signedIn('104');
});
afterEach(() => exchange.close());

/** The server's legs that are bridged now, by the names of what they are legs of. */
const bridged = (): number =>
  exchange.media.legs.filter(({ hearing }) => hearing.kind === 'bridge').length;

describe('a phone that can be heard before it answers', () => {
  it('is heard: 183 with an answer, and the 200 brings the same', async () => {
    const dialled = client.dial('101');
    const ringing = await bob.nextCall();
    ringing.ringAloud();
    const progress = await dialled.ringing(183);
    expect(progress.contentType).toBe('application/sdp');
    expect(progress.toTag).toBeDefined();
    expect(bridged()).toBe(2);

    const atBob = ringing.answer();
    const call = await dialled.answered();
    expect(dialled.final?.text).toBe(progress.text);
    await until('they talk', () => exchange.hears(call) === '101');
    expect(exchange.hears(atBob)).toBe('104');
  });

  it('ends with its refusal, and nothing is left', async () => {
    const dialled = client.dial('101');
    const ringing = await bob.nextCall();
    ringing.ringAloud();
    await dialled.ringing(183);
    ringing.refuse(486);
    expect((await dialled.finished()).status).toBe(486);
    expect(exchange.media.legs.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('is only heard ringing by a caller who made no offer', async () => {
    const dialled = client.dial('101', { offerless: true });
    const ringing = await bob.nextCall();
    ringing.ringAloud();
    expect((await dialled.ringing(180)).text).toBe('');
    const atBob = ringing.answer();
    await dialled.answered();
    await until('they talk', () => exchange.hears(atBob) === '104');
  });

  it('is only heard ringing while the user’s other device rings too', async () => {
    await exchange.signedIn('101', { instance: '00000000-0000-4000-8000-000000000002' });
    const dialled = client.dial('101');
    (await bob.nextCall()).ringAloud();
    expect((await dialled.ringing(180)).text).toBe('');
    expect(dialled.provisional.map(({ status }) => status)).not.toContain(183);
  });

  it('is heard by whoever is transferred to it', async () => {
    const carol = await exchange.signedIn('102');
    const { caller, callee } = await exchange.connect(client, bob);
    await callee.refer('102');
    const ringing = await carol.nextCall();
    ringing.ringAloud();
    await until('a 183 in the report', () =>
      callee.fragments.some((text) => text.startsWith('SIP/2.0 183')),
    );
    ringing.ring();
    await until('only one of them', () => bridged() === 2);
    const atCarol = ringing.answer();
    expect(callee.fragments.some((text) => text.startsWith('SIP/2.0 180'))).toBe(false);
    await until('they talk', () => exchange.hears(caller) === '102');
    expect(exchange.hears(atCarol)).toBe('104');
  });
});

describe('a phone that finds the session timer too short', () => {
  it('is called again with the interval it asks for', async () => {
    const dialled = client.dial('101');
    const first = await bob.nextCall();
    first.refuse(422, [['Min-SE', '1800']]);
    const second = await bob.nextCall();
    expect(second.request.callId).toBe(first.request.callId);
    expect(second.request.cseq.sequence).toBe(2);
    expect(second.request.headers.get('Session-Expires')).toBe('1800');
    expect(second.request.headers.get('Min-SE')).toBe('1800');
    const atBob = second.answer();
    await dialled.answered();
    expect(exchange.hears(atBob)).toBe('104');
  });

  it('is not called for ever', async () => {
    const dialled = client.dial('101');
    (await bob.nextCall()).refuse(422, [['Min-SE', '1800']]);
    (await bob.nextCall()).refuse(422, [['Min-SE', '1800']]);
    expect((await dialled.finished()).status).toBeGreaterThanOrEqual(400);
    expect(bob.incoming).toEqual([]);
  });
});
