import { describe, expect, it } from 'vitest';
import { epochMs, ringGroupId } from '../../../../shared/domain/ids.ts';
import type { RingGroup, RingStrategy } from '../../../../shared/domain/ring-group.ts';
import {
  decideRinging,
  enterRingGroup,
  type MemberState,
  type RingDecision,
  type RingView,
} from '../../../../shared/domain/ring-plan.ts';
import { salesGroup } from '../../../fakes/group-samples.ts';
import { extension } from '../../../fakes/parked-calls.ts';

interface Office {
  readonly groups?: readonly RingGroup[];
  /** Everybody is free who is not named. */
  readonly states?: Readonly<Record<string, MemberState>>;
  readonly idleSince?: Readonly<Record<string, number>>;
  readonly deleted?: readonly string[];
}

const viewOf = ({ groups = [], states = {}, idleSince = {}, deleted = [] }: Office): RingView => ({
  ringGroup: (id) => groups.find((group) => group.id === id),
  memberState: (member) => states[member] ?? 'free',
  idleSince: (member) => {
    const since = idleSince[member];
    return since === undefined ? null : epochMs(since);
  },
  isUser: (each) => !deleted.includes(each),
});

/** What a plan does to its end when nobody ever answers; at most 20 steps. */
function wholePlan(group: RingGroup, office: Office = {}): readonly string[] {
  const said: string[] = [];
  let decision: RingDecision = decideRinging(enterRingGroup(group), viewOf(office));
  while (decision.kind === 'ring' && said.length < 20) {
    said.push(`ring ${decision.now.join('+') || 'nobody'} ${decision.ringMs / 1000} s`);
    decision = decideRinging(decision.next, viewOf(office));
  }
  return [
    ...said,
    decision.kind === 'ring-extension' ? `ext ${decision.extension}` : decision.kind,
  ];
}

const members = ['105', '106', '107'];
const group = (strategy: RingStrategy, changes: Partial<RingGroup> = {}): RingGroup =>
  salesGroup(members, { strategy, ...changes });

describe('who of a ring group rings', () => {
  it('all of them at once, once', () => {
    expect(wholePlan(group('ring-all'))).toEqual(['ring 105+106+107 20 s', 'hang-up']);
  });

  it('one after the other, each for the ring time', () => {
    const expected = ['ring 105 20 s', 'ring 106 20 s', 'ring 107 20 s', 'hang-up'];
    expect(wholePlan(group('in-order'))).toEqual(expected);
  });

  it('first whoever has had no call yet, then whose last call ended longest ago', () => {
    const idleSince = { '105': 3_000, '106': 1_000 };
    const expected = ['ring 107 20 s', 'ring 106 20 s', 'ring 105 20 s', 'hang-up'];
    expect(wholePlan(group('longest-idle'), { idleSince })).toEqual(expected);
  });

  it('those who are in a call or signed out are passed over', () => {
    const states = { '105': 'busy', '106': 'away' } as const;
    for (const strategy of ['ring-all', 'in-order', 'longest-idle'] as const) {
      expect(wholePlan(group(strategy), { states })).toEqual(['ring 107 20 s', 'hang-up']);
    }
  });

  it('those who are in a call where nobody is free', () => {
    const states = { '105': 'away', '106': 'busy', '107': 'busy' } as const;
    expect(wholePlan(group('ring-all'), { states })).toEqual(['ring 106+107 20 s', 'hang-up']);
    expect(wholePlan(group('in-order'), { states })).toEqual(['ring 106 20 s', 'hang-up']);
  });

  it('whoever signs in within the ring time, where nobody is there', () => {
    const states = { '105': 'away', '106': 'away', '107': 'away' } as const;
    const plan = decideRinging(enterRingGroup(group('in-order')), viewOf({ states }));
    expect(plan).toMatchObject({ kind: 'ring', now: [], whenTheyCome: members, ringMs: 20_000 });
    expect(wholePlan(group('in-order'), { states })).toEqual(['ring nobody 20 s', 'hang-up']);
  });

  it('nobody of a group that was emptied, or whose members were deleted', () => {
    expect(wholePlan(salesGroup([]))).toEqual(['hang-up']);
    expect(wholePlan(group('ring-all'), { deleted: members })).toEqual(['hang-up']);
  });
});

describe('a ring group that nobody answered', () => {
  const onward = (id: string): RingGroup =>
    salesGroup(['108'], { id: ringGroupId(id), noAnswer: { kind: 'hang-up' } });

  it('rings an extension, unless that was deleted', () => {
    const noAnswer = { kind: 'extension', extension: extension('109') } as const;
    const all = group('ring-all', { noAnswer });
    expect(wholePlan(all).at(-1)).toBe('ext 109');
    expect(wholePlan(all, { deleted: ['109'] }).at(-1)).toBe('hang-up');
  });

  it('goes on to another ring group, unless that was deleted', () => {
    const noAnswer = { kind: 'ring-group', ringGroupId: ringGroupId('night') } as const;
    const all = group('ring-all', { noAnswer });
    const groups = [all, onward('night')];
    const expected = ['ring 105+106+107 20 s', 'ring 108 20 s', 'hang-up'];
    expect(wholePlan(all, { groups })).toEqual(expected);
    expect(wholePlan(all, { groups: [all] })).toEqual(['ring 105+106+107 20 s', 'hang-up']);
  });

  it('never comes back to a ring group that it has been with', () => {
    const to = (id: string) => ({ kind: 'ring-group', ringGroupId: ringGroupId(id) }) as const;
    const night = { ...onward('night'), noAnswer: to('sales') };
    const day = group('ring-all', { noAnswer: to('night') });
    const itself = group('ring-all', { noAnswer: to('sales') });
    const office = { groups: [day, night] };
    expect(wholePlan(day, office)).toEqual(['ring 105+106+107 20 s', 'ring 108 20 s', 'hang-up']);
    expect(wholePlan(itself, { groups: [itself] })).toHaveLength(2);
  });
});
