import { describe, expect, it } from 'vitest';
import { goneText, parseGoneText, type GoneReason } from '../../../../shared/domain/gone-text.ts';
import { huntMember } from '../../../../shared/domain/group-hunt.ts';
import { addMs, groupId, ringGroupId, userId } from '../../../../shared/domain/ids.ts';
import { isAlerted, isOpenTo, listFor, type Watcher } from '../../../../shared/domain/park-list.ts';
import type { ParkedCall, ParkFacts } from '../../../../shared/domain/park-state.ts';
import {
  checkDestination,
  decideRecall,
  whoIsRecalled,
  type RecallSettings,
} from '../../../../shared/domain/recall-policy.ts';
import { extension, parkFacts, parkIdOf, startOfTest } from '../../../fakes/parked-calls.ts';

const support = groupId('support');
const watcher = (text: string, group = false): Watcher => ({
  userId: userId(`user-${text}`),
  extension: extension(text),
  groupIds: group ? [support] : [],
});

function parkedCall(changes: Partial<ParkFacts> = {}): ParkedCall {
  const state = {
    kind: 'parked',
    parkedAt: startOfTest,
    attempts: 0,
    recallAt: startOfTest,
  } as const;
  return { facts: parkFacts(changes), version: 2, state };
}

describe('the list of a watcher', () => {
  const directed = parkedCall();
  const grouped = parkedCall({
    parkId: parkIdOf(2),
    slot: extension('104'),
    group: { id: support, name: 'Support' },
  });
  const calls = [directed, grouped];

  it('shows the own slot, the own group and what one parked oneself', () => {
    const marks = (who: Watcher) =>
      listFor(who, { kind: 'mine' }, calls).map((entry) =>
        entry.kind === 'full' ? [entry.call.facts.slot, entry.marks.join('+')] : ['?', ''],
      );
    expect(marks(watcher('102'))).toEqual([['102', 'own']]);
    expect(marks(watcher('104', true))).toEqual([['104', 'own+group']]);
    expect(marks(watcher('105', true))).toEqual([['104', 'group']]);
    expect(marks(watcher('101'))).toEqual([
      ['102', 'parked-by-me'],
      ['104', 'parked-by-me'],
    ]);
    expect(marks(watcher('199'))).toEqual([]);
  });

  it('gives slot and state only to whom a call does not concern', () => {
    const target = { kind: 'slot', slot: extension('102') } as const;
    expect(listFor(watcher('199'), target, calls)).toEqual([{ kind: 'slot-only', call: directed }]);
    expect(listFor(watcher('102'), target, calls)[0]?.kind).toBe('full');
  });

  it('of the group does not hold calls that were parked on a member’s extension', () => {
    const inGroup = parkedCall({ slot: extension('105') });
    const target = { kind: 'group' } as const;
    expect(listFor(watcher('105', true), target, [inGroup, grouped])).toMatchObject([
      { call: grouped },
    ]);
    expect(listFor(watcher('105'), target, [inGroup, grouped])).toEqual([]);
  });
});

describe('the alert of a parked call', () => {
  it('goes to everyone it concerns but the parker, unless the tenant says so', () => {
    const call = parkedCall();
    expect(isAlerted(call, watcher('102'), false)).toBe(true);
    expect(isAlerted(call, watcher('103'), false)).toBe(false);
    expect(isAlerted(call, watcher('101'), false)).toBe(false);
    expect(isAlerted(call, watcher('101'), true)).toBe(true);
    expect(isAlerted(parkedCall({ slot: extension('101') }), watcher('101'), false)).toBe(false);
  });
});

describe('a slot', () => {
  const owner = { extension: extension('102'), groupIds: [support] };
  it.each([
    ['tenant', watcher('199'), true],
    ['group', watcher('199'), false],
    ['group', watcher('103', true), true],
    ['own', watcher('103', true), false],
    ['own', watcher('102'), true],
  ] as const)('open to %s: %o → %s', (openness, who, open) => {
    expect(isOpenTo(openness, who, owner)).toBe(open);
  });
});

