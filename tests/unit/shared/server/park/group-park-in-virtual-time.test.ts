import { describe, expect, it } from 'vitest';
import { defaultRecallSettings } from '../../../../../shared/domain/recall-policy.ts';
import { parseDialogInfo } from '../../../../../shared/sip/events/dialog-info-reader.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import { sales, salesGroup, support, supportGroup } from '../../../../fakes/group-samples.ts';
import type { PhoneSubscription } from '../../../../fakes/phone-subscription.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';

const PEOPLE = ['101', '102', '103', '104', '105', '106', '107'];

type Options = ConstructorParameters<typeof CallWorld>[1];

function office(options: Options = {}): CallWorld {
  const world = new CallWorld(PEOPLE, options);
  world.groups.saveParkGroup(supportGroup());
  return world;
}

/** `client` calls `parker`, who transfers to `code`; gives the client's call and what became of the REFER. */
async function transfer(client: SipPhone, parker: SipPhone, code = '*58') {
  const dialled = client.dial(parker.account.user);
  const atParker = (await parker.nextCall()).answer();
  const atClient = await dialled.answered();
  const answer = await atParker.refer(code);
  const result = answer.status === 202 ? await atParker.referResult() : undefined;
  return { atParker, atClient, answer, result };
}

function callsIn(subscription: PhoneSubscription) {
  const read = parseDialogInfo(subscription.last?.text ?? '');
  if (read.kind !== 'dialog-info') throw new Error(read.reason);
  return read.info.dialogs.map(({ state, parkedCall }) => ({
    slot: parkedCall?.slot,
    group: parkedCall?.group,
    state: state.kind,
  }));
}

const stateOf = (subscription: PhoneSubscription): string =>
  subscription.last?.headers.get('Subscription-State') ?? '';

const failures = (world: CallWorld) => world.logged.filter((line) => line.startsWith('FAILED'));

describe('a call parked by the code of the group', () => {
  it('goes to the first member without one, then to whoever has fewest, until all are full', async () => {
    const world = office({ settings: { parkedCallsPerExtension: 2 } });
    const bob = world.phone('101');
    const client = world.phone('104');
    const slots: (string | undefined)[] = [];
    for (let count = 0; count < 7; count += 1) {
      const { answer, result, atParker } = await transfer(client, bob);
      slots.push(
        answer.status === 202
          ? /^X-Park-Slot: (\d+)/m.exec(result?.text ?? '')?.[1]
          : String(answer.status),
      );
      if (answer.status !== 202) expect(atParker.ended).toBe(false);
    }
    expect(slots).toEqual(['101', '102', '103', '101', '102', '103', '480']);
    expect(failures(world)).toEqual([]);
  });

  it('passes over a member on whom a call was parked by another code, and does not take that call as its own', async () => {
    const world = office();
    const bob = world.phone('101');
    const client = world.phone('104');
    await transfer(client, bob, '*68101');
    const { result } = await transfer(client, bob);
    expect(result?.text).toContain('X-Park-Slot: 102');
    const carol = world.phone('103');
    const list = await carol.subscribe('*58');
    await world.pass(10);
    expect(callsIn(list)).toEqual([{ slot: '102', group: 'Support', state: 'confirmed' }]);
  });

  it('does not care that the member is busy, signed out or new', async () => {
    const world = office();
    world.groups.saveParkGroup(supportGroup(['107', '101']));
    const { result } = await transfer(world.phone('104'), world.phone('101'));
    expect(result?.text).toContain('X-Park-Slot: 107');
    expect(result?.text).toContain('X-Park-Retrieve: *88107');
  });

  it('is refused to whoever is in no group, by all three ways', async () => {
    const world = office();
    const eve = world.phone('105');
    const { atParker, answer } = await transfer(world.phone('104'), eve);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('Reason')).toBe('SIP;cause=403;text="No park group"');
    const dialled = await eve.dial('*58').finished();
    expect(dialled.status).toBe(403);
    expect(dialled.headers.get('Reason')).toContain('No park group');
    expect(atParker.ended).toBe(false);
    expect((await eve.subscribe('*58')).response?.status).toBe(403);
  });

  it('can be parked by dialling the code while it is held, and by an attended transfer onto it', async () => {
    const world = office();
    const bob = world.phone('101');
    const dialled = world.phone('104').dial('101');
    const atBob = (await bob.nextCall()).answer();
    const atClient = await dialled.answered();
    await atBob.hold();
    const confirmation = await bob.call('*58');
    expect(confirmation.introduction.headers.get('X-Park-Slot')).toBe('101');
    const { callId, localTag, remoteTag } = confirmation.dialog.id;
    const replaces = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
    const referred = await atBob.refer(`sip:*58@pbx.test?Replaces=${replaces}`);
    expect(referred.status).toBe(202);
    expect((await atBob.referResult()).status).toBe(200);
    await world.pass(2_000);
    expect([atBob.ended, confirmation.ended, atClient.ended]).toEqual([true, true, false]);
    expect(world.parked).toMatchObject([{ slot: '101', state: 'parked' }]);
  });

  it('is written to the journal with its group', async () => {
    const world = office();
    await transfer(world.phone('104'), world.phone('101'));
    expect(world.journal[0]).toMatchObject({ groupId: support, slot: '101', parker: '101' });
  });
});

