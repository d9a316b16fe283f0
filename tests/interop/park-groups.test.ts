import { afterEach, describe, expect, it } from 'vitest';
import type { TenantSettingsInput } from '../../shared/config/tenant-settings.ts';
import type { Extension } from '../../shared/domain/ids.ts';
import { parseDialogInfo } from '../../shared/sip/events/dialog-info-reader.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import type { PhoneCall } from '../fakes/phone-call.ts';
import type { PhoneSubscription } from '../fakes/phone-subscription.ts';
import { until, type SipPhone } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

let exchange: Exchange;
afterEach(() => exchange.close());

interface Scene {
  readonly bob: SipPhone;
  readonly atBob: PhoneCall;
  readonly atClient: PhoneCall;
  readonly clock: FakeClock;
}

/** Support is 101 (Bob), 102 and 103; 104 has called Bob. Time passes only as the test says. */
async function office(settings: TenantSettingsInput = {}): Promise<Scene> {
  const clock = new FakeClock();
  exchange = await Exchange.start(['101', '102', '103', '104', '105', '106'], settings, { clock });
  exchange.saveParkGroup('Support', { members: ['101', '102', '103'] });
  const bob = await exchange.signedIn('101');
  const client = await exchange.signedIn('104');
  const { caller: atClient, callee: atBob } = await exchange.connect(client, bob);
  return { bob, atBob, atClient, clock };
}

async function park(call: PhoneCall, code = '*58'): Promise<string> {
  expect((await call.refer(code)).status).toBe(202);
  const { status, text } = await call.referResult();
  expect(status).toBe(200);
  return /^X-Park-Id: (\S+)/m.exec(text)?.[1] ?? '';
}

const parkedNow = () => exchange.server.calls.parkedCalls(exchange.tenant.id);

function slotsIn(subscription: PhoneSubscription): readonly string[] {
  const read = parseDialogInfo(subscription.last?.text ?? '');
  if (read.kind !== 'dialog-info') throw new Error(read.reason);
  return read.info.dialogs.map(({ parkedCall }) => `${parkedCall?.slot} ${parkedCall?.group}`);
}

const isRejected = (subscription: PhoneSubscription): boolean =>
  subscription.last?.headers.get('Subscription-State') === 'terminated;reason=rejected';

/** Every phone of an office needs a device of its own to be two. */
const device = (number: number) => ({
  instance: `00000000-0000-1000-8000-00000000000${number}`,
});

describe('a Call Park group on the wire', () => {
  it('alerts every member on every device; any of them takes the call with *88', async () => {
    const { atBob, atClient } = await office();
    const members = [
      await exchange.signedIn('102', device(1)),
      (await exchange.app('102', device(2))).phone,
      await exchange.signedIn('103'),
    ];
    const lists = await Promise.all(members.map((each) => each.subscribe('*88')));
    const parkId = await park(atBob);
    for (const list of lists) {
      await list.shows('the call', (body) => body.includes(parkId));
      expect(slotsIn(list)).toEqual(['101 Support']);
    }
    const taken = await members[1]?.call('*88');
    if (taken === undefined) throw new Error('nobody took it');
    await until('they talk', () => exchange.hears(atClient) === '102');
    for (const list of lists) {
      await list.shows('who took it', (body) => body.includes('Retrieved by User 102'));
    }
  });

  it('row 24: a full group is 480 and the two go on talking, by REFER and by dialling the code', async () => {
    const { bob, atBob, atClient } = await office({ parkedCallsPerExtension: 1 });
    exchange.saveParkGroup('Support', { members: ['101'] });
    const other = await exchange.signedIn('105');
    const second = await exchange.connect(other, bob);
    await park(second.callee);
    await second.callee.hangUp();
    const refused = await atBob.refer('*58');
    expect(refused.status).toBe(480);
    expect(refused.headers.get('Reason')).toContain('No member of the group has room');
    expect(exchange.hears(atClient)).toBe('101');
    expect((await bob.dial('*58').finished()).status).toBe(480);
    expect(atBob.notifies).toEqual([]);
  });

  it('row 25: *88 takes the own call first, then the group’s', async () => {
    const { bob, atBob, atClient, clock } = await office();
    const carol = await exchange.signedIn('103');
    await park(atBob);
    clock.advance(5_000);
    const second = await exchange.connect(await exchange.signedIn('105'), bob);
    await park(second.callee, '*68103');
    await carol.call('*88');
    await until('the own one', () => exchange.hears(second.caller) === '103');
    expect(exchange.hears(atClient)).toBe('music');
    await carol.call('*88');
    await until('the group’s', () => exchange.hears(atClient) === '103');
  });

  it('row 23: members, name and recall saved while its call is parked drop nothing and take effect at once', async () => {
    const { bob, atBob, atClient, clock } = await office();
    const carol = await exchange.signedIn('103');
    const dave = await exchange.signedIn('106');
    const lists = {
      carols: await carol.subscribe('*58'),
      daves: await dave.subscribe('*88'),
    };
    const parkId = await park(atBob);
    await lists.carols.shows('the call', (body) => body.includes(parkId));
    exchange.saveParkGroup('Support', {
      members: ['101', '102', '106'],
      recall: { timerMs: 60_000 },
    });
    await until('Carol loses the list', () => isRejected(lists.carols));
    await lists.daves.shows('the call', (body) => body.includes(parkId));
    clock.advance(299_000);
    expect(bob.incoming).toEqual([]);
    clock.advance(1_001);
    await bob.nextCall();
    expect(exchange.hears(atClient)).toBe('music');
  });

  it('a member deleted while a call is parked on them: it is the next one’s, on every list', async () => {
    const { atBob, atClient } = await office();
    exchange.saveParkGroup('Support', { members: ['102', '103', '101'] });
    const alice = await exchange.signedIn('102');
    const carol = await exchange.signedIn('103');
    const lists = [await alice.subscribe('*88'), await carol.subscribe('*88')] as const;
    await park(atBob);
    await lists[1].shows('the call', (body) => body.includes('slot="102"'));
    exchange.removeUser('102');
    await until('Alice is out', () => isRejected(lists[0]));
    await lists[1].shows('the move', (body) => body.includes('slot="103"'));
    expect(parkedNow()).toMatchObject([{ slot: '103', state: 'parked' }]);
    await carol.call('*88103');
    await until('they talk', () => exchange.hears(atClient) === '103');
  });

  it('a group deleted with a call parked to it: its last members keep it to the end', async () => {
    const { atBob, atClient } = await office();
    const carol = await exchange.signedIn('103');
    const list = await carol.subscribe('*58');
    await park(atBob);
    exchange.removeParkGroup('Support');
    expect((await carol.subscribe('*58')).response?.status).toBe(200);
    await carol.call('*88');
    await until('they talk', () => exchange.hears(atClient) === '103');
    await until('that was the last', () => isRejected(list));
    expect((await carol.subscribe('*58')).response?.status).toBe(403);
  });
});

