import { describe, expect, it } from 'vitest';
import { CallWorld } from '../../../../fakes/call-world.ts';

/** 104 calls 101, who parks on 102 and hangs up. */
async function parkedCall(world: CallWorld) {
  const bob = world.phone('101');
  const client = world.phone('104');
  const dialled = client.dial('101');
  const atBob = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  await atBob.refer('*68102');
  await atBob.referResult();
  await atBob.hangUp();
  return { bob, atClient };
}

const failures = (world: CallWorld) => world.logged.filter((line) => line.startsWith('FAILED'));

describe('a recall in virtual time', () => {
  it('rings on where one of two devices declines, and is refused by the last', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob } = await parkedCall(world);
    const desk = world.phone('101');
    await world.pass(300_000);
    const [atBob, atDesk] = [await bob.nextCall(), await desk.nextCall()];
    atBob.refuse(603);
    await world.pass(1_000);
    expect(atDesk.cancelled).toBeUndefined();
    atDesk.refuse(486);
    await world.pass(10);
    expect(world.journal.at(-1)?.step).toEqual({
      kind: 'recall-unanswered',
      attempt: 1,
      reason: 'refused',
    });
  });

  it('finds the parker who signed in meanwhile, ten seconds later', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob, atClient } = await parkedCall(world);
    world.signOut(bob);
    await world.pass(300_010);
    expect(world.journal.at(-1)?.step).toMatchObject({ reason: 'unreachable' });
    world.reconnect(bob);
    await world.pass(10_000);
    (await bob.nextCall()).answer();
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('returned');
    expect(atClient.ended).toBe(false);
  });

  it('rings at once on a device where the parker signs in while it rings elsewhere', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob, atClient } = await parkedCall(world);
    const desk = world.phone('101');
    await world.pass(300_000);
    await bob.nextCall();
    (await desk.nextCall()).refuse(480);
    await world.pass(5_000);
    const tablet = world.phone('101');
    await world.pass(10);
    // Neither the phone that rings nor the one that has answered already is called a second time.
    expect([bob, desk, tablet].map(({ incoming }) => incoming.length)).toEqual([0, 0, 1]);
    (await tablet.nextCall()).answer();
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('returned');
    expect(atClient.ended).toBe(false);
    expect(failures(world)).toEqual([]);
  });

  it('rings a device again that lost its connection while it rang and is back', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob } = await parkedCall(world);
    const app = world.phone('101', 'ws');
    await world.pass(300_000);
    await Promise.all([bob.nextCall(), app.nextCall()]);
    world.reconnect(app);
    await world.pass(10);
    expect([bob, app].map(({ incoming }) => incoming.length)).toEqual([0, 1]);
    (await app.nextCall()).answer();
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('returned');
    expect(failures(world)).toEqual([]);
  });

  it('rings a parker’s only device again as soon as it is back from a broken connection', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob } = await parkedCall(world);
    await world.pass(300_000);
    await bob.nextCall();
    world.reconnect(bob);
    await world.pass(10);
    (await bob.nextCall()).answer();
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('returned');
  });

  it('counts a parker whose only device stays away as signed out: they ring ten seconds later', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob } = await parkedCall(world);
    await world.pass(300_000);
    await bob.nextCall();
    bob.flow.close();
    await world.pass(5_010);
    expect(world.journal.at(-1)?.step).toMatchObject({ reason: 'unreachable' });
    world.reconnect(bob);
    await world.pass(10_000);
    (await bob.nextCall()).answer();
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('returned');
  });

  it('rings no device that signs in after it has ended', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { bob, atClient } = await parkedCall(world);
    await world.pass(300_000);
    await bob.nextCall();
    await atClient.hangUp();
    await world.pass(10);
    const tablet = world.phone('101');
    await world.pass(1_000);
    expect(tablet.incoming).toEqual([]);
    expect(world.openLegs).toBe(0);
  });

  it('waits for the WebRTC path of a parker who answered before it connects them', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { atClient } = await parkedCall(world);
    const app = world.phone('101', 'ws', ['opus', 'PCMU']);
    world.media.connectAtOnce = false;
    await world.pass(300_000);
    (await app.nextCall()).answer();
    await world.pass(50);
    const leg = world.media.openLegs.find(({ legName }) => legName.startsWith('recall'));
    expect(leg?.hearing.kind).toBe('silence');
    expect(world.parked).toMatchObject([{ state: 'recalling' }]);
    leg?.connect();
    await world.pass(10);
    expect(world.steps.at(-1)).toBe('returned');
    expect(atClient.ended).toBe(false);
  });

  it('counts a parker who answers and hangs up before the path is up as not answered', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const { atClient } = await parkedCall(world);
    const app = world.phone('101', 'ws');
    world.media.connectAtOnce = false;
    await world.pass(300_000);
    const answered = (await app.nextCall()).answer();
    await world.pass(10);
    await answered.hangUp();
    await world.pass(10);
    expect(world.parked).toMatchObject([{ state: 'parked' }]);
    expect(atClient.ended).toBe(false);
    expect(failures(world)).toEqual([]);
  });

  it('gives up on a parker who answers and never gets a path', async () => {
    const world = new CallWorld(['101', '102', '104']);
    await parkedCall(world);
    const app = world.phone('101', 'ws');
    world.media.connectAtOnce = false;
    await world.pass(300_000);
    const answered = (await app.nextCall()).answer();
    await world.pass(11_000);
    expect(answered.ended).toBe(true);
    expect(world.parked).toMatchObject([{ state: 'parked' }]);
  });
});
