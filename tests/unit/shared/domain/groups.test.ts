import { describe, expect, it } from 'vitest';
import { checkGroupName, groupNameKey } from '../../../../shared/domain/group-name.ts';
import { isExtension, ringGroupId, type Extension } from '../../../../shared/domain/ids.ts';
import {
  checkParkGroup,
  groupWithMember,
  type ParkGroupContext,
  type ParkGroupDraft,
} from '../../../../shared/domain/park-group.ts';
import { defaultRecallSettings } from '../../../../shared/domain/recall-policy.ts';
import {
  checkRingGroup,
  isUsableRingGroup,
  type RingGroupContext,
  type RingGroupDraft,
} from '../../../../shared/domain/ring-group.ts';

const extensions = (...texts: readonly string[]): Extension[] => texts.filter(isExtension);

describe('the name of a group', () => {
  it.each([
    ['Sales', null],
    ['x'.repeat(64), null],
    ['👩‍💼 Empfang', null],
    ['فروش', null],
    ['', 'name-empty'],
    [' \t', 'name-empty'],
    ['x'.repeat(65), 'name-too-long'],
    ['👩'.repeat(64), null],
    ['👩'.repeat(65), 'name-too-long'],
    ['a\nb', 'name-unprintable'],
    ['a\u2028b', 'name-unprintable'],
    ['\u202eselas', 'name-unprintable'],
    ['\ud83d', 'name-unprintable'],
  ])('%j is %s', (name, problem) => {
    expect(checkGroupName(name)).toBe(problem);
  });

  it('is the same as another that people would take for it', () => {
    expect(groupNameKey(' Café ')).toBe(groupNameKey('CAFE\u0301'));
    expect(groupNameKey('Sales')).not.toBe(groupNameKey('Sale'));
  });
});

describe('a Call Park group', () => {
  const users = new Set(['101', '102', '103']);
  const context: ParkGroupContext = {
    others: [{ name: 'Service', members: extensions('103') }],
    isUser: (extension) => users.has(extension),
    ringGroups: new Set([ringGroupId('r1')]),
  };
  const draft: ParkGroupDraft = {
    name: 'Sales',
    members: extensions('102', '101'),
    recall: defaultRecallSettings,
  };
  const toRing = (id: string) =>
    ({
      ...defaultRecallSettings,
      destination: { kind: 'ring-group', ringGroupId: ringGroupId(id) },
    }) as const;

  it.each([
    [{}, null],
    [{ members: [] }, null],
    [{ recall: toRing('r1') }, null],
    [{ name: '' }, { kind: 'name-empty' }],
    [{ name: 'SERVICE' }, { kind: 'name-taken', name: 'SERVICE' }],
    [{ recall: toRing('r2') }, { kind: 'ring-group-missing' }],
    [{ members: extensions('101', '101') }, { kind: 'member-twice', extension: '101' }],
    [{ members: extensions('999') }, { kind: 'member-unknown', extension: '999' }],
    [
      { members: extensions('101', '103') },
      { kind: 'member-in-other-group', extension: '103', groupName: 'Service' },
    ],
    [
      { members: Array.from({ length: 501 }, (_, n) => `${n}`).filter(isExtension) },
      { kind: 'too-many-members', most: 500 },
    ],
  ])('with %j: %j', (change, problem) => {
    expect(checkParkGroup({ ...draft, ...change }, context)).toEqual(problem);
  });

  it('keeps a ring group that was deleted since, but is not given one', () => {
    const gone = { ...draft, recall: toRing('r2') };
    expect(checkParkGroup(gone, { ...context, current: toRing('r2') })).toBeNull();
    expect(checkParkGroup(gone, { ...context, current: toRing('r3') })).not.toBeNull();
  });

  it('is found by its member', () => {
    const [member] = extensions('103');
    expect(member && groupWithMember(context.others, member)).toBe(context.others[0]);
  });
});

describe('a ring group', () => {
  const context: RingGroupContext = {
    id: ringGroupId('r1'),
    others: [{ id: ringGroupId('r2'), name: 'Service', ...numberOf('300') }],
    isUser: (extension) => extension === '101',
    isTaken: (extension) => extension === '101',
  };
  const draft: RingGroupDraft = {
    name: 'Sales',
    members: extensions('101'),
    strategy: 'ring-all',
    ringMs: 20_000,
    noAnswer: { kind: 'hang-up' },
  };

  it.each([
    [{}, null],
    [numberOf('301'), null],
    [{ noAnswer: { kind: 'ring-group', ringGroupId: ringGroupId('r2') } as const }, null],
    [{ name: 'service' }, { kind: 'name-taken', name: 'service' }],
    [{ ringMs: 4999 }, { kind: 'ring-time' }],
    [{ ringMs: 300_001 }, { kind: 'ring-time' }],
    [{ ringMs: 5000.5 }, { kind: 'ring-time' }],
    [numberOf('101'), { kind: 'number-taken', extension: '101' }],
    [numberOf('300'), { kind: 'number-taken', extension: '300' }],
    [{ members: extensions('102') }, { kind: 'member-unknown', extension: '102' }],
    [{ members: extensions('101', '101') }, { kind: 'member-twice', extension: '101' }],
    [
      { noAnswer: { kind: 'ring-group', ringGroupId: ringGroupId('r1') } as const },
      { kind: 'no-answer-itself' },
    ],
    [
      { noAnswer: { kind: 'ring-group', ringGroupId: ringGroupId('r9') } as const },
      { kind: 'ring-group-missing' },
    ],
  ])('with %j: %j', (change, problem) => {
    expect(checkRingGroup({ ...draft, ...change }, context)).toEqual(problem);
  });

  it('takes calls while it is there and has somebody in it', () => {
    expect([undefined, { members: [] }, draft].map(isUsableRingGroup)).toEqual([
      'unusable',
      'unusable',
      'usable',
    ]);
  });
});

function numberOf(text: string): { extension?: Extension } {
  return isExtension(text) ? { extension: text } : {};
}
