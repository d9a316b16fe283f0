import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Extension } from '../../shared/domain/ids.ts';
import type { SipResponse } from '../../shared/sip/message/message.ts';
import type { Tenant } from '../../shared/server/ports/directory.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

const EXTENSIONS = ['101', '102', '103', '104'] as const;
const OURS = 'our.test';
const THEIRS = 'their.test';

/**
 * Two tenants with the same extensions, the same group Support and the same ring group Sales (600). In ours 104 is parked to
 * Support; everything is then tried from the other side.
 */
describe('two tenants on one server', () => {
  const clock = new FakeClock();
  let exchange: Exchange;
  let stranger: SipPhone;
  let atClient: PhoneCall;
  let parkId: string;

  beforeAll(async () => {
    exchange = await Exchange.start(EXTENSIONS, {}, { clock, domains: [OURS] });
    exchange.addTenant('theirs', [THEIRS], EXTENSIONS);
    for (const tenant of [exchange.tenant, theirTenant()]) {
      exchange.saveParkGroup('Support', { members: ['101', '102'] }, tenant);
      exchange.addRingGroup('Sales', ['103'], { extension: '600' as Extension }, tenant);
    }
    const bob = await exchange.signedIn('101', { domain: OURS });
    const client = await exchange.signedIn('104', { domain: OURS });
    stranger = await exchange.signedIn('102', { domain: THEIRS });
    const { caller, callee } = await exchange.connect(client, bob);
    atClient = caller;
    await callee.refer('*58');
    parkId = /^X-Park-Id: (\S+)/m.exec((await callee.referResult()).text)?.[1] ?? '';
    await callee.hangUp();
  });
  afterAll(() => exchange.close());

  function theirTenant(): Tenant {
    const tenant = exchange.server.directory.tenantByHost(THEIRS);
    if (tenant === undefined) throw new Error('no second tenant');
    return tenant;
  }

  /** Whatever names, numbers or ids of ours a refusal could give away. */
  const tells = (response: SipResponse): boolean => {
    const text = [response.text, ...response.headers.all('Reason'), response.reason].join(' ');
    return [parkId, '104', 'User 104', 'Support'].some((word) => text.includes(word));
  };

  const staysParked = (): void => {
    expect(exchange.server.calls.parkedCalls(exchange.tenant.id)).toMatchObject([
      { parkId, state: 'parked' },
    ]);
    expect(exchange.hears(atClient)).toBe('music');
  };

  it.each([
    ['*88', 404],
    ['*88101', 404],
    ['*88102', 404],
    ['*88999', 404],
    ['*89', 404],
    ['*89101', 404],
    ['*58', 403],
    ['*68', 403],
    ['*68101', 403],
    [`sip:*88101@${OURS}`, 404],
    [`sip:*88@${OURS}`, 404],
    [`sip:*58@${OURS}`, 404],
    [`sip:*68101@${OURS}`, 404],
    [`sip:*89101@${OURS}`, 404],
    [`sip:101@${OURS}`, 404],
    [`sip:600@${OURS}`, 404],
  ])('%s is %i from the other side, and tells nothing', async (target, status) => {
    const refused = await stranger.dial(target).finished();
    expect(refused.status).toBe(status);
    expect(tells(refused)).toBe(false);
    staysParked();
  });

  it.each(['*88', '*88101', '*89', '*89101', `sip:*88101@${OURS}`])(
    'our ParkId is nobody’s there: %s;park-id= is 404',
    async (code) => {
      const refused = await stranger.dial(`${code};park-id=${parkId}`).finished();
      expect(refused.status).toBe(404);
      expect(tells(refused)).toBe(false);
      staysParked();
    },
  );

  it('Replaces of the published dialog is 481, and so is one of the real one', async () => {
    const real = atClient.dialog.id;
    for (const replaces of [
      `${parkId}@park;to-tag=pl;from-tag=pr`,
      `${parkId}@park;to-tag=pr;from-tag=pl;early-only`,
      `${real.callId};to-tag=${real.remoteTag};from-tag=${real.localTag}`,
    ]) {
      const refused = await stranger.dial('*88', { headers: [['Replaces', replaces]] }).finished();
      expect(refused.status).toBe(481);
      expect(tells(refused)).toBe(false);
    }
    staysParked();
  });

  it.each([
    ['*88', 200],
    ['*58', 200],
    ['*88101', 200],
    ['101', 200],
    [`sip:*88101@${OURS}`, 404],
    [`sip:*88@${OURS}`, 404],
    [`sip:*58@${OURS}`, 404],
    [`sip:101@${OURS}`, 404],
  ])('a subscription to %s is %i and shows nothing of ours', async (target, status) => {
    const list = await stranger.subscribe(target);
    expect(list.response?.status).toBe(status);
    if (status !== 200) return;
    await list.shows('an empty list', (body) => body.includes('<dialog-info'));
    expect(list.last?.text).not.toContain('<dialog ');
  });

  it('a list that stands is told nothing when we park, move and delete', async () => {
    const lists = [await stranger.subscribe('*58'), await stranger.subscribe('*88')];
    const before = lists.map(({ notifies }) => notifies.length);
    exchange.saveParkGroup('Support', { members: ['102', '101'] });
    exchange.saveParkGroup('Support', { members: ['101', '102'] });
    const own = await exchange.signedIn('102', { domain: OURS });
    const ours = await own.subscribe('*58');
    await ours.shows('our own call', (body) => body.includes(parkId));
    expect(lists.map(({ notifies }) => notifies.length)).toEqual(before);
  });

  it('a call of theirs is transferred to their people, groups and codes alone', async () => {
    const ally = await exchange.signedIn('101', { domain: THEIRS });
    const { caller, callee } = await exchange.connect(stranger, ally);
    for (const target of [`sip:101@${OURS}`, `sip:*58@${OURS}`, `sip:600@${OURS}`]) {
      const refused = await callee.refer(target);
      expect(refused.status).toBe(404);
      expect(tells(refused)).toBe(false);
    }
    const real = atClient.dialog.id;
    const inside = encodeURIComponent(
      `${real.callId};to-tag=${real.remoteTag};from-tag=${real.localTag}`,
    );
    expect((await callee.refer(`sip:104@${THEIRS}?Replaces=${inside}`)).status).toBe(481);
    expect((await callee.refer('*58')).status).toBe(202);
    expect((await callee.referResult()).text).toContain('X-Park-Slot: 101');
    expect(exchange.server.calls.parkedCalls(theirTenant().id)).toHaveLength(1);
    staysParked();
    await caller.hangUp();
  });

  it('their ring group rings their people, ours are left alone', async () => {
    const [here, there] = [
      await exchange.signedIn('103', { domain: OURS }),
      await exchange.signedIn('103', { domain: THEIRS }),
    ];
    const dialled = stranger.dial('600');
    const call = await there.nextCall();
    call.ring();
    await dialled.ringing();
    expect(here.incoming).toEqual([]);
    dialled.cancel();
    await until('it is over', () => dialled.final?.status === 487);
  });
});
