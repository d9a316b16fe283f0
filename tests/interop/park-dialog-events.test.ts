import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDialogInfo } from '../../shared/sip/events/dialog-info-reader.ts';
import type { DialogEntry } from '../../shared/sip/events/dialog-info.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import type { PhoneSubscription } from '../fakes/phone-subscription.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('dialog events', () => {
  const clock = new FakeClock();
  let exchange: Exchange;
  let bob: SipPhone;
  let alice: SipPhone;
  let carol: SipPhone;
  let client: SipPhone;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '103', '104', '105'], {}, { clock });
    bob = await exchange.signedIn('101');
    alice = await exchange.signedIn('102');
    carol = await exchange.signedIn('103');
    client = await exchange.signedIn('104');
  });
  afterEach(() => exchange.close());

  async function park(code = '*68102', from = client): Promise<[string, PhoneCall]> {
    const { caller, callee } = await exchange.connect(from, bob);
    await callee.refer(code, [['X-Park-Note', 'invoice']]);
    const { text } = await callee.referResult();
    await callee.hangUp();
    return [/^X-Park-Id: (\S+)/m.exec(text)?.[1] ?? '', caller];
  }

  function shownBy(subscription: PhoneSubscription): readonly DialogEntry[] {
    const read = parseDialogInfo(subscription.last?.text ?? '');
    if (read.kind !== 'dialog-info') throw new Error(read.reason);
    return read.info.dialogs;
  }

  const isLive = (body: string) => body.includes('>confirmed<');

  it('answers 200 with a Contact before the first NOTIFY, which is never without a body', async () => {
    const list = await alice.subscribe('*88');
    expect(list.response?.headers.get('Contact')).toMatch(/^<sip:/);
    expect(list.response?.headers.get('Expires')).toBe('600');
    const first = await list.shows('nothing', (body) => body.includes('<dialog-info'));
    expect(first.contentType).toBe('application/dialog-info+xml');
    expect(first.headers.get('Subscription-State')).toBe('active;expires=600');
    expect(first.text).toContain('state="full"');
    expect(shownBy(list)).toEqual([]);
  });

  it('tells those in scope everything', async () => {
    const list = await alice.subscribe('*88');
    const [parkId] = await park();
    await list.shows('the call', isLive);
    expect(shownBy(list)).toMatchObject([
      {
        id: parkId,
        callId: `${parkId}@park`,
        localTag: 'pl',
        remoteTag: 'pr',
        direction: 'recipient',
        local: {
          identity: { display: 'Parked on 102', uri: 'sip:*88102@127.0.0.1' },
          target: { uri: `sip:*88102@127.0.0.1;park-id=${parkId}` },
        },
        remote: { identity: { display: 'User 104', uri: 'sip:104@127.0.0.1' } },
        parkedCall: {
          slot: '102',
          parker: '101',
          parkerName: 'User 101',
          recallTo: 'parker',
          state: 'parked',
          note: 'invoice',
          parkedAt: clock.now(),
          recallAt: clock.now() + 300_000,
        },
      },
    ]);
  });

  it('shows the parker and the slot’s owner the call in *88, and nobody else', async () => {
    const lists = await Promise.all([bob, alice, carol].map((phone) => phone.subscribe('*88')));
    await park();
    await lists[0]?.shows('the call', isLive);
    await lists[1]?.shows('the call', isLive);
    await alice.call('*88');
    await lists[1]?.shows('its end', (body) => body.includes('>terminated<'));
    expect(lists[2]?.notifies).toHaveLength(1);
  });

  it('lights a colleague’s lamp with slot and state only', async () => {
    const lamp = await carol.subscribe('*88102');
    const [parkId] = await park();
    const lit = await lamp.shows('the light', isLive);
    expect(lit.text).not.toContain(parkId);
    expect(lit.text).not.toContain('104');
    expect(lit.text).not.toContain('101');
    expect(lit.text).not.toContain('invoice');
    const [shown] = shownBy(lamp);
    expect(shown?.parkedCall).toMatchObject({ slot: '102', state: 'parked' });
    await alice.call('*88');
    await lamp.shows('the end', (body) => body.includes('>terminated<'));
    expect(shownBy(lamp)[0]?.id).toBe(shown?.id);
  });

  it('tells an end once and then no more', async () => {
    const list = await alice.subscribe('*88');
    const [first] = await park();
    await list.shows('the call', (body) => body.includes(first));
    await alice.call('*88');
    await list.shows('its end', (body) => body.includes('>terminated<'));
    const other = await exchange.signedIn('105');
    const [second] = await park('*68102', other);
    await list.shows('the next', (body) => body.includes(second));
    expect(shownBy(list).map((dialog) => dialog.id)).toEqual([second]);
  });

  it('lists several calls oldest first', async () => {
    const [first] = await park();
    clock.advance(10);
    const [second] = await park('*68102', await exchange.signedIn('105'));
    const list = await alice.subscribe('*88');
    await list.shows('both', (body) => body.includes(second));
    expect(shownBy(list).map((dialog) => dialog.id)).toEqual([first, second]);
  });

  it('counts versions up by one from zero', async () => {
    const list = await alice.subscribe('*88');
    await park();
    await list.refresh();
    await alice.call('*88');
    await list.shows('its end', (body) => body.includes('>terminated<'));
    const versions = list.notifies.map(({ text }) => {
      const read = parseDialogInfo(text);
      return read.kind === 'dialog-info' ? read.info.version : undefined;
    });
    expect(versions).toEqual(versions.map((_, index) => index));
  });

  it('says early instead of confirmed where the tenant or the make of phone wants it', async () => {
    exchange.configure({ userAgentRules: [{ userAgent: 'OldDesk', dialogState: 'early' }] });
    const desk = await exchange.signedIn('102', { userAgent: 'OldDesk/2' });
    const [old, modern] = [await desk.subscribe('*88'), await alice.subscribe('*88')];
    await park();
    await old.shows('early', (body) => body.includes('<state>early</state>'));
    await modern.shows('confirmed', (body) => body.includes('<state>confirmed</state>'));
  });

  it('shows a plain extension’s own calls and never parked ones', async () => {
    const lamp = await carol.subscribe('102');
    await lamp.shows('idle', (body) => !body.includes('<dialog '));
    await park();
    const dialled = bob.dial('102');
    const ringing = await alice.nextCall();
    ringing.ring();
    const early = await lamp.shows('ringing', (body) => body.includes('>early<'));
    expect(early.text).not.toContain('User 101');
    ringing.answer();
    const caller = await dialled.answered();
    await lamp.shows('busy', isLive);
    expect(shownBy(lamp)).toMatchObject([{ direction: 'recipient', state: { kind: 'confirmed' } }]);
    await caller.hangUp();
    await lamp.shows('the end', (body) => body.includes('>terminated<'));
    expect(lamp.notifies.every(({ text }) => !text.includes('parked-call '))).toBe(true);
  });

  it('ends with a last NOTIFY when it is unsubscribed', async () => {
    const list = await alice.subscribe('*88');
    expect((await list.refresh(0)).status).toBe(200);
    await list.shows(
      'the end',
      (_body, { headers }) => headers.get('Subscription-State')?.startsWith('terminated') === true,
    );
    expect((await list.refresh()).status).toBe(481);
  });

  it('answers one look with one NOTIFY', async () => {
    const [parkId] = await park();
    const look = await alice.subscribe('*88', { expires: 0 });
    const only = await look.shows('the call', (body) => body.includes(parkId));
    expect(only.headers.get('Subscription-State')).toMatch(/^terminated/);
  });

  it.each([
    ['another event', '*88', { event: 'presence' }, 489],
    ['another body', '*88', { accept: 'application/pidf+xml' }, 406],
    ['too short a life', '*88', { expires: 10 }, 423],
    ['an unknown extension', '*88999', {}, 404],
    ['the beginning of an extension', '*8810', {}, 484],
    ['a group that is not there', '*58', {}, 403],
    ['a park code', '*68102', {}, 404],
    ['nobody', '777', {}, 404],
  ])('refuses %s', async (_what, target, options, status) => {
    const refused = await alice.subscribe(target, options);
    expect(refused.response?.status).toBe(status);
    if (status === 489) expect(refused.response?.headers.get('Allow-Events')).toContain('dialog');
    if (status === 423) expect(refused.response?.headers.get('Min-Expires')).toBe('60');
  });

  it('drops a subscription whose NOTIFY is answered 481', async () => {
    const list = await alice.subscribe('*88');
    await list.shows('nothing', (body) => body.includes('<dialog-info'));
    list.answerWith = 481;
    await park();
    await until('the NOTIFY', () => list.notifies.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await list.refresh()).status).toBe(481);
  });

  it('takes the list away from a user who is removed', async () => {
    const list = await alice.subscribe('*88');
    exchange.server.provisioning.removeUser(exchange.tenant, '102');
    await list.shows(
      'the end',
      (_body, { headers }) => headers.get('Subscription-State') === 'terminated;reason=rejected',
    );
  });

  it('deactivates every subscription when the server stops', async () => {
    const list = await alice.subscribe('*88');
    const closing = exchange.server.close({ graceMs: 0 });
    await list.shows(
      'the end',
      (_body, { headers }) => headers.get('Subscription-State') === 'terminated;reason=deactivated',
    );
    await closing;
  });

  it('answers 489 to a NOTIFY that nobody asked for', async () => {
    expect((await alice.stray('NOTIFY', [['Event', 'park-info']])).status).toBe(489);
  });
});
