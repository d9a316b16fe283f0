import { describe, expect, it } from 'vitest';
import { defaultRecallSettings } from '../../../../../shared/domain/recall-policy.ts';
import type { RecallDestination } from '../../../../../shared/domain/recall-policy.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import { sales, salesGroup, supportGroup, supportWith } from '../../../../fakes/group-samples.ts';
import type { SipPhone } from '../../../../fakes/sip-phone.ts';

const PEOPLE = ['101', '102', '103', '104', '105', '106'];

const onlyParker: RecallDestination = { kind: 'parker' };
const parkerFirst: RecallDestination = {
  kind: 'parker-then-ring-group',
  ringGroupId: sales,
  waitMs: 300_000,
};
const ringGroupOnly: RecallDestination = { kind: 'ring-group', ringGroupId: sales };

/** 104 calls 101, who parks to the group Support (or to `code`) and hangs up. Sales are 105 and 106. */
async function parked(destination: RecallDestination, code = '*58') {
  const world = new CallWorld(PEOPLE, {
    settings: { recall: { ...defaultRecallSettings, destination } },
  });
  world.groups.saveRingGroup(salesGroup());
  world.groups.saveParkGroup(supportWith(destination));
  const bob = world.phone('101');
  const staff = { bob, dave: world.phone('105'), erin: world.phone('106') };
  const dialled = world.phone('104').dial('101');
  const atBob = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  await atBob.refer(code);
  await atBob.referResult();
  await atBob.hangUp();
  return { world, ...staff, atClient };
}

const failures = (world: CallWorld) => world.logged.filter((line) => line.startsWith('FAILED'));

/** How often each phone has been called and not answered yet. */
const ringing = (...phones: readonly SipPhone[]): readonly number[] =>
  phones.map(({ incoming }) => incoming.filter((call) => call.waits).length);

function callerHears(world: CallWorld): string {
  const leg = world.media.openLegs[0];
  if (leg?.hearing.kind === 'bridge') return 'somebody';
  if (leg?.hearing.kind !== 'play') return 'silence';
  return leg.hearing.source.kind;
}

describe.each(['*58', '*68102'])('with the real times, parked by %s', (code) => {
  it('alert parking user only: rings for 300 s, is tried again 10 s after every failure, for ever', async () => {
    const { world, bob, dave, erin, atClient } = await parked(onlyParker, code);
    await world.pass(299_900);
    expect(ringing(bob, dave, erin)).toEqual([0, 0, 0]);
    await world.pass(200);
    expect(ringing(bob, dave, erin)).toEqual([1, 0, 0]);
    await world.pass(299_700);
    expect(ringing(bob)).toEqual([1]);
    await world.pass(300);
    expect(ringing(bob)).toEqual([0]);
    expect(callerHears(world)).toBe('music');
    await world.pass(9_500);
    expect(ringing(bob)).toEqual([0]);
    await world.pass(600);
    const again = bob.incoming.at(-1);
    expect(again?.request.headers.get('X-Park-Recall')).toMatch(/^attempt=2;slot=10[12];/);
    again?.refuse(603);
    await world.pass(9_900);
    expect(ringing(bob)).toEqual([0]);
    await world.pass(200);
    expect(ringing(bob)).toEqual([1]);
    world.signOut(bob);
    bob.incoming.at(-1)?.refuse(480);
    await world.pass(600_000);
    world.reconnect(bob);
    await world.pass(10_100);
    bob.incoming.at(-1)?.answer();
    await world.pass(100);
    expect(world.steps.at(-1)).toBe('returned');
    expect([callerHears(world), atClient.ended]).toEqual(['somebody', false]);
    expect(ringing(dave, erin)).toEqual([0, 0]);
    expect(failures(world)).toEqual([]);
  });

  it('alert parking user first, then ring group: not answered within the wait time', async () => {
    const { world, bob, dave, erin, atClient } = await parked(parkerFirst, code);
    await world.pass(300_100);
    expect(ringing(bob, dave, erin)).toEqual([1, 0, 0]);
    await world.pass(299_800);
    expect(ringing(bob, dave, erin)).toEqual([1, 0, 0]);
    await world.pass(300);
    expect(ringing(bob, dave, erin)).toEqual([0, 1, 1]);
    expect(callerHears(world)).toBe('music');
    dave.incoming.at(-1)?.answer();
    await world.pass(10);
    expect(erin.incoming.at(-1)?.cancelled?.headers.get('Reason')).toBe(
      'SIP;cause=200;text="Call completed elsewhere"',
    );
    expect([callerHears(world), atClient.ended]).toEqual(['somebody', false]);
    expect(world.journal.at(-1)?.step).toEqual({ kind: 'forwarded', to: 'Sales' });
    expect(failures(world)).toEqual([]);
  });

  it('alert parking user first, then ring group: refused on the last device', async () => {
    const { world, bob, dave } = await parked(parkerFirst, code);
    const desk = world.phone('101');
    await world.pass(300_100);
    bob.incoming.at(-1)?.refuse(486);
    await world.pass(100);
    expect(ringing(dave)).toEqual([0]);
    desk.incoming.at(-1)?.refuse(603);
    await world.pass(100);
    expect(ringing(dave)).toEqual([1]);
  });

  it('alert parking user first, then ring group: the parker is signed out, or deleted', async () => {
    const away = await parked(parkerFirst, code);
    away.world.signOut(away.bob);
    await away.world.pass(300_200);
    expect(ringing(away.dave, away.erin)).toEqual([1, 1]);
    const gone = await parked(parkerFirst, code);
    const alice = gone.world.phone('102');
    gone.world.removeUser('101');
    await gone.world.pass(300_200);
    expect(ringing(alice, gone.dave, gone.erin)).toEqual([0, 1, 1]);
  });

  it('alert ring group only: after the recall time, without the parker', async () => {
    const { world, bob, dave, erin, atClient } = await parked(ringGroupOnly, code);
    await world.pass(299_900);
    expect(ringing(bob, dave, erin)).toEqual([0, 0, 0]);
    await world.pass(200);
    expect(ringing(bob, dave, erin)).toEqual([0, 1, 1]);
    expect(world.parked).toEqual([]);
    expect((await world.phone('102').dial('*88').finished()).status).toBe(410);
    erin.incoming.at(-1)?.answer();
    await world.pass(100);
    expect([callerHears(world), atClient.ended]).toEqual(['somebody', false]);
  });
});

