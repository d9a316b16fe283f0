import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDialogInfo } from '../../shared/sip/events/dialog-info-reader.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import type { PhoneSubscription } from '../fakes/phone-subscription.ts';
import type { SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

const clock = new FakeClock();
let exchange: Exchange;
let bob: SipPhone;
let alice: SipPhone;
let carol: SipPhone;
let client: SipPhone;

beforeEach(async () => {
  exchange = await Exchange.start(['101', '102', '103', '104'], {}, { clock });
  bob = await exchange.signedIn('101');
  alice = await exchange.signedIn('102');
  carol = await exchange.signedIn('103');
  client = await exchange.signedIn('104');
});
afterEach(() => exchange.close());

/** The client calls Bob, who parks on 102. */
async function parked(): Promise<{ readonly atClient: PhoneCall; readonly parkId: string }> {
  const { caller, callee } = await exchange.connect(client, bob);
  await callee.refer('*68102');
  const { text } = await callee.referResult();
  await callee.hangUp();
  return { atClient: caller, parkId: /^X-Park-Id: (\S+)/m.exec(text)?.[1] ?? '' };
}

function shownBy(subscription: PhoneSubscription) {
  const read = parseDialogInfo(subscription.last?.text ?? '');
  if (read.kind !== 'dialog-info') throw new Error(read.reason);
  return read.info.dialogs;
}

describe('a busy lamp', () => {
  it('is lit while its owner talks to a call that they retrieved', async () => {
    const own = await alice.subscribe('102');
    const lamp = await carol.subscribe('102');
    await parked();
    const call = await alice.call('*88');
    await lamp.shows('a call', (body) => body.includes('>confirmed<'));
    await own.shows('the client', (body) => body.includes('sip:104@'));
    expect(shownBy(own)).toMatchObject([{ direction: 'initiator', state: { kind: 'confirmed' } }]);
    await call.hangUp();
    await lamp.shows('its end', (body) => body.includes('>terminated<'));
  });

  it('is lit for both when the callee answers without ringing', async () => {
    const [ofBob, ofAlice] = [await carol.subscribe('101'), await carol.subscribe('102')];
    const { caller } = await exchange.connect(bob, alice);
    await ofBob.shows('a call', (body) => body.includes('>confirmed<'));
    await ofAlice.shows('a call', (body) => body.includes('>confirmed<'));
    await caller.hangUp();
    await ofBob.shows('its end', (body) => body.includes('>terminated<'));
    await ofAlice.shows('its end', (body) => body.includes('>terminated<'));
  });
});

describe('Replaces of a published parked call', () => {
  it('needs the published tags, in either order', async () => {
    const { parkId } = await parked();
    const dial = (tags: string) =>
      alice.dial('102', { headers: [['Replaces', `${parkId}@park;${tags}`]] }).finished();
    expect((await dial('to-tag=x;from-tag=y')).status).toBe(481);
    expect((await dial('to-tag=pl;from-tag=pl')).status).toBe(481);
    expect((await dial('to-tag=pr;from-tag=pl;early-only')).status).toBe(200);
  });

  it('is refused with 400 when there are two', async () => {
    const { parkId } = await parked();
    const value = `${parkId}@park;to-tag=pl;from-tag=pr`;
    const twice = [
      ['Replaces', value],
      ['Replaces', value],
    ] as const;
    expect((await alice.dial('102', { headers: twice }).finished()).status).toBe(400);
  });
});

describe('over UDP, a request in a call without credentials', () => {
  it.each(['UPDATE', 'INFO', 'REFER', 'INVITE'])('is challenged when it is %s', async (method) => {
    const { callee } = await exchange.connect(client, bob);
    const headers = method === 'REFER' ? ([['Refer-To', '<sip:*68@127.0.0.1>']] as const) : [];
    const request = callee.dialog.createRequest(method, { headers });
    expect((await bob.send(request)).status).toBe(401);
  });

  it('is not challenged when it is BYE', async () => {
    const { callee } = await exchange.connect(client, bob);
    expect((await bob.send(callee.dialog.createRequest('BYE'))).status).toBe(200);
  });
});

describe('a body that is no SDP', () => {
  const body = '--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--\r\n';
  const contentType = 'multipart/mixed;boundary=x';

  it('is refused with 415 in an INVITE, naming what is understood', async () => {
    const refused = await bob.dial('102', { body, contentType }).finished();
    expect(refused.status).toBe(415);
    expect(refused.headers.get('Accept')).toBe('application/sdp');
  });

  it('is refused with 415 in a re-INVITE, and the call goes on', async () => {
    const { caller, callee } = await exchange.connect(client, bob);
    const refused = await callee.request('INVITE', { body, contentType });
    expect(refused.status).toBe(415);
    expect(exchange.hears(caller)).toBe('101');
    expect((await callee.hold()).status).toBe(200);
  });
});

describe('a blind transfer', () => {
  it('names who really transferred, whatever Referred-By claims', async () => {
    const { callee } = await exchange.connect(client, bob);
    await callee.request('REFER', {
      headers: [
        ['Refer-To', '<sip:102@127.0.0.1>'],
        ['Referred-By', '"The Boss" <sip:100@127.0.0.1>'],
      ],
    });
    const ringing = await alice.nextCall();
    expect(ringing.request.headers.get('Referred-By')).toContain('sip:101@');
    expect(ringing.request.headers.get('Referred-By')).not.toContain('Boss');
  });
});

describe('a method that SIP does not know', () => {
  it('is 501, inside a call and outside', async () => {
    const { callee } = await exchange.connect(client, bob);
    expect((await callee.request('FROB')).status).toBe(501);
    expect((await bob.stray('FROB')).status).toBe(501);
    expect((await bob.stray('MESSAGE')).status).toBe(405);
  });
});

describe('a parker who answers the recall', () => {
  it('but whose media never comes up is tried again, and the caller kept', async () => {
    const { atClient } = await parked();
    const app = await exchange.app('101', { instance: '00000000-0000-1000-8000-000000000101' });
    exchange.media.connectAtOnce = false;
    clock.advance(300_000);
    const recall = (await app.phone.nextCall()).answer();
    await pause(50);
    clock.advance(10_000);
    await recall.byeReceived();
    expect(atClient.ended).toBe(false);
    expect(exchange.hears(atClient)).toBe('music');
    exchange.media.connectAtOnce = true;
    clock.advance(10_000);
    await app.phone.nextCall();
  });
});

describe('a user whose password was changed', () => {
  it('is watched no more by subscriptions made with the old one', async () => {
    const list = await alice.subscribe('*88');
    await list.shows('nothing', (body) => body.includes('<dialog-info'));
    exchange.server.provisioning.setPassword(exchange.tenant, '102', 'another secret');
    await list.shows('the end', (_body, { headers }) =>
      (headers.get('Subscription-State') ?? '').startsWith('terminated;reason=deactivated'),
    );
    expect((await list.refresh()).status).toBe(481);
  });
});

describe('the words for how a parked call ended', () => {
  it('name people on the list, and are the same in a late retriever’s answer', async () => {
    const list = await alice.subscribe('*88');
    const { parkId } = await parked();
    await carol.call('*88102');
    await list.shows('its end', (body) => body.includes('ended-reason="Retrieved by User 103"'));
    const late = await alice.dial(`*88102;park-id=${parkId}`).finished();
    expect(late.headers.get('Reason')).toBe('SIP;cause=410;text="Retrieved by 103"');
  });

  it('say that it went back to the parker', async () => {
    const list = await alice.subscribe('*88');
    const { parkId } = await parked();
    clock.advance(300_000);
    (await bob.nextCall()).answer();
    await list.shows('its end', (body) => body.includes('ended-reason="Went back to User 101"'));
    const late = await alice.dial(`*88102;park-id=${parkId}`).finished();
    expect(late.headers.get('Reason')).toBe('SIP;cause=410;text="Went back to 101"');
  });
});
