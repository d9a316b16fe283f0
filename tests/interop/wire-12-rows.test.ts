import { afterEach, describe, expect, it } from 'vitest';
import type { TenantSettingsInput } from '../../shared/config/tenant-settings.ts';
import type { ParkServerOptions } from '../../shared/server/main.ts';
import { parseDialogInfo } from '../../shared/sip/events/dialog-info-reader.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import type { PhoneSubscription } from '../fakes/phone-subscription.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

interface Scene {
  readonly exchange: Exchange;
  /** 101, who parks. */
  readonly bob: SipPhone;
  /** 104, who called Bob. */
  readonly client: SipPhone;
  readonly atBob: PhoneCall;
  readonly atClient: PhoneCall;
}

let exchange: Exchange;
afterEach(() => exchange.close());

async function bobTalksToTheClient(
  settings: TenantSettingsInput = {},
  options: ParkServerOptions & { readonly domains?: readonly string[] } = {},
): Promise<Scene> {
  exchange = await Exchange.start(['101', '102', '103', '104', '105'], settings, options);
  const bob = await exchange.signedIn('101');
  const client = await exchange.signedIn('104');
  const { caller: atClient, callee: atBob } = await exchange.connect(client, bob);
  return { exchange, bob, client, atBob, atClient };
}

/** Bob parks and his leg is released; gives the ParkId. */
async function parked(atBob: PhoneCall, code = '*68102'): Promise<string> {
  const accepted = await atBob.refer(code);
  expect(accepted.status).toBe(202);
  const { status, text } = await atBob.referResult();
  expect(status).toBe(200);
  return /^X-Park-Id: (\S+)/m.exec(text)?.[1] ?? '';
}

const parkedNow = () => exchange.server.calls.parkedCalls(exchange.tenant.id);

function dialogsOf(subscription: PhoneSubscription) {
  const read = parseDialogInfo(subscription.last?.text ?? '');
  if (read.kind !== 'dialog-info') throw new Error(read.reason);
  return read.info.dialogs;
}

