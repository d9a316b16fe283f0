import { describe, expect, it } from 'vitest';
import { formatUri } from '../../../../../shared/sip/message/uri.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { PhoneCall } from '../../../../fakes/phone-call.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';
import type { ExtraHeaders } from '../../../../../shared/sip/transaction/transaction-user.ts';

const NO_UPDATE = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY';

interface Talk {
  readonly world: CallWorld;
  readonly bob: SipPhone;
  readonly client: SipPhone;
  readonly atBob: PhoneCall;
  readonly atClient: PhoneCall;
}

/** Bob answers the client with these headers; `allow` is what Bob's phone takes. */
async function talk(
  answer: ExtraHeaders,
  { allow, dial = [] }: { readonly allow?: string; readonly dial?: ExtraHeaders } = {},
): Promise<Talk> {
  const world = new CallWorld(['101', '102', '104']);
  const bob = world.phone('101', 'udp', undefined, allow === undefined ? {} : { allow });
  const client = world.phone('104', 'udp', ['PCMU']);
  const dialled = client.dial('101', { headers: dial });
  const atBob = (await bob.nextCall()).answer(answer);
  const atClient = await dialled.answered();
  await world.pass(10);
  return { world, bob, client, atBob, atClient };
}

const weRefresh: ExtraHeaders = [
  ['Require', 'timer'],
  ['Session-Expires', '120;refresher=uac'],
];
const offersTimer: ExtraHeaders = [
  ['Supported', 'timer'],
  ['Session-Expires', '120;refresher=uac'],
];

const refreshes = (call: PhoneCall) =>
  call.received.filter(({ method }) => method === 'INVITE' || method === 'UPDATE');

/** Session-Expires and Min-SE of our refreshes. */
const sessions = (call: PhoneCall) =>
  refreshes(call).map(
    ({ headers }) => `${headers.get('Session-Expires')}/${headers.get('Min-SE') ?? ''}`,
  );

describe('the session timer of a call that we refresh', () => {
  it('is refreshed by re-INVITE where the phone takes no UPDATE', async () => {
    const { world, atBob, atClient } = await talk(weRefresh, { allow: NO_UPDATE });
    await world.pass(200_000);
    const [first] = refreshes(atBob);
    expect(first?.method).toBe('INVITE');
    expect(first?.headers.get('Session-Expires')).toBe('120;refresher=uac');
    expect(refreshes(atBob)).toHaveLength(3);
    expect([atBob.ended, atClient.ended]).toEqual([false, false]);
    expect(world.media.openLegs.map(({ hearing }) => hearing.kind)).toEqual(['bridge', 'bridge']);
  });

  it('is refreshed by re-INVITE where the phone answers UPDATE with 405', async () => {
    const { world, atBob } = await talk(weRefresh);
    atBob.answerWith = ({ method }) => (method === 'UPDATE' ? 405 : 200);
    await world.pass(61_000);
    expect(refreshes(atBob).map(({ method }) => method)).toEqual(['UPDATE', 'INVITE']);
  });

  it('is refreshed where the phone is, once its answer says that it has moved (RFC 3311 §5.1)', async () => {
    const { world, bob, atBob } = await talk(weRefresh);
    world.reconnect(bob);
    await world.pass(130_000);
    const [before, after] = refreshes(atBob).map(({ uri }) => `<${formatUri(uri)}>`);
    expect(before).not.toBe(bob.contact);
    expect(after).toBe(bob.contact);
  });

  it('is refreshed again soon when the refresh was turned away for the moment', async () => {
    const { world, atBob } = await talk(weRefresh);
    let turnedAway = 0;
    atBob.answerWith = ({ method }) => (method === 'UPDATE' && (turnedAway += 1) === 1 ? 500 : 200);
    await world.pass(80_000);
    expect(refreshes(atBob)).toHaveLength(2);
  });

  it('asks for what the phone puts up with when that is more, at once and from then on', async () => {
    const { world, atBob } = await talk(weRefresh);
    atBob.answerHeaders = [['Min-SE', '240']];
    atBob.answerWith = ({ method }) =>
      method === 'UPDATE' && refreshes(atBob).length === 1 ? 422 : 200;
    await world.pass(61_000);
    expect(sessions(atBob)).toEqual(['120;refresher=uac/', '240;refresher=uac/240']);
    await world.pass(118_000);
    expect(refreshes(atBob)).toHaveLength(2);
    await world.pass(3_000);
    expect(sessions(atBob).at(-1)).toBe('240;refresher=uac/240');
    expect(refreshes(atBob)).toHaveLength(3);
  });

  it('asks so too where it is refreshed by re-INVITE', async () => {
    const { world, atBob } = await talk(weRefresh, { allow: NO_UPDATE });
    atBob.answerHeaders = [['Min-SE', '240']];
    atBob.answerWith = () => (refreshes(atBob).length === 1 ? 422 : 200);
    await world.pass(61_000);
    expect(refreshes(atBob).map(({ method }) => method)).toEqual(['INVITE', 'INVITE']);
    expect(sessions(atBob)[1]).toBe('240;refresher=uac/240');
    expect(atBob.ended).toBe(false);
  });

  it.each(['90', '90000', 'soon'])(
    'does not hammer a phone whose 422 asks for %s',
    async (least) => {
      const { world, atBob } = await talk(weRefresh);
      atBob.answerHeaders = [['Min-SE', least]];
      atBob.answerWith = ({ method }) => (method === 'UPDATE' ? 422 : 200);
      await world.pass(68_000);
      expect(refreshes(atBob)).toHaveLength(2);
      expect(sessions(atBob)[1]).toBe('120;refresher=uac/');
    },
  );

  it('goes on when one refresh found no answer and the next sign of life did', async () => {
    const { world, atBob } = await talk(weRefresh);
    let lost = 0;
    atBob.silent = ({ method }) => method === 'UPDATE' && (lost += 1) <= 7;
    await world.pass(60_000 + 32_000 + 31_000);
    expect(refreshes(atBob).length).toBeGreaterThan(1);
    expect(atBob.ended).toBe(false);
  });
});

