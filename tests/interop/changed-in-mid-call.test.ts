import { afterEach, describe, expect, it } from 'vitest';
import type { TenantSettingsInput } from '../../shared/config/tenant-settings.ts';
import type { Extension } from '../../shared/domain/ids.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { connectWs } from '../fakes/phone-connections.ts';
import { until } from '../fakes/sip-phone.ts';
import { Exchange } from './kit/exchange.ts';

let exchange: Exchange;
afterEach(() => exchange.close());

/** Time passes only as the test says. */
async function office(settings: TenantSettingsInput = {}): Promise<FakeClock> {
  const clock = new FakeClock();
  exchange = await Exchange.start(['101', '102', '103', '104', '105'], settings, { clock });
  return clock;
}

const number = (digits: string) => ({ extension: digits as Extension });
const parkedNow = () => exchange.server.calls.parkedCalls(exchange.tenant.id);

describe('a user who is deleted while their phone rings', () => {
  it('is not given the call, and the caller is told', async () => {
    await office();
    const alice = await exchange.signedIn('102');
    const dialled = (await exchange.signedIn('105')).dial('102');
    const ringing = await alice.nextCall();
    ringing.ring();
    exchange.removeUser('102');
    await ringing.wasCancelled();
    expect((await dialled.finished()).status).toBe(480);
  });

  it('leaves a ring group’s call to the others', async () => {
    await office();
    exchange.addRingGroup('Sales', ['102', '103'], number('600'));
    const alice = await exchange.signedIn('102');
    const carol = await exchange.signedIn('103');
    const dialled = (await exchange.signedIn('105')).dial('600');
    const atAlice = await alice.nextCall();
    const atCarol = await carol.nextCall();
    atAlice.ring();
    exchange.removeUser('102');
    await atAlice.wasCancelled();
    atCarol.answer();
    expect(exchange.hears(await dialled.answered())).toBe('103');
  });
});

describe('a user who is deleted in a call, on a new WebSocket', () => {
  it('is told that the call is over', async () => {
    await office();
    const { phone: alice, drop } = await exchange.app('102', { instance: 'alice-at-her-desk' });
    const bob = await exchange.signedIn('101');
    const { caller, callee } = await exchange.connect(bob, alice);
    drop();
    alice.moveTo(await connectWs(exchange.webSocketUrl));
    await alice.register();
    exchange.removeUser('102');
    expect(exchange.hears(caller)).toBe('102');
    await caller.hangUp();
    await callee.byeReceived();
  });
});

describe('a ring group that is deleted while it rings', () => {
  it('rings its time out, and the caller is told that nobody answers', async () => {
    const clock = await office();
    const other = exchange.addRingGroup('Other', ['103']);
    const noAnswer = { kind: 'ring-group', ringGroupId: other.id } as const;
    const sales = exchange.addRingGroup('Sales', ['102'], { ...number('600'), noAnswer });
    const alice = await exchange.signedIn('102');
    const dialled = (await exchange.signedIn('105')).dial('600');
    (await alice.nextCall()).ring();
    exchange.removeRingGroup(sales);
    exchange.removeRingGroup(other);
    clock.advance(20_000);
    await dialled.ringing(183);
    clock.advance(15_000);
    expect((await dialled.finished()).status).toBe(480);
    expect(exchange.server.calls.activeCalls).toBe(0);
  });
});

describe('a server that stops while it speaks', () => {
  const stop = () => void exchange.server.close({ graceMs: 0 });

  it('to a caller whom a ring group did not answer hangs up', async () => {
    const clock = await office();
    const { id: ringGroupId } = exchange.addRingGroup('Sales', ['103']);
    exchange.configure({ recall: { destination: { kind: 'ring-group', ringGroupId } } });
    const bob = await exchange.signedIn('101');
    const { caller, callee } = await exchange.connect(await exchange.signedIn('104'), bob);
    await callee.refer('*68102');
    await callee.referResult();
    clock.advance(300_000);
    clock.advance(20_000);
    await until('the announcement', () => exchange.hears(caller) === 'clip');
    stop();
    await caller.byeReceived();
  });

  it.each(['600', '*88'])('to somebody who dialled %s refuses the call', async (dial) => {
    const clock = await office({ announceRefusals: true });
    exchange.addRingGroup('Sales', ['103'], number('600'));
    const carol = await exchange.signedIn('103');
    const dialled = (await exchange.signedIn('105')).dial(dial);
    if (dial === '600') {
      (await carol.nextCall()).ring();
      clock.advance(20_000);
    }
    await dialled.ringing(183);
    stop();
    expect((await dialled.finished()).status).toBeGreaterThanOrEqual(400);
  });
});

describe('parks in the same moment', () => {
  it('to a group fill it to its cap, one for each member, and the rest go on talking', async () => {
    await office({ parkedCallsPerExtension: 1 });
    exchange.saveParkGroup('Support', { members: ['101', '102', '103'] });
    const client = await exchange.signedIn('104');
    const parkers = ['101', '102', '103', '101', '102', '103'];
    const pairs = [];
    for (const extension of parkers) {
      const parker = await exchange.signedIn(extension);
      pairs.push(await exchange.connect(client, parker));
      await parker.register(0);
    }
    const answers = await Promise.all(pairs.map(({ callee }) => callee.refer('*58')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([202, 202, 202, 480, 480, 480]);
    expect(parkedNow().map(({ slot }) => slot)).toEqual(
      expect.arrayContaining(['101', '102', '103']),
    );
    const talking = pairs.filter((_, index) => statuses[index] === 480);
    for (const { caller } of talking) expect(exchange.hears(caller)).toMatch(/^10[123]$/);
  });

  it('a hundred transfers of one call at once: one is done, the others wait for nothing', async () => {
    await office();
    const bob = await exchange.signedIn('101');
    const { caller, callee } = await exchange.connect(await exchange.signedIn('104'), bob);
    const targets = ['*68102', '*58', '*88', '105', '*68999', '102', '*6810', '*89'];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => callee.refer(targets[i % targets.length] ?? '')),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(exchange.hears(caller)).toBe('music');
    expect(parkedNow()).toHaveLength(1);
  });
});