describe('the hunt through a group', () => {
  const members = ['101', '102', '103'].map(extension);
  const counts = (...numbers: number[]) => {
    return (member: string) => numbers[members.findIndex((each) => each === member)] ?? 0;
  };
  it.each([
    [[0, 0, 0], 10, '101'],
    [[1, 0, 0], 10, '102'],
    [[1, 2, 0], 10, '103'],
    [[2, 1, 1], 10, '102'],
    [[2, 2, 2], 2, null],
    [[2, 2, 1], 2, '103'],
  ])('with %j calls and a cap of %i finds %s', (numbers, cap, found) => {
    expect(huntMember(members, counts(...numbers), cap)).toBe(found);
  });

  it('finds nobody in an empty group', () => {
    expect(huntMember([], () => 0, 10)).toBeNull();
  });
});

describe('the recall policy', () => {
  const now = startOfTest;
  const sales = ringGroupId('sales');
  const settings = (destination: RecallSettings['destination']): RecallSettings => ({
    timerMs: 300_000,
    retryMs: 10_000,
    destination,
  });
  const ring = (ms: number) => ({ kind: 'ring-parker', until: addMs(now, ms) });
  const parker = settings({ kind: 'parker' });
  const first = settings({ kind: 'parker-then-ring-group', ringGroupId: sales, waitMs: 60_000 });
  const only = settings({ kind: 'ring-group', ringGroupId: sales });
  const forward = { kind: 'forward', ringGroupId: sales };
  const wait = { kind: 'wait', until: addMs(now, 10_000) };

  it.each([
    ['parker only', parker, 'due', ring(300_000)],
    ['parker only', parker, 'not-taken', wait],
    ['parker only', parker, 'park-failed', ring(300_000)],
    ['parker first', first, 'due', ring(60_000)],
    ['parker first', first, 'not-taken', forward],
    ['parker first', first, 'park-failed', ring(60_000)],
    ['ring group only', only, 'due', forward],
    ['ring group only', only, 'park-failed', ring(300_000)],
  ] as const)('%s, %s', (_name, recall, moment, decision) => {
    expect(decideRecall(recall, moment, { now, ringGroup: 'usable' })).toEqual(decision);
  });

  it('falls back to the parker when the ring group is gone', () => {
    const gone = { now, ringGroup: 'unusable' } as const;
    for (const recall of [first, only]) {
      expect(decideRecall(recall, 'due', gone)).toEqual(ring(300_000));
      expect(decideRecall(recall, 'not-taken', gone)).toEqual(wait);
    }
  });

  it.each([
    { exists: [true, true], alone: 'parker', usable: 'parker' },
    { exists: [true, false], alone: 'parker', usable: 'parker' },
    { exists: [false, true], alone: 'slot-owner', usable: 'nobody' },
    { exists: [false, false], alone: 'nobody', usable: 'nobody' },
  ] as const)(
    'where parker and slot’s owner exist as %j, it rings them or their like',
    ({ exists: [parkerExists, slotOwner], alone, usable }) => {
      const exists = { parker: parkerExists, slotOwner };
      expect(whoIsRecalled(parker, exists, 'unusable')).toBe(alone);
      for (const recall of [first, only]) {
        expect(whoIsRecalled(recall, exists, 'unusable')).toBe(alone);
        expect(whoIsRecalled(recall, exists, 'usable')).toBe(usable);
      }
    },
  );

  it('lets a ring group be chosen only where it exists', () => {
    expect(checkDestination(only.destination, new Set([sales])).ok).toBe(true);
    expect(checkDestination(only.destination, new Set())).toEqual({
      ok: false,
      error: 'ring-group-missing',
    });
  });
});

describe('the words of a 410', () => {
  it.each<GoneReason>([
    { kind: 'retrieved', by: 'Carol "the" <b>' },
    { kind: 'returned', to: 'Bob' },
    { kind: 'caller-gone' },
    { kind: 'forwarded' },
    { kind: 'lost' },
  ])('%j are read as they were written', (reason) => {
    expect(parseGoneText(goneText(reason))).toEqual(reason);
  });

  it('of another server are left alone', () => {
    expect(parseGoneText('Gone')).toBeNull();
  });
});