describe('ring groups on the wire', () => {
  async function recallingTo(destination: 'ring-group' | 'parker-then-ring-group') {
    const scene = await office();
    const sales = exchange.addRingGroup('Sales', ['105', '106']);
    const ringGroupId = sales.id;
    exchange.saveParkGroup('Support', {
      recall: {
        destination:
          destination === 'ring-group'
            ? { kind: 'ring-group', ringGroupId }
            : { kind: 'parker-then-ring-group', ringGroupId, waitMs: 60_000 },
      },
    });
    const staff = [await exchange.signedIn('105'), await exchange.signedIn('106')] as const;
    const list = await (await exchange.signedIn('102')).subscribe('*88');
    await park(scene.atBob);
    await scene.atBob.hangUp();
    return { ...scene, sales, staff, list };
  }

  it('row 17: with its ring group deleted a recall goes to the parker', async () => {
    const { bob, clock, sales, staff, list } = await recallingTo('ring-group');
    await list.shows('where it goes', (body) => body.includes('recall-group="Sales"'));
    exchange.removeRingGroup(sales);
    clock.advance(300_000);
    await bob.nextCall();
    expect(staff.map(({ incoming }) => incoming.length)).toEqual([0, 0]);
  });

  it('row 17: deleted during the recall: the parker is tried again, and the caller kept', async () => {
    const { bob, clock, sales, atClient } = await recallingTo('parker-then-ring-group');
    clock.advance(300_000);
    const first = await bob.nextCall();
    exchange.removeRingGroup(sales);
    first.refuse(486);
    await until('that was in vain', () => parkedNow()[0]?.state === 'parked');
    clock.advance(10_000);
    const back = (await bob.nextCall()).answer();
    await until('they talk', () => exchange.hears(back) === '104');
    expect(atClient.ended).toBe(false);
  });

  it('a call handed over is gone from every list, rings all members, and is theirs for good', async () => {
    const { bob, clock, staff, list, atClient } = await recallingTo('ring-group');
    clock.advance(300_000);
    const [first, second] = [await staff[0].nextCall(), await staff[1].nextCall()];
    await list.shows('that it went', (body) => body.includes('Went to the ring group'));
    expect(list.last?.text).toContain('event="replaced"');
    expect(first.request.headers.get('P-Asserted-Identity')).toContain('104');
    expect(first.request.headers.has('X-Park-Recall')).toBe(false);
    expect(exchange.hears(atClient)).toBe('music');
    second.ring();
    first.answer();
    await until('they talk', () => exchange.hears(atClient) === '105');
    const cancel = await second.wasCancelled();
    expect(cancel.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    clock.advance(600_000);
    expect(bob.incoming).toEqual([]);
  });

  it('is reached by its number, and says when nobody answers: 183, then 480', async () => {
    const { clock } = await office();
    exchange.addRingGroup('Sales', ['105'], {
      extension: '600' as Extension,
      ringMs: 5_000,
    });
    const sales = await exchange.signedIn('105');
    const eve = await exchange.signedIn('106');
    const dialled = eve.dial('600');
    (await sales.nextCall()).ring();
    await dialled.ringing();
    clock.advance(5_000);
    await dialled.ringing(183);
    clock.advance(15_000);
    const refused = await dialled.finished();
    expect(refused.status).toBe(480);
    expect(refused.headers.get('Reason')).toContain('No answer');
  });
});
