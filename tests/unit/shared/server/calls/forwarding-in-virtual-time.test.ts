import { describe, expect, it } from 'vitest';
import { noForwarding, type Forwarding } from '../../../../../shared/domain/call-forwarding.ts';
import type { UserId } from '../../../../../shared/domain/ids.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';
import { salesGroup } from '../../../../fakes/group-samples.ts';

const EVERYBODY = ['101', '102', '103', '104', '105', '106', '107', '108', '109'];

function exchange(wishes: Readonly<Record<string, Partial<Forwarding>>>) {
  const forwardingOf = (id: UserId): Forwarding => ({
    ...noForwarding,
    ...wishes[id.replace(/^u/, '')],
  });
  const world = new CallWorld(EVERYBODY, { forwardingOf });
  const [bob, alice, carol] = [world.phone('101'), world.phone('102'), world.phone('103')];
  return { world, bob, alice, carol };
}

describe('a user who forwards every call', () => {
  it('is not rung; whoever is sees by whom and why, and the caller sees whom they reach', async () => {
    const { world, bob, alice, carol } = exchange({ '102': { always: '103' } });
    const dialled = bob.dial('102');
    const ringing = await carol.nextCall();
    expect(alice.incoming).toEqual([]);
    expect(ringing.request.headers.get('Diversion')).toBe(
      '"User 102" <sip:102@pbx.test>;reason=unconditional',
    );
    const atCarol = ringing.answer();
    const caller = await dialled.answered();
    expect(caller.introduction.headers.get('P-Asserted-Identity')).toContain('<sip:103@');
    await world.pass(5);
    await caller.hangUp();
    await atCarol.byeReceived();
    expect(world.openLegs).toBe(0);
  });

  it.each(['999', '*68103', '101', '102'])(
    'to %s is rung as if nothing had been set',
    async (always) => {
      const { bob, alice } = exchange({ '102': { always } });
      const dialled = bob.dial('102');
      (await alice.nextCall()).answer();
      await dialled.answered();
    },
  );

  it('in a circle is rung in the end, once', async () => {
    const { bob, alice, carol } = exchange({ '102': { always: '103' }, '103': { always: '102' } });
    const dialled = bob.dial('102');
    (await carol.nextCall()).refuse(486);
    expect((await dialled.finished()).status).toBe(486);
    expect(alice.incoming).toEqual([]);
  });

  it('is followed five times and no more', async () => {
    const chain = Object.fromEntries(
      EVERYBODY.slice(1, 8).map((from, at) => [from, { always: EVERYBODY[at + 2] ?? null }]),
    );
    const { world, bob } = exchange(chain);
    const [seven, eight] = [world.phone('107'), world.phone('108')];
    void bob.dial('102');
    await seven.nextCall();
    expect(eight.incoming).toEqual([]);
  });

  it('is heard by a blind transfer too', async () => {
    const { world, bob, alice, carol } = exchange({ '103': { always: '104' } });
    const dave = world.phone('104');
    const dialled = bob.dial('102');
    const atAlice = (await alice.nextCall()).answer();
    await dialled.answered();
    await world.pass(5);
    await atAlice.refer('103');
    (await dave.nextCall()).answer();
    expect((await atAlice.referResult()).status).toBe(200);
    expect(carol.incoming).toEqual([]);
  });

  it('still hears the recall of a call they parked', async () => {
    const { world, bob, alice, carol } = exchange({ '102': { always: '103' } });
    const dialled = alice.dial('101');
    (await bob.nextCall()).answer();
    const atAlice = await dialled.answered();
    await world.pass(5);
    await atAlice.refer('*68');
    await atAlice.referResult();
    await world.pass(301_000);
    await alice.nextCall();
    expect(carol.incoming).toEqual([]);
  });
});

describe('a user who forwards when busy', () => {
  it('is rung first, and busy sends the call on', async () => {
    const { bob, alice, carol } = exchange({ '102': { busy: '103' } });
    const dialled = bob.dial('102');
    (await alice.nextCall()).refuse(486);
    const ringing = await carol.nextCall();
    expect(ringing.request.headers.get('Diversion')).toContain('reason=user-busy');
    ringing.answer();
    await dialled.answered();
  });

  it.each([603, 480])('and answers %i instead is told to the caller', async (status) => {
    const { bob, alice, carol } = exchange({ '102': { busy: '103' } });
    const dialled = bob.dial('102');
    (await alice.nextCall()).refuse(status);
    expect((await dialled.finished()).status).toBe(status);
    expect(carol.incoming).toEqual([]);
  });
});

describe('a user who forwards what nobody answers', () => {
  const wish = { '102': { noAnswer: { to: '103', afterMs: 8_000 } } };

  it('rings for so long and no longer', async () => {
    const { world, bob, alice, carol } = exchange(wish);
    const dialled = bob.dial('102');
    const atAlice = await alice.nextCall();
    atAlice.ring();
    await world.pass(7_900);
    expect(carol.incoming).toEqual([]);
    await world.pass(200);
    await atAlice.wasCancelled();
    const ringing = await carol.nextCall();
    expect(ringing.request.headers.get('Diversion')).toContain('reason=no-answer');
    ringing.answer();
    await dialled.answered();
  });

  it('and is signed out has the call go on at once', async () => {
    const { world, bob, alice, carol } = exchange(wish);
    world.signOut(alice);
    const dialled = bob.dial('102');
    (await carol.nextCall()).answer();
    await dialled.answered();
  });

  it('and declines is told to the caller', async () => {
    const { bob, alice, carol } = exchange(wish);
    const dialled = bob.dial('102');
    (await alice.nextCall()).refuse(603);
    expect((await dialled.finished()).status).toBe(603);
    expect(carol.incoming).toEqual([]);
  });

  it('may name a ring group', async () => {
    const { world, bob, alice, carol } = exchange({
      '102': { noAnswer: { to: '600', afterMs: 5_000 } },
    });
    world.groups.saveRingGroup(salesGroup(['103']));
    const dialled = bob.dial('102');
    (await alice.nextCall()).ring();
    await world.pass(5_100);
    const atCarol = (await carol.nextCall()).answer();
    const caller = await dialled.answered();
    await world.pass(5);
    await caller.hangUp();
    await atCarol.byeReceived();
    expect(world.openLegs).toBe(0);
  });

  it('leaves nothing behind when the caller hangs up meanwhile', async () => {
    const { world, bob, alice, carol } = exchange(wish);
    const dialled = bob.dial('102');
    (await alice.nextCall()).ring();
    await world.pass(8_100);
    const atCarol = await carol.nextCall();
    dialled.cancel();
    await atCarol.wasCancelled();
    await world.pass(1_000);
    expect(world.openLegs).toBe(0);
  });
});