describe('a recall to a ring group', () => {
  it('goes to the parker alone where the ring group was deleted or emptied since', async () => {
    for (const destination of [parkerFirst, ringGroupOnly]) {
      const { world, bob, dave, erin } = await parked(destination);
      world.groups.saveRingGroup(salesGroup([]));
      await world.pass(300_100);
      expect(ringing(bob, dave, erin)).toEqual([1, 0, 0]);
      bob.incoming.at(-1)?.refuse(486);
      await world.pass(10_100);
      expect(ringing(bob)).toEqual([1]);
    }
  });

  it('goes on with the parker where the ring group is deleted while the parker rings', async () => {
    const { world, bob, dave, erin, atClient } = await parked(parkerFirst);
    await world.pass(300_100);
    world.groups.removeRingGroup(sales);
    await world.pass(300_100);
    expect(ringing(bob, dave, erin)).toEqual([0, 0, 0]);
    await world.pass(10_000);
    expect(ringing(bob)).toEqual([1]);
    expect(atClient.ended).toBe(false);
    expect(failures(world)).toEqual([]);
  });

  it('is not taken back: nobody answers, the caller hears so and the call ends', async () => {
    const { world, bob, dave, erin, atClient } = await parked(ringGroupOnly);
    await world.pass(300_100);
    world.groups.removeRingGroup(sales);
    await world.pass(20_100);
    expect(ringing(bob, dave, erin)).toEqual([0, 0, 0]);
    await world.pass(15_100);
    expect(atClient.bye?.headers.get('Reason')).toBe('SIP;cause=480;text="No answer"');
    expect(world.control.activeCalls).toBe(0);
    expect(world.openLegs).toBe(0);
  });

  it('ends with a caller who hangs up meanwhile', async () => {
    const { world, dave, erin, atClient } = await parked(ringGroupOnly);
    await world.pass(300_100);
    await atClient.hangUp();
    await world.pass(100);
    expect(ringing(dave, erin)).toEqual([0, 0]);
    expect([world.openLegs, world.control.activeCalls]).toEqual([0, 0]);
  });

  it('is an ordinary call once answered: it can be parked again', async () => {
    const { world, dave } = await parked(ringGroupOnly);
    await world.pass(300_100);
    const atDave = dave.incoming.at(-1)?.answer();
    await world.pass(100);
    await atDave?.refer('*68102');
    await world.pass(100);
    expect(world.parked).toMatchObject([{ slot: '102', parker: '105' }]);
  });
});

describe('when people are deleted', () => {
  it('the slot’s owner rings for a deleted parker', async () => {
    const { world } = await parked(onlyParker, '*68102');
    const alice = world.phone('102');
    world.removeUser('101');
    await world.pass(300_100);
    expect(ringing(alice)).toEqual([1]);
  });

  it('a parker who is deleted while their phone rings does not get the caller any more', async () => {
    const { world, bob, atClient } = await parked(onlyParker, '*68102');
    const alice = world.phone('102');
    await world.pass(300_100);
    expect(ringing(bob)).toEqual([1]);
    bob.incoming[0]?.ring();
    await world.pass(10);
    world.removeUser('101');
    await world.pass(10);
    expect(ringing(bob)).toEqual([0]);
    await world.pass(10_100);
    expect(ringing(alice)).toEqual([1]);
    expect(atClient.ended).toBe(false);
  });

  it('parker and owner both: the caller is kept, and anybody can take them by the code', async () => {
    const { world, atClient } = await parked(onlyParker, '*68102');
    world.removeUser('102');
    world.removeUser('101');
    await world.pass(700_000);
    expect(atClient.ended).toBe(false);
    expect(world.parked).toMatchObject([{ slot: '102' }]);
    await world.phone('103').call('*88102');
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('retrieved');
    expect(failures(world)).toEqual([]);
  });

  it('parker and owner of a group’s call: another member rings', async () => {
    const { world } = await parked(onlyParker);
    const [alice, carol] = [world.phone('102'), world.phone('103')];
    world.removeUser('101');
    expect(world.parked).toMatchObject([{ slot: '102' }]);
    world.removeUser('102');
    expect(world.parked).toMatchObject([{ slot: '103' }]);
    await world.pass(300_100);
    expect(ringing(alice, carol)).toEqual([0, 1]);
  });
});

describe('a group’s own recall time', () => {
  it('counts for its calls alone', async () => {
    const world = new CallWorld(PEOPLE);
    world.groups.saveParkGroup(
      supportGroup(undefined, { recall: { ...defaultRecallSettings, timerMs: 60_000 } }),
    );
    const bob = world.phone('101');
    for (const [code, client] of [
      ['*58', '104'],
      ['*68103', '105'],
    ] as const) {
      const dialled = world.phone(client).dial('101');
      const atBob = (await bob.nextCall()).answer();
      await dialled.answered();
      await atBob.refer(code);
      await atBob.referResult();
      await atBob.hangUp();
    }
    await world.pass(60_100);
    expect(world.parked.map(({ state }) => state)).toEqual(['recalling', 'parked']);
  });
});
