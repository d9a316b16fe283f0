import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExtraHeaders } from '../../shared/sip/transaction/transaction-user.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

describe('the implicit subscription of a REFER (RFC 3515 §2.4.4)', () => {
  let exchange: Exchange;
  let bob: SipPhone;
  let alice: SipPhone;
  let atBob: PhoneCall;
  let event: string;

  /** Alice rings: the transfer is under way. */
  beforeEach(async () => {
    exchange = await Exchange.start(['101', '102', '104']);
    bob = await exchange.signedIn('101');
    alice = await exchange.signedIn('102');
    const client = await exchange.signedIn('104');
    atBob = (await exchange.connect(client, bob)).callee;
    const accepted = await atBob.refer('102');
    event = `refer;id=${accepted.cseq.sequence}`;
    await until('the first word', () => atBob.notifies.length > 0);
  });
  afterEach(() => exchange.close());

  const subscribe = (name: string, expires: number, more: ExtraHeaders = []) =>
    atBob.request('SUBSCRIBE', {
      headers: [['Event', name], ['Expires', String(expires)], ...more],
    });
  const states = () => atBob.notifies.map(({ headers }) => headers.get('Subscription-State'));

  it('is refreshed by SUBSCRIBE with its id, and says at once how far it is', async () => {
    const before = atBob.notifies.length;
    const refreshed = await subscribe(event, 200);
    expect(refreshed.status).toBe(200);
    expect(refreshed.headers.get('Expires')).toBe('200');
    await until('a word more', () => atBob.notifies.length > before);
    expect(states().at(-1)).toBe('active;expires=200');
    expect(atBob.notifies.at(-1)?.headers.get('Event')).toBe(event);
    expect(atBob.notifies.at(-1)?.text).toMatch(/^SIP\/2\.0 1\d\d /);
  });

  it('may be meant without its id while it is the only one', async () => {
    expect((await subscribe('refer', 60)).status).toBe(200);
  });

  it('ends with Expires 0, with one last word; the transfer goes on unheard', async () => {
    expect((await subscribe(event, 0)).headers.get('Expires')).toBe('0');
    await until('the last word', () => states().at(-1) === 'terminated;reason=timeout');
    const told = atBob.notifies.length;
    const taken = (await alice.nextCall()).answer();
    await until('they talk', () => exchange.hears(taken) === '104');
    expect(atBob.notifies).toHaveLength(told);
    expect((await subscribe(event, 60)).status).toBe(481);
  });

  it('ends by itself when its time is over', async () => {
    await subscribe(event, 1);
    await until('its end', () => states().at(-1) === 'terminated;reason=timeout', 3_000);
  });

  it('is one of its own: another id or a `dialog` event is 481, a strange one 489, a strange Accept 406', async () => {
    expect((await subscribe('refer;id=999', 60)).status).toBe(481);
    expect((await subscribe('dialog', 60)).status).toBe(481);
    const strange = await subscribe('weather', 60);
    expect(strange.status).toBe(489);
    expect(strange.headers.get('Allow-Events')).toBe('dialog, refer');
    const foreign = await subscribe(event, 60, [['Accept', 'text/plain']]);
    expect(foreign.status).toBe(406);
    expect(foreign.headers.get('Accept')).toBe('message/sipfrag');
  });

  it('is made by REFER alone: a SUBSCRIBE to `refer` outside any dialog is 403', async () => {
    const answer = await bob.stray('SUBSCRIBE', [
      ['Event', 'refer'],
      ['Expires', '60'],
    ]);
    expect(answer.status).toBe(403);
  });
});