describe('bugs the field keeps making (WIRE.md §12)', () => {
  it.each(['*68102', '%2A68102', '*68%23', '*68102%23', '*68'])('row 1: %s parks', async (code) => {
    const { atBob, atClient } = await bobTalksToTheClient();
    await parked(atBob, code);
    expect(exchange.hears(atClient)).toBe('music');
    expect(parkedNow()).toMatchObject([{ slot: code.includes('102') ? '102' : '101' }]);
  });

  it.each([
    ['*68999', 404],
    ['*6810', 484],
    ['*58', 403],
    ['*88', 403],
    ['*88102', 403],
    ['999', 404],
    ['tel:+38612345', 416],
    ['sip:*68102@elsewhere.example?Replaces=nothing%3Bto-tag%3Da%3Bfrom-tag%3Db', 481],
  ])('row 2: a park refused at once (%s: %i) leaves both talking', async (code, status) => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const refused = await atBob.refer(code);
    expect(refused.status).toBe(status);
    expect(refused.headers.get('Reason')).toContain(`cause=${status}`);
    expect(exchange.hears(atClient)).toBe('101');
    expect(exchange.hears(atBob)).toBe('104');
    expect(atBob.notifies).toEqual([]);
    expect(parkedNow()).toEqual([]);
  });

  it('row 2: two Refer-To headers are 400 and change nothing', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const refused = await atBob.refer('*68102', [['Refer-To', '<sip:*68103@127.0.0.1>']]);
    expect(refused.status).toBe(400);
    expect(exchange.hears(atClient)).toBe('101');
  });

  it('row 3: without a BYE from the client the server sends it within 1.5 s', async () => {
    const { atBob } = await bobTalksToTheClient();
    await parked(atBob);
    await atBob.byeReceived(1500);
  });

  it('row 4: a NOTIFY answered 481 harms nothing', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    atBob.answerWith = (request) => (request.method === 'NOTIFY' ? 481 : 200);
    await atBob.refer('*68102');
    await atBob.referResult();
    await atBob.byeReceived();
    expect(exchange.hears(atClient)).toBe('music');
    expect(parkedNow()).toHaveLength(1);
  });

  it('row 5: of two retrievers who race one gets 200 and the other 410 with who took it', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const alice = await exchange.signedIn('102');
    const carol = await exchange.signedIn('103');
    await parked(atBob);
    const tries = [alice.dial('*88102'), carol.dial('*88102')];
    const answers = await Promise.all(tries.map((each) => each.finished()));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 410]);
    const winner = answers[0]?.status === 200 ? '102' : '103';
    const lost = answers.find((answer) => answer.status === 410);
    expect(lost?.headers.get('Reason')).toBe(`SIP;cause=410;text="Retrieved by ${winner}"`);
    await until('the caller hears the winner', () => exchange.hears(atClient) === winner);
  });

  it('row 6: of two parks that race for one slot one gets it and the other keeps its call', async () => {
    const { bob, atBob } = await bobTalksToTheClient({ parkedCallsPerExtension: 1 });
    const carol = await exchange.signedIn('103');
    const other = await exchange.signedIn('105');
    const second = await exchange.connect(other, carol);
    const answers = await Promise.all([atBob.refer('*68102'), second.callee.refer('*68102')]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([202, 486]);
    const loser = answers[0]?.status === 486 ? atBob : second.callee;
    expect(exchange.hears(loser)).toBe(loser.phone === bob ? '104' : '105');
  });

  it('row 7: a stale row never grabs another caller', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const alice = await exchange.signedIn('102');
    const carol = await exchange.signedIn('103');
    const other = await exchange.signedIn('105');
    const first = await parked(atBob);
    const second = await exchange.connect(other, carol);
    await parked(second.callee);
    await atClient.hangUp();
    const stale = await alice.dial(`*88102;park-id=${first.toUpperCase()}`).finished();
    expect(stale.status).toBe(410);
    expect(stale.headers.get('Reason')).toContain('Caller hung up');
    expect(exchange.hears(second.caller)).toBe('music');
    const never = await alice.dial('*88102;park-id=aaaaaaaaaaaaaaaaaaaaaaaaaa').finished();
    expect(never.status).toBe(404);
  });

  it('row 8: a caller who hangs up is gone everywhere within a second', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const alice = await exchange.signedIn('102');
    const carol = await exchange.signedIn('103');
    const lists = [await alice.subscribe('*88'), await carol.subscribe('*88102')];
    await parked(atBob);
    for (const list of lists) await list.shows('the call', (body) => body.includes('>confirmed<'));
    await atClient.hangUp();
    for (const list of lists) {
      const gone = await list.shows('its end', (body) => body.includes('>terminated<'), 1000);
      expect(gone.text).toContain('event="remote-bye"');
    }
    expect(parkedNow()).toEqual([]);
    expect((await alice.dial('*88').finished()).status).toBe(410);
  });

  it('row 9: a list that missed a NOTIFY is right again after a new SUBSCRIBE', async () => {
    const { atBob } = await bobTalksToTheClient();
    const alice = await exchange.signedIn('102');
    const list = await alice.subscribe('*88');
    const parkId = await parked(atBob);
    await list.shows('the call', (body) => body.includes(parkId));
    const before = list.notifies.length;
    expect((await list.refresh()).status).toBe(200);
    await until('a NOTIFY', () => list.notifies.length > before);
    expect(list.last?.text).toContain('state="full"');
    expect(dialogsOf(list).map((dialog) => dialog.id)).toEqual([parkId]);
  });

  it('row 10: a WebSocket that drops while a call is parked finds its list again', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const first = await exchange.app('102', { instance: '00000000-0000-1000-8000-000000000102' });
    await first.phone.subscribe('*88');
    const parkId = await parked(atBob);
    first.drop();
    expect(exchange.hears(atClient)).toBe('music');
    const again = await exchange.app('102', { instance: '00000000-0000-1000-8000-000000000102' });
    const list = await again.phone.subscribe('*88');
    await list.shows('the call', (body) => body.includes(parkId));
    const taken = await again.phone.call(`*88;park-id=${parkId}`);
    await until('they talk', () => exchange.hears(taken) === '104');
  });

  it('row 11: the caller’s identity is there right after a retrieve, by 200 and by UPDATE', async () => {
    const { atBob } = await bobTalksToTheClient();
    const alice = await exchange.signedIn('102');
    await parked(atBob);
    const taken = await alice.call('*88');
    expect(taken.introduction.headers.get('P-Asserted-Identity')).toContain('"User 104" <sip:104@');
    const update = await until('an UPDATE', () =>
      taken.received.find((request) => request.method === 'UPDATE'),
    );
    expect(update.headers.get('P-Asserted-Identity')).toContain('"User 104" <sip:104@');
  });

  it('row 11: the caller’s identity is there on a recall', async () => {
    const { bob, atBob } = await bobTalksToTheClient({ recall: { timerMs: 1000 } });
    const parkId = await parked(atBob);
    const { request } = await bob.nextCall();
    expect(request.from.displayName).toBe('User 104');
    expect(request.from.uri.user).toBe('104');
    expect(request.headers.get('P-Asserted-Identity')).toContain('<sip:104@');
    expect(request.headers.get('X-Park-Id')).toBe(parkId);
  });

  it('row 12: of a call that the parker had dialled, the callee is parked', async () => {
    exchange = await Exchange.start(['101', '102', '104']);
    const bob = await exchange.signedIn('101');
    const client = await exchange.signedIn('104');
    const { caller: atBob, callee: atClient } = await exchange.connect(bob, client);
    await parked(atBob);
    expect(exchange.hears(atClient)).toBe('music');
    expect(parkedNow()).toMatchObject([{ caller: { number: '104' }, parker: '101' }]);
  });

  it('row 13: hold and resume after a retrieve has audio both ways', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const alice = await exchange.signedIn('102');
    await parked(atBob);
    const taken = await alice.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    expect((await taken.hold()).status).toBe(200);
    expect(exchange.hears(atClient)).toBe('music');
    expect((await taken.resume()).status).toBe(200);
    expect(exchange.hears(atClient)).toBe('102');
    expect(exchange.hears(taken)).toBe('104');
  });

  it('row 14: a recall is cancelled when somebody retrieves', async () => {
    const { bob, atBob, atClient } = await bobTalksToTheClient({ recall: { timerMs: 1000 } });
    const alice = await exchange.signedIn('102');
    await parked(atBob);
    const recall = await bob.nextCall();
    recall.ring();
    await alice.call('*88');
    const cancel = await recall.wasCancelled();
    expect(cancel.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    await until('they talk', () => exchange.hears(atClient) === '102');
  });

  it('row 14: a parker’s 200 that crosses the CANCEL gets ACK, then BYE', async () => {
    const { bob, atBob, atClient } = await bobTalksToTheClient({ recall: { timerMs: 1000 } });
    const alice = await exchange.signedIn('102');
    await parked(atBob);
    const recall = await bob.nextCall();
    recall.ring();
    let tooLate: PhoneCall | undefined;
    recall.onCancelled = () => {
      tooLate = recall.answer();
    };
    await alice.call('*88');
    await recall.wasCancelled();
    await tooLate?.byeReceived();
    expect(tooLate?.bye?.headers.get('Reason')).toContain('Call completed elsewhere');
    await until('they talk', () => exchange.hears(atClient) === '102');
  });

  it('row 15: the parker answers the recall and hangs up, and all is cleared', async () => {
    const { bob, atBob, atClient } = await bobTalksToTheClient({ recall: { timerMs: 1000 } });
    const alice = await exchange.signedIn('102');
    const list = await alice.subscribe('*88');
    await parked(atBob);
    await list.shows('the call', (body) => body.includes('>confirmed<'));
    const back = (await bob.nextCall()).answer();
    await until('they talk', () => exchange.hears(back) === '104');
    await list.shows('its end', (body) => body.includes('ended-reason="Went back to User 101"'));
    await back.hangUp();
    await atClient.byeReceived();
    expect(parkedNow()).toEqual([]);
    expect(exchange.server.calls.activeCalls).toBe(0);
    await until('no leg open', () => exchange.media.openLegs.length === 0);
  });

  it('row 16: a parker who is signed out at the recall is tried again, and the caller kept', async () => {
    const { bob, atBob, atClient } = await bobTalksToTheClient({
      recall: { timerMs: 1000, retryMs: 1000 },
    });
    await parked(atBob);
    await bob.register(0);
    const journal = exchange.server.journal;
    await until('an attempt in vain', () =>
      journal
        .history({ tenantId: exchange.tenant.id })
        .some(({ step }) => step.kind === 'recall-unanswered' && step.reason === 'unreachable'),
    );
    expect(exchange.hears(atClient)).toBe('music');
    await bob.register();
    const back = (await bob.nextCall()).answer();
    await until('they talk', () => exchange.hears(back) === '104');
  });

  it('row 18: nothing of one tenant is there for another', async () => {
    const { atBob, bob } = await bobTalksToTheClient({}, { domains: ['127.0.0.1'] });
    const parkId = await parked(atBob);
    exchange.addTenant('other', ['other.test'], ['102', '201']);
    const stranger = await exchange.signedIn('201', { domain: 'other.test' });
    expect((await stranger.dial('*88101').finished()).status).toBe(404);
    expect((await stranger.dial('*88102').finished()).status).toBe(404);
    expect((await stranger.dial(`*88;park-id=${parkId}`).finished()).status).toBe(404);
    const replaces = `${parkId}@park;to-tag=pl;from-tag=pr`;
    expect(
      (await stranger.dial('*88', { headers: [['Replaces', replaces]] }).finished()).status,
    ).toBe(481);
    expect((await stranger.subscribe('*88101')).response?.status).toBe(404);
    expect((await stranger.dial(`sip:*88102@${bob.domain}`).finished()).status).toBe(404);
    const own = await stranger.subscribe('*88102');
    await own.shows('nothing', (body) => !body.includes('<dialog '));
  });

  it('row 19: a REFER in an early dialog is 403 and the call goes on ringing', async () => {
    exchange = await Exchange.start(['101', '102', '104']);
    const bob = await exchange.signedIn('101');
    const client = await exchange.signedIn('104');
    const dialled = bob.dial('104');
    const ringing = await client.nextCall();
    ringing.ring();
    await dialled.ringing();
    const refused = await dialled.referEarly('*68102');
    expect(refused.status).toBe(403);
    const callee = ringing.answer();
    await dialled.answered();
    expect(exchange.hears(callee)).toBe('101');
  });

  it('row 20: the id of a challenged REFER’s NOTIFY is the second CSeq', async () => {
    const { atBob } = await bobTalksToTheClient();
    const before = atBob.dialog.localSequence;
    const accepted = await atBob.refer('*68102');
    expect(accepted.cseq.sequence).toBe(before + 2);
    await atBob.referResult();
    for (const notify of atBob.notifies) {
      expect(notify.headers.get('Event')).toBe(`refer;id=${before + 2}`);
    }
  });

  it('row 21: a second REFER while the first is at work is 491 and changes nothing', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const answers = await Promise.all([atBob.refer('*68102'), atBob.refer('*68103')]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([202, 491]);
    expect(parkedNow()).toHaveLength(1);
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('row 22: markup in a display name stays text', async () => {
    exchange = await Exchange.start(['101', '102']);
    const eve = `<b>"Eve" & 'Co'</b> ]]> \\ é`;
    exchange.addUser('104', eve);
    const bob = await exchange.signedIn('101');
    const client = await exchange.signedIn('104');
    const alice = await exchange.signedIn('102');
    const list = await alice.subscribe('*88');
    const { callee: atBob } = await exchange.connect(client, bob);
    await parked(atBob);
    await list.shows('the call', (body) => body.includes('>confirmed<'));
    expect(dialogsOf(list)[0]?.remote?.identity?.display).toBe(eve);
    const taken = await alice.call('*88');
    expect(taken.introduction.headers.get('P-Asserted-Identity')).toContain('Eve');
    expect(taken.introduction.headers.all('X-Park-Id')).toHaveLength(1);
  });

  it('row 23: settings saved while calls are parked drop nothing and change no recall', async () => {
    const { bob, atBob, atClient } = await bobTalksToTheClient({ recall: { timerMs: 1500 } });
    const alice = await exchange.signedIn('102');
    const list = await alice.subscribe('*88');
    const parkId = await parked(atBob);
    exchange.configure({ recall: { timerMs: 600_000 }, parkedCallsPerExtension: 1 });
    await list.shows('the call', (body) => body.includes(parkId));
    expect(exchange.hears(atClient)).toBe('music');
    await bob.nextCall();
  });

  it('row 23: a lamp that the new settings close is taken away', async () => {
    await bobTalksToTheClient();
    const carol = await exchange.signedIn('103');
    const lamp = await carol.subscribe('*88102');
    exchange.configure({ watch: 'own' });
    await lamp.shows(
      'the end',
      (_body, { headers }) =>
        headers.get('Subscription-State')?.startsWith('terminated;reason=rejected') === true,
    );
    expect((await carol.subscribe('*88102')).response?.status).toBe(403);
  });

  it('row 24: a parker in no group is told so', async () => {
    const { atBob, atClient, bob } = await bobTalksToTheClient();
    const refused = await atBob.refer('*58');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('Reason')).toBe('SIP;cause=403;text="No park group"');
    expect(exchange.hears(atClient)).toBe('101');
    await atBob.hold();
    expect((await bob.dial('*58').finished()).status).toBe(403);
  });

  it('row 26: parked on one device, retrieved on another of the same extension', async () => {
    const { atBob, atClient } = await bobTalksToTheClient();
    const laptop = await exchange.signedIn('101', {
      instance: '00000000-0000-1000-8000-000000000101',
    });
    await parked(atBob, '*68');
    const taken = await laptop.call('*88');
    await until('they talk', () => exchange.hears(taken) === '104');
    expect(exchange.hears(atClient)).toBe('101');
  });
});
