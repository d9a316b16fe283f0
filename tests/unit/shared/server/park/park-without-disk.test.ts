import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../../../shared/server/ports/journal.ts';
import type { ParkedCallStore } from '../../../../../shared/server/ports/parked-call-store.ts';
import { CallWorld } from '../../../../fakes/call-world.ts';

/** A journal and a store that can be made to fail, as on a full disk. */
class FailingDisk {
  full = false;
  readonly journal: Journal = { append: () => this.#write(), history: () => [] };
  readonly parkedCalls: ParkedCallStore = {
    save: () => this.#write(),
    remove: () => this.#write(),
    all: () => [],
    markAllLost: () => [],
  };

  #write(): void {
    if (this.full) throw new Error('database or disk is full');
  }
}

async function parked(disk: FailingDisk) {
  const { journal, parkedCalls } = disk;
  const world = new CallWorld(['101', '102', '104'], { journal, parkedCalls });
  const bob = world.phone('101');
  const dialled = world.phone('104').dial('101');
  const atBob = (await bob.nextCall()).answer();
  const atClient = await dialled.answered();
  await world.pass(10);
  expect((await atBob.refer('*68102')).status).toBe(202);
  expect((await atBob.referResult()).status).toBe(200);
  await atBob.hangUp();
  return { world, bob, atClient };
}

describe('a disk that fails while calls are parked', () => {
  it('keeps nobody from parking, and the call is recalled in time', async () => {
    const disk = new FailingDisk();
    disk.full = true;
    const { world, bob } = await parked(disk);
    expect(world.parked).toMatchObject([{ slot: '102', state: 'parked' }]);
    await world.pass(300_000);
    const recall = await bob.nextCall();
    recall.answer();
    await world.pass(100);
    expect(world.media.openLegs.map(({ hearing }) => hearing.kind)).toEqual(['bridge', 'bridge']);
  });

  it('keeps nobody from being taken back, and nothing is left when they hang up', async () => {
    const disk = new FailingDisk();
    const { world, atClient } = await parked(disk);
    disk.full = true;
    const alice = await world.phone('102').dial('*88102').answered();
    await world.pass(100);
    expect(world.media.openLegs.map(({ hearing }) => hearing.kind)).toEqual(['bridge', 'bridge']);
    await atClient.hangUp();
    await alice.byeReceived();
    await world.pass(40_000);
    expect(world.openLegs).toBe(0);
    expect(world.control.activeCalls).toBe(0);
  });
});
