import { describe, expect, it } from 'vitest';
import { CallWorld } from '../../../../fakes/call-world.ts';
import type { OutgoingCall } from '../../../../fakes/outgoing-call.ts';
import type { PhoneCall } from '../../../../fakes/phone-call.ts';

/** Bob calls Alice, who answers; Bob's phone has our 2xx, and its ACK is not in. */
async function answered(): Promise<{
  world: CallWorld;
  dialled: OutgoingCall;
  atAlice: PhoneCall;
}> {
  const world = new CallWorld(['101', '102']);
  const [bob, alice] = [world.phone('101'), world.phone('102')];
  const dialled = bob.dial('102');
  dialled.acknowledge = false;
  const atAlice = (await alice.nextCall()).answer();
  await dialled.finished();
  return { world, dialled, atAlice };
}

describe('a call that is over before its 2xx was acknowledged', () => {
  it('gets its BYE when the ACK comes, not before (RFC 3261 §15), and is watched no more', async () => {
    const { world, dialled, atAlice } = await answered();
    const atBob = await dialled.answered();
    await atAlice.hangUp();
    await world.pass(1_000);
    expect(atBob.bye).toBeUndefined();
    if (dialled.final === undefined) throw new Error('no answer');
    atBob.ack(dialled.final);
    await world.pass(10);
    expect(atBob.received.map(({ method }) => method)).toEqual(['BYE']);
    await world.pass(400_000);
    expect(atBob.received).toHaveLength(1);
    expect([world.openLegs, world.control.activeCalls, world.clock.pending]).toEqual([0, 0, 0]);
  });

  it('gets it after five seconds where it retrieved a call whose caller hung up (WIRE §4)', async () => {
    const world = new CallWorld(['101', '102', '104']);
    const bob = world.phone('101');
    const client = world.phone('104').dial('101');
    const atBob = (await bob.nextCall()).answer();
    const atClient = await client.answered();
    await world.pass(10);
    await atBob.refer('*68102');
    await atBob.referResult();
    const dialled = world.phone('102').dial('*88102');
    dialled.acknowledge = false;
    const atAlice = await dialled.answered();
    await atClient.hangUp();
    await world.pass(4_900);
    expect(atAlice.bye).toBeUndefined();
    await world.pass(200);
    expect(atAlice.bye?.headers.get('Reason')).toContain('cause=480');
    await world.pass(40_000);
    expect(atAlice.received).toHaveLength(1);
  });

  it('gets it when nobody waits for the ACK any more', async () => {
    const { world, dialled, atAlice } = await answered();
    const atBob = await dialled.answered();
    await atAlice.hangUp();
    await world.pass(33_000);
    expect(atBob.received.map(({ method }) => method)).toEqual(['BYE']);
    expect(world.logged.filter((line) => line.startsWith('FAILED'))).toEqual([]);
  });
});