describe('who sees and takes a group’s call', () => {
  it('all members on all devices, and nobody else more than its slot', async () => {
    const world = office();
    const bob = world.phone('101');
    const members = [world.phone('102'), world.phone('102', 'ws'), world.phone('103')];
    const lists = await Promise.all(members.map((each) => each.subscribe('*88')));
    const outside = await world.phone('107').subscribe('*88101');
    const strangers = await world.phone('106').subscribe('*88');
    await transfer(world.phone('104'), bob);
    await world.pass(10);
    for (const list of lists) {
      expect(callsIn(list)).toEqual([{ slot: '101', group: 'Support', state: 'confirmed' }]);
    }
    expect(callsIn(strangers)).toEqual([]);
    expect(callsIn(outside)).toEqual([{ slot: '101', group: undefined, state: 'confirmed' }]);
    expect(outside.last?.text).not.toContain('104');
  });

  it('bare *88 takes the own call before the older one of the group', async () => {
    const world = office();
    const bob = world.phone('101');
    const carol = world.phone('103');
    const first = await transfer(world.phone('104'), bob);
    await world.pass(1_000);
    const second = await transfer(world.phone('105'), bob, '*68103');
    const own = await carol.call('*88');
    await world.pass(10);
    expect(own.introduction.headers.get('X-Park-Id')).toBe(parkIdOf(second.result?.text));
    await own.hangUp();
    const ofGroup = await carol.call('*88');
    expect(ofGroup.introduction.headers.get('X-Park-Id')).toBe(parkIdOf(first.result?.text));
    expect((await carol.dial('*88').finished()).status).toBe(410);
    await world.pass(31_000);
    expect((await carol.dial('*88').finished()).status).toBe(404);
  });

  it('by the tenant’s setting: within the group alone', async () => {
    const world = office({ settings: { watch: 'group', retrieveBy: 'group' } });
    await transfer(world.phone('104'), world.phone('101'));
    const [carol, outsider] = [world.phone('103'), world.phone('106')];
    expect((await outsider.dial('*88101').finished()).status).toBe(403);
    expect((await outsider.subscribe('*88101')).response?.status).toBe(403);
    expect((await outsider.subscribe('101')).response?.status).toBe(403);
    const lamp = await carol.subscribe('*88101');
    await world.pass(10);
    expect(callsIn(lamp)).toEqual([{ slot: '101', group: 'Support', state: 'confirmed' }]);
    await carol.call('*88101');
    await world.pass(10);
    expect(world.parked).toEqual([]);
  });

  it('is told to the parker, who is to be alerted where the tenant says so', async () => {
    for (const alertParker of [false, true]) {
      const world = office({ settings: { alertParker } });
      const list = await world.phone('101').subscribe('*88');
      await transfer(world.phone('104'), world.phone('101', 'ws'), '*68102').catch(() => undefined);
      const bob = world.phone('103');
      const theirs = await bob.subscribe('*88');
      await transfer(world.phone('105'), bob);
      await world.pass(10);
      expect(theirs.last?.text.includes('alert-parker="true"')).toBe(alertParker);
      expect(callsIn(list).length).toBeGreaterThan(0);
    }
  });
});

function parkIdOf(text: string | undefined): string | undefined {
  return /^X-Park-Id: (\S+)/m.exec(text ?? '')?.[1];
}

