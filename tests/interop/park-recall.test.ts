import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseParkId } from '../../shared/domain/ids.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('recall', () => {
  let clock: FakeClock;
  let exchange: Exchange;
  let bob: SipPhone;
  let alice: SipPhone;
  let client: SipPhone;
  let atClient: PhoneCall;
  let parkId: string;

  beforeEach(async () => {
    clock = new FakeClock();
    exchange = await Exchange.start(['101', '102', '104'], {}, { clock });
    bob = await exchange.signedIn('101');
    alice = await exchange.signedIn('102');
    client = await exchange.signedIn('104');
    const { caller, callee } = await exchange.connect(client, bob);
    atClient = caller;
    await callee.refer('*68102');
    const { text } = await callee.referResult();
    parkId = /^X-Park-Id: (\S+)/m.exec(text)?.[1] ?? '';
    await callee.hangUp();
  });
  afterEach(() => exchange.close());

  const parkedNow = () => exchange.server.calls.parkedCalls(exchange.tenant.id);
  const recalled = async () => {
    clock.advance(300_000);
    return bob.nextCall();
  };

  it('rings the parker when the recall timer runs out, and not before', async () => {
    clock.advance(299_999);
    expect(parkedNow()).toMatchObject([{ state: 'parked' }]);
    clock.advance(1);
    const { request } = await bob.nextCall();
    expect(request.headers.get('X-Park-Recall')).toContain('attempt=1;slot=102;');
    expect(parkedNow()).toMatchObject([{ state: 'recalling' }]);
    expect(alice.incoming).toEqual([]);
  });

  it('rings every device of the parker and calls the others off', async () => {
    const desk = await exchange.signedIn('101', {
      instance: '00000000-0000-1000-8000-000000000001',
    });
    const atBob = await recalled();
    const atDesk = await desk.nextCall();
    atDesk.ring();
    const back = atBob.answer();
    const cancel = await atDesk.wasCancelled();
    expect(cancel.headers.get('Reason')).toContain('Call completed elsewhere');
    await until('they talk', () => exchange.hears(back) === '104');
  });

  it.each([
    ['refused', 603],
    ['refused', 486],
    ['unanswered', 480],
    ['unanswered', 408],
  ] as const)('is %s by a %i and tried again after 10 s', async (reason, status) => {
    (await recalled()).refuse(status);
    await until('parked again', () => parkedNow()[0]?.state === 'parked');
    const [line] = exchange.server.journal.history({ tenantId: exchange.tenant.id });
    expect(line?.step).toEqual({ kind: 'recall-unanswered', attempt: 1, reason });
    clock.advance(9_999);
    expect(bob.incoming).toEqual([]);
    clock.advance(1);
    const { request } = await bob.nextCall();
    expect(request.headers.get('X-Park-Recall')).toContain('attempt=2;');
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('stops ringing after one recall time, with CANCEL, and tries again', async () => {
    const first = await recalled();
    first.ring();
    await new Promise((resolve) => setTimeout(resolve, 30));
    clock.advance(300_000);
    await first.wasCancelled();
    await bob.register();
    clock.advance(10_000);
    (await bob.nextCall()).answer();
    await until('they talk', () => exchange.hears(atClient) === '101');
  });

  it('rings again at once when a retrieve that had stopped it fails', async () => {
    const first = await recalled();
    first.ring();
    const dialled = alice.dial('*88');
    dialled.acknowledge = false;
    await dialled.answered();
    await first.wasCancelled();
    clock.advance(5_000);
    const again = await bob.nextCall();
    expect(again.request.headers.get('X-Park-Recall')).toContain('attempt=2;');
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('ends with the caller who hangs up while it rings', async () => {
    const ringing = await recalled();
    ringing.ring();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await atClient.hangUp();
    expect((await ringing.wasCancelled()).headers.get('Reason')).toContain('Caller hung up');
    expect(parkedNow()).toEqual([]);
  });

  it('rings the slot’s owner when the parker was deleted', async () => {
    exchange.server.provisioning.removeUser(exchange.tenant, '101');
    clock.advance(300_000);
    const atAlice = await alice.nextCall();
    atAlice.answer();
    await until('they talk', () => exchange.hears(atClient) === '102');
  });

  it('is put off by one recall time with the snooze code', async () => {
    clock.advance(200_000);
    const snoozed = await alice.call(`*89;park-id=${parkId}`);
    await until('the tone', () => exchange.hears(snoozed) === 'confirm');
    exchange.media.finishPlayback(exchange.legOf(snoozed));
    await snoozed.byeReceived();
    clock.advance(299_999);
    expect(bob.incoming).toEqual([]);
    clock.advance(1);
    await bob.nextCall();
  });

  it('is not for others to snooze', async () => {
    const stranger = client;
    expect((await stranger.dial('*89102').finished()).status).toBe(403);
    expect((await stranger.dial('*89').finished()).status).toBe(404);
    expect((await stranger.dial(`*89;park-id=${parkId}`).finished()).status).toBe(403);
  });

  it('is put off by a press on Snooze, by those in whose list the call is', () => {
    const { calls } = exchange.server;
    const [id, nowhere] = [parseParkId(parkId), parseParkId('a'.repeat(26))];
    if (id === null || nowhere === null) throw new Error('not a ParkId');
    clock.advance(200_000);
    expect(calls.snooze(exchange.user('104'), id)).toBe('not-permitted');
    expect(calls.snooze(exchange.user('102'), nowhere)).toBe('nothing-parked');
    expect(parkedNow()[0]?.recallAt).toBe(clock.now() + 100_000);
    expect(calls.snooze(exchange.user('102'), id)).toBe('snoozed');
    expect(parkedNow()[0]?.recallAt).toBe(clock.now() + 300_000);
  });
});
