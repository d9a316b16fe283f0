import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('retrieve', () => {
  const clock = new FakeClock();
  let exchange: Exchange;
  let bob: SipPhone;
  let alice: SipPhone;
  let client: SipPhone;
  let atClient: PhoneCall;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '103', '104', '105'], {}, { clock });
    bob = await exchange.signedIn('101');
    alice = await exchange.signedIn('102');
  });
  afterEach(() => exchange.close());

  const parkedNow = () => exchange.server.calls.parkedCalls(exchange.tenant.id);
  const steps = () =>
    exchange.server.journal.history({ tenantId: exchange.tenant.id }).map(({ step }) => step.kind);

  /** A caller (by default a phone of 104) is parked by Bob on a slot; gives the ParkId. */
  async function park(caller?: SipPhone, code = '*68102', headers = {}): Promise<string> {
    client = caller ?? (await exchange.signedIn('104'));
    const dialled = client.dial('101', headers);
    const atBob = (await bob.nextCall()).answer();
    atClient = await dialled.answered();
    await atBob.refer(code);
    const { text } = await atBob.referResult();
    await atBob.hangUp();
    return /^X-Park-Id: (\S+)/m.exec(text)?.[1] ?? '';
  }

  it('plays music until the ACK, then bridges', async () => {
    await park();
    const dialled = alice.dial('*88102');
    dialled.acknowledge = false;
    const taken = await dialled.answered();
    expect(exchange.hears(atClient)).toBe('music');
    expect(parkedNow()).toMatchObject([{ state: 'retrieving' }]);
    dialled.ack();
    await until('they talk', () => exchange.hears(taken) === '104');
    expect(exchange.hears(atClient)).toBe('102');
  });

  it('plays music to a WebRTC retriever’s caller until DTLS is up', async () => {
    exchange.media.connectAtOnce = false;
    const { phone } = await exchange.app('103');
    await park();
    const taken = await phone.call('*88102');
    await until('ACK', () => exchange.legOf(taken).remoteSdp !== '');
    expect(exchange.hears(atClient)).toBe('music');
    exchange.legOf(taken).connect();
    await until('they talk', () => exchange.hears(taken) === '104');
  });

  it('gives the call back to the lot when no ACK comes in 5 s, with the time that was left', async () => {
    await park();
    const before = parkedNow()[0]?.recallAt;
    const dialled = alice.dial('*88102');
    dialled.acknowledge = false;
    const taken = await dialled.answered();
    clock.advance(5_000);
    await taken.byeReceived();
    expect(parkedNow()).toMatchObject([{ state: 'parked', recallAt: before }]);
    const again = await alice.call('*88102');
    await until('they talk', () => exchange.hears(again) === '104');
    expect(steps()).toEqual(['retrieved', 'parked']);
  });

  it('gives the call back when media never comes up', async () => {
    exchange.media.connectAtOnce = false;
    const { phone } = await exchange.app('103');
    await park();
    const taken = await phone.call('*88102');
    await until('ACK', () => exchange.server.calls.activeCalls > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(10_000);
    await taken.byeReceived();
    expect(parkedNow()).toMatchObject([{ state: 'parked' }]);
  });

  it('gives the call back when the retriever hangs up before the bridge', async () => {
    exchange.media.connectAtOnce = false;
    const { phone } = await exchange.app('103');
    await park();
    const taken = await phone.call('*88102');
    await taken.hangUp();
    await until('parked again', () => parkedNow()[0]?.state === 'parked');
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('refuses unusable SDP with 488 and keeps the call', async () => {
    await park();
    const body = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n';
    expect((await alice.dial('*88102', { body }).finished()).status).toBe(488);
    expect(parkedNow()).toMatchObject([{ state: 'parked' }]);
  });

  it('says 404 where nothing is parked, and 404 again 30 s after the last one ended', async () => {
    expect((await alice.dial('*88').finished()).status).toBe(404);
    await park();
    const taken = await alice.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    expect((await alice.dial('*88').finished()).status).toBe(410);
    clock.advance(31_000);
    expect((await alice.dial('*88').finished()).status).toBe(404);
  });

  it('remembers an id for a day and no longer', async () => {
    const parkId = await park();
    const taken = await alice.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    clock.advance(3_600_000);
    await alice.register();
    const late = await alice.dial(`*88102;park-id=${parkId}`).finished();
    expect(late.status).toBe(410);
    expect(late.headers.get('Reason')).toBe('SIP;cause=410;text="Retrieved by 102"');
    clock.advance(23 * 3_600_000 + 1);
    await alice.register();
    expect((await alice.dial(`*88102;park-id=${parkId}`).finished()).status).toBe(404);
  });

  it('takes the oldest by code and the named one by id', async () => {
    const first = await park();
    const other = await exchange.signedIn('105');
    clock.advance(10);
    const second = await park(other);
    const named = await alice.call(`*88102;park-id=${second}`);
    await until('the second talks', () => exchange.hears(named) === '105');
    const oldest = await exchange.signedIn('103').then((carol) => carol.call('*88102'));
    await until('the first talks', () => exchange.hears(oldest) === '104');
    expect(oldest.introduction.headers.get('X-Park-Id')).toBe(first);
  });

  it.each(['to-tag=pl;from-tag=pr', 'to-tag=pr;from-tag=pl', 'to-tag=pr;from-tag=pl;early-only'])(
    'retrieves by an INVITE whose Replaces names the published dialog (%s)',
    async (tags) => {
      const parkId = await park();
      const headers = [['Replaces', `${parkId}@park;${tags}`]] as const;
      const taken = await alice.call('102', { headers });
      await until('they talk', () => exchange.hears(taken) === '104');
      const again = await bob.dial('102', { headers }).finished();
      expect(again.status).toBe(410);
    },
  );

  it('answers 481 to a Replaces of a published dialog that never was', async () => {
    const headers = [['Replaces', `${'a'.repeat(26)}@park;to-tag=pl;from-tag=pr`]] as const;
    expect((await alice.dial('102', { headers }).finished()).status).toBe(481);
  });

  it('hides a caller who asked for privacy everywhere', async () => {
    const list = await alice.subscribe('*88');
    await park(undefined, '*68102', { headers: [['Privacy', 'id']] });
    const shown = await list.shows('the call', (body) => body.includes('>confirmed<'));
    expect(shown.text).toContain('display="Anonymous"');
    expect(shown.text).toContain('sip:anonymous@anonymous.invalid');
    expect(shown.text).not.toContain('104');
    const taken = await alice.call('*88');
    const identity = taken.introduction.headers.get('P-Asserted-Identity');
    expect(identity).toBe('"Anonymous" <sip:anonymous@anonymous.invalid>');
    for (const line of exchange.server.journal.history({ tenantId: exchange.tenant.id })) {
      expect(line.caller).toEqual({ name: 'Anonymous', number: 'anonymous', anonymous: true });
    }
  });

  it('honours the tenant’s word on who may retrieve', async () => {
    exchange.configure({ retrieveBy: 'owner' });
    const parkId = await park();
    const carol = await exchange.signedIn('103');
    expect((await carol.dial('*88102').finished()).status).toBe(403);
    const byId = () => carol.dial(`*88;park-id=${parkId}`).finished();
    expect((await byId()).status).toBe(404);
    expect((await alice.dial('*88102').finished()).status).toBe(200);
    expect((await byId()).status).toBe(404);
  });

  it('re-INVITEs the caller for a common codec before it answers the retriever', async () => {
    const { phone } = await exchange.app('104', { codecs: ['opus', 'PCMU'] });
    const bobsApp = await exchange.app('103', { codecs: ['opus', 'PCMU'] });
    const dialled = phone.dial('103');
    const atBob = (await bobsApp.phone.nextCall()).answer();
    atClient = await dialled.answered();
    await atBob.refer('*68102');
    await atBob.referResult();
    const desk = await exchange.signedIn('102', { codecs: ['PCMU'] });
    const taken = await desk.call('*88');
    const reinvite = atClient.received.find((request) => request.method === 'INVITE');
    expect(reinvite?.text).toMatch(/^m=audio \d+ UDP\/TLS\/RTP\/SAVPF 0 126/m);
    await until('they talk', () => exchange.hears(taken) === '104');
  });

  it('says 488 when the caller refuses the common codec, and keeps the call parked', async () => {
    const { phone } = await exchange.app('104', { codecs: ['opus', 'PCMU'] });
    const bobsApp = await exchange.app('103', { codecs: ['opus', 'PCMU'] });
    const dialled = phone.dial('103');
    const atBob = (await bobsApp.phone.nextCall()).answer();
    atClient = await dialled.answered();
    await atBob.refer('*68102');
    await atBob.referResult();
    atClient.answerWith = (request) => (request.method === 'INVITE' ? 488 : 200);
    const desk = await exchange.signedIn('102', { codecs: ['PCMU'] });
    expect((await desk.dial('*88').finished()).status).toBe(488);
    expect(parkedNow()).toMatchObject([{ state: 'parked' }]);
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('ends the retriever’s call when the caller hangs up before the bridge', async () => {
    await park();
    const dialled = alice.dial('*88102');
    dialled.acknowledge = false;
    const taken = await dialled.answered();
    await atClient.hangUp();
    expect(steps()[0]).toBe('abandoned');
    if (dialled.final === undefined) throw new Error('not answered');
    taken.ack(dialled.final);
    expect((await taken.byeReceived()).headers.get('Reason')).toContain('cause=480');
  });

  it('completes an attended transfer with a leg that retrieved, and refuses REFER to the code', async () => {
    const carol = await exchange.signedIn('103');
    const first = await exchange.connect(alice, carol);
    expect((await first.caller.refer('*88102')).status).toBe(403);
    await park();
    await first.caller.hold();
    const taken = await alice.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    const replaces = encodeURIComponent(taken.replaces);
    const accepted = await first.caller.refer(`sip:*88102@127.0.0.1?Replaces=${replaces}`);
    expect(accepted.status).toBe(202);
    await until('carol and the client talk', () => exchange.hears(atClient) === '103');
  });

  it('answers a parked caller’s own hold and resume, and the music goes on', async () => {
    await park();
    expect((await atClient.hold()).status).toBe(200);
    expect((await atClient.resume()).status).toBe(200);
    expect(exchange.hears(atClient)).toBe('music');
    expect((await atClient.refer('103')).status).toBe(403);
  });
});