describe('settings that change while a group’s call is parked', () => {
  it('a member who is taken out loses the list at once, a new one gains it, and no call is dropped', async () => {
    const world = office();
    const { atClient } = await transfer(world.phone('104'), world.phone('101'));
    const [alice, carol, dave] = [world.phone('102'), world.phone('103'), world.phone('106')];
    const lists = [await carol.subscribe('*58'), await carol.subscribe('*88')] as const;
    const stays = await alice.subscribe('*58');
    const gains = await dave.subscribe('*88');
    await world.pass(10);
    expect(callsIn(gains)).toEqual([]);
    world.groups.saveParkGroup(supportGroup(['101', '102', '106']));
    await world.pass(10);
    expect(stateOf(lists[0])).toBe('terminated;reason=rejected');
    expect(callsIn(lists[1])).toEqual([]);
    expect(stateOf(lists[1])).toContain('active');
    expect(callsIn(stays)).toHaveLength(1);
    expect(callsIn(gains)).toEqual([{ slot: '101', group: 'Support', state: 'confirmed' }]);
    expect((await carol.dial('*88').finished()).status).toBe(404);
    await dave.call('*88');
    await world.pass(10);
    expect(atClient.ended).toBe(false);
    expect(failures(world)).toEqual([]);
  });

  it('a deleted group keeps its last members until its last call is over', async () => {
    const world = office();
    const { atClient } = await transfer(world.phone('104'), world.phone('101'));
    const [alice, carol] = [world.phone('102'), world.phone('103')];
    const list = await carol.subscribe('*58');
    world.groups.removeParkGroup(support);
    world.groups.saveParkGroup(
      supportGroup(['102'], { id: 'other' as typeof support, name: 'Other' }),
    );
    await world.pass(10);
    expect(stateOf(list)).toContain('active');
    expect(callsIn(list)).toHaveLength(1);
    const taken = await alice.call('*88');
    await world.pass(10);
    expect(stateOf(list)).toBe('terminated;reason=rejected');
    expect((await carol.subscribe('*58')).response?.status).toBe(403);
    expect([taken.ended, atClient.ended]).toEqual([false, false]);
  });

  it('keeps the recall time that a call was parked with, and gives the new one to the next', async () => {
    const world = office();
    const bob = world.phone('101');
    await transfer(world.phone('104'), bob);
    world.groups.saveParkGroup(
      supportGroup(undefined, { recall: { ...defaultRecallSettings, timerMs: 60_000 } }),
    );
    await transfer(world.phone('105'), bob);
    const due = world.parked.map(({ parkedAt, recallAt = parkedAt }) => recallAt - parkedAt);
    expect(due).toEqual([300_000, 60_000]);
  });

  it('a member who is deleted while a call is parked on them: the next one has it', async () => {
    const world = office();
    world.groups.saveParkGroup(supportGroup(['102', '103', '101']));
    const { atClient } = await transfer(world.phone('104'), world.phone('101'));
    expect(world.parked).toMatchObject([{ slot: '102' }]);
    const carol = world.phone('103');
    const [list, lamp] = [await carol.subscribe('*88'), await carol.subscribe('*88102')];
    world.removeUser('102');
    await world.pass(10);
    expect(world.parked).toMatchObject([{ slot: '103', state: 'parked' }]);
    expect(world.steps).toEqual(['parked', 'moved']);
    expect(callsIn(list)).toEqual([{ slot: '103', group: 'Support', state: 'confirmed' }]);
    expect(stateOf(lamp)).toBe('terminated;reason=rejected');
    await world.phone('106').call('*88103');
    await world.pass(10);
    expect(atClient.ended).toBe(false);
    expect(failures(world)).toEqual([]);
  });

  it('the last member is deleted: the call is recalled at once', async () => {
    const world = office();
    world.groups.saveParkGroup(supportGroup(['101']));
    const bob = world.phone('101');
    await transfer(world.phone('104'), bob);
    world.groups.saveParkGroup(supportGroup(['102']));
    world.groups.saveParkGroup(supportGroup([]));
    world.removeUser('101');
    await world.pass(10);
    expect(world.steps).toEqual(['parked', 'recalled', 'recall-unanswered']);
  });

  it('the owner of a slot is deleted: a call that is nobody else’s is recalled at once, and can be taken by its code still', async () => {
    const world = office();
    const bob = world.phone('101');
    const { atClient } = await transfer(world.phone('104'), bob, '*68106');
    world.removeUser('106');
    await bob.nextCall();
    expect(world.steps).toEqual(['parked', 'recalled']);
    const carol = await world.phone('103').call('*88106');
    await world.pass(10);
    expect([carol.ended, atClient.ended]).toEqual([false, false]);
    expect(world.steps.at(-1)).toBe('retrieved');
    expect((await world.phone('102').dial('*88106').finished()).status).toBe(404);
  });

  it('a group that is renamed shows its new name', async () => {
    const world = office();
    await transfer(world.phone('104'), world.phone('101'));
    world.groups.saveParkGroup(supportGroup(undefined, { name: 'Help desk' }));
    const list = await world.phone('102').subscribe('*88');
    await world.pass(10);
    expect(callsIn(list)).toMatchObject([{ group: 'Help desk' }]);
  });
});

describe('where a recall goes', () => {
  it('is told with every call: to the parker where the ring group is gone or empty', async () => {
    const world = office();
    world.groups.saveRingGroup(salesGroup());
    const destination = { kind: 'ring-group', ringGroupId: sales } as const;
    world.groups.saveParkGroup(
      supportGroup(undefined, { recall: { ...defaultRecallSettings, destination } }),
    );
    await transfer(world.phone('104'), world.phone('101'));
    const list = await world.phone('102').subscribe('*88');
    await world.pass(10);
    expect(list.last?.text).toContain('recall-to="ring-group" recall-group="Sales"');
    world.groups.removeRingGroup(sales);
    await world.pass(1_100);
    expect(list.last?.text).toContain('recall-to="parker"');
    expect(list.last?.text).not.toContain('Sales');
  });
});

describe('snooze of a group’s call', () => {
  it('is any member’s, by code or from the card, and nobody else’s', async () => {
    const world = office();
    const { result } = await transfer(world.phone('104'), world.phone('101'));
    const parkId = parkIdOf(result?.text) ?? '';
    await world.pass(200_000);
    const before = world.parked[0]?.recallAt ?? 0;
    expect((await world.phone('106').dial(`*89101;park-id=${parkId}`).finished()).status).toBe(403);
    expect((await world.phone('102').dial('*89').finished()).status).toBe(200);
    expect((world.parked[0]?.recallAt ?? 0) - before).toBeGreaterThan(199_000);
    expect(world.steps.at(-1)).toBe('snoozed');
  });
});