describe('the session timer of a phone that is told whom it talks to now', () => {
  it('stays as it is: an UPDATE refreshes the session too', async () => {
    const { world, bob, atBob, atClient } = await talk(weRefresh);
    const alice = world.phone('102');
    const dialled = bob.dial('102');
    const atAlice = (await alice.nextCall()).answer();
    const second = await dialled.answered();
    await world.pass(10);
    await second.refer(`sip:104@pbx.test?Replaces=${encodeURIComponent(atBob.replaces)}`);
    await world.pass(10);
    const [update] = atClient.received.filter(({ method }) => method === 'UPDATE');
    expect(update?.headers.get('P-Asserted-Identity')).toContain('<sip:102@');
    expect(update?.headers.has('Session-Expires')).toBe(false);
    expect([atAlice.ended, atClient.ended]).toEqual([false, false]);
  });

  it('and the phone that refreshes is asked to go on doing so', async () => {
    const { world, bob, atBob, atClient } = await talk([], { dial: offersTimer });
    const alice = world.phone('102');
    const dialled = bob.dial('102');
    (await alice.nextCall()).answer();
    const second = await dialled.answered();
    await world.pass(10);
    await second.refer(`sip:104@pbx.test?Replaces=${encodeURIComponent(atBob.replaces)}`);
    await world.pass(10);
    const [update] = atClient.received.filter(({ method }) => method === 'UPDATE');
    expect(update?.headers.get('Session-Expires')).toBe('120;refresher=uas');
    expect(update?.headers.get('Supported')).toBe('timer');
  });
});

describe('the session timer of a call that the phone refreshes', () => {
  it('is kept up by a re-INVITE of ours, with the roles as they were', async () => {
    const { world, atClient } = await parkedAndTakenByAnotherCodec();
    const ours = refreshes(atClient).find(({ method }) => method === 'INVITE');
    expect(ours?.headers.get('Session-Expires')).toBe('120;refresher=uas');
    expect(atClient.ended).toBe(false);
    expect(world.parked).toEqual([]);
  });

  it('is not kept up by a re-INVITE that was refused', async () => {
    const { world, atClient } = await talk([], { dial: offersTimer });
    await world.pass(50_000);
    const body = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n';
    const asked = { body, contentType: 'application/sdp', headers: offersTimer };
    expect((await atClient.request('INVITE', asked)).status).toBe(488);
    await world.pass(40_000);
    expect(atClient.ended).toBe(true);
  });

  it('does not end the call when the phone leaves it out of its answer to a re-INVITE', async () => {
    const { world, atClient } = await parkedAndTakenByAnotherCodec();
    await world.pass(200_000);
    expect(atClient.ended).toBe(false);
  });
});

/** The client's phone refreshes; a desk phone without its codec takes the call, so that the client is re-INVITEd. */
async function parkedAndTakenByAnotherCodec(): Promise<{ world: CallWorld; atClient: PhoneCall }> {
  const world = new CallWorld(['101', '102', '104']);
  const client = world.phone('104', 'ws', ['opus', 'PCMU']);
  const bob = world.phone('101', 'ws', ['opus', 'PCMU']);
  const dialled = client.dial('101', { headers: offersTimer });
  const atBob = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  await atBob.refer('*68102');
  await atBob.referResult();
  await atBob.hangUp();
  await world.phone('102').call('*88');
  await world.pass(100);
  return { world, atClient };
}
