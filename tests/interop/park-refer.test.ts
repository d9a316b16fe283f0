import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('park by blind transfer', () => {
  let exchange: Exchange;
  let bob: SipPhone;
  let client: SipPhone;
  let atBob: PhoneCall;
  let atClient: PhoneCall;

  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '103', '104']);
    bob = await exchange.signedIn('101');
    client = await exchange.signedIn('104');
    const pair = await exchange.connect(client, bob);
    atClient = pair.caller;
    atBob = pair.callee;
  });
  afterEach(() => exchange.close());

  it('answers 202, reports 100 and then 200 with where the call went, and releases the parker', async () => {
    const accepted = await atBob.refer('*68102', [['X-Park-Note', 'wants%20invoice%204711']]);
    expect(accepted.status).toBe(202);
    const result = await atBob.referResult();
    const [trying] = atBob.notifies;
    expect(trying?.text).toBe('SIP/2.0 100 Trying\r\n');
    expect(trying?.headers.get('Event')).toBe(`refer;id=${accepted.cseq.sequence}`);
    expect(trying?.headers.get('Subscription-State')).toBe('active;expires=60');
    expect(result.status).toBe(200);
    expect(result.text).toMatch(/^X-Park-Id: [a-z2-7]{26}\r$/m);
    expect(result.text).toContain('X-Park-Slot: 102\r\n');
    expect(result.text).toContain('X-Park-Retrieve: *88102\r\n');
    expect(result.text).toMatch(/^X-Park-Recall-At: \d{4}-.*Z\r$/m);
    expect(exchange.hears(atClient)).toBe('music');
    await atBob.byeReceived(1500);
    expect(exchange.server.calls.parkedCalls(exchange.tenant.id)).toMatchObject([
      { slot: '102', parker: '101', state: 'parked', note: 'wants invoice 4711' },
    ]);
  });

  it('lets the parker’s own BYE be the end of their leg', async () => {
    await atBob.refer('*68');
    await atBob.referResult();
    expect((await atBob.hangUp()).status).toBe(200);
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('connects the colleague who dials the retrieve code, with the caller’s identity', async () => {
    const alice = await exchange.signedIn('102');
    await atBob.refer('*68102');
    await atBob.referResult();
    const retrieved = await alice.call('*88');
    const ok = retrieved.introduction;
    expect(ok.headers.get('P-Asserted-Identity')).toContain('"User 104" <sip:104@');
    expect(ok.headers.get('X-Park-Id')).toMatch(/^[a-z2-7]{26}$/);
    expect(ok.headers.get('X-Park-Parker')).toContain('"User 101" <sip:101@');
    await until('they talk', () => exchange.hears(retrieved) === '104');
    expect(exchange.hears(atClient)).toBe('102');
    await atBob.byeReceived();
    expect(
      exchange.server.journal.history({ tenantId: exchange.tenant.id }).map((line) => line.step),
    ).toEqual([{ kind: 'retrieved', by: '102' }, { kind: 'parked' }]);
  });

  it('shows the parked call to whoever watches, at once, and its end once', async () => {
    const alice = await exchange.signedIn('102');
    const carol = await exchange.signedIn('103');
    const list = await alice.subscribe('*88');
    const lamp = await carol.subscribe('*88102');
    await list.shows('an empty list', (body) => !body.includes('<dialog '));
    await atBob.refer('*68102');
    const shown = await list.shows('the parked call', (body) => body.includes('>confirmed<'));
    expect(shown.text).toContain('display="User 104"');
    expect(shown.text).toMatch(/p:parked-call [^>]*slot="102"[^>]*parker="101"/);
    const lit = await lamp.shows('a lit lamp', (body) => body.includes('>confirmed<'));
    expect(lit.text).not.toContain('104');
    expect(lit.text).not.toContain('parker');
    await alice.call('*88');
    const gone = await list.shows('the end', (body) => body.includes('>terminated<'));
    expect(gone.text).toContain('event="replaced"');
    expect(gone.text).toContain('ended-by="102"');
    await list.refresh();
    await list.shows('an empty list again', (body) => !body.includes('<dialog '));
    const versions = list.notifies.map((each) =>
      Number(/ version="(\d+)"/.exec(each.text.slice(40))?.[1]),
    );
    expect(versions).toEqual(versions.map((_, index) => index));
  });

  it('calls the parker back when nobody takes the call, and connects them', async () => {
    exchange.configure({ recall: { timerMs: 1000 } });
    await atBob.refer('*68102');
    await atBob.byeReceived();
    const recall = await bob.nextCall();
    expect(recall.request.headers.get('Alert-Info')).toBe('<urn:alert:service:recall:hold>');
    expect(recall.request.headers.get('X-Park-Recall')).toMatch(/^attempt=1;slot=102;parked-at=/);
    expect(recall.request.from.displayName).toBe('User 104');
    expect(exchange.hears(atClient)).toBe('music');
    const back = recall.answer();
    await until('they talk', () => exchange.hears(back) === '104');
    await back.hangUp();
    await atClient.byeReceived();
    expect(exchange.server.calls.activeCalls).toBe(0);
  });
});
