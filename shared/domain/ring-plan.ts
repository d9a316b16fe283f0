import { assertNever } from './assert-never.ts';
import type { EpochMs, Extension, RingGroupId } from './ids.ts';
import type { RingGroup } from './ring-group.ts';

/** `busy`: in a call, or on do-not-disturb. `away`: no device of theirs can be reached. */
export type MemberState = 'free' | 'busy' | 'away';

/** What the plan looks at when it decides who rings next. */
export interface RingView {
  ringGroup(id: RingGroupId): RingGroup | undefined;
  memberState(member: Extension): MemberState;
  /** When the member's last call ended; `null` when none is known of: then they have been idle longest. */
  idleSince(member: Extension): EpochMs | null;
  isUser(extension: Extension): boolean;
}

/** How far a call has come in a ring group. The group is as it was when the call came to it. */
export interface RingProgress {
  readonly group: RingGroup;
  /** Members who have rung in this group. */
  readonly tried: readonly Extension[];
  /** Every ring group the call has been with, this one included: none is visited twice. */
  readonly visited: readonly RingGroupId[];
  /** True once all have rung who are to ring. */
  readonly exhausted: boolean;
}

export type RingDecision =
  | {
      readonly kind: 'ring';
      /** Whose devices ring now; may be nobody: then it is waited for somebody to sign in. */
      readonly now: readonly Extension[];
      /** Whose devices ring as soon as they sign in, those of `now` among them. */
      readonly whenTheyCome: readonly Extension[];
      readonly ringMs: number;
      /** To be decided with next, when nobody of these has answered. */
      readonly next: RingProgress;
    }
  /** Nobody of the ring group answered: an extension rings, and if it does not answer, that was all. */
  | { readonly kind: 'ring-extension'; readonly extension: Extension; readonly ringMs: number }
  /** That was all: an announcement, then the call ends. */
  | { readonly kind: 'hang-up' };

/** A call that has just come to a ring group. */
export function enterRingGroup(group: RingGroup): RingProgress {
  return { group, tried: [], visited: [group.id], exhausted: false };
}

/**
 * Who rings next. Members who are in a call ring only when nobody else could; where no member is signed in, the ring time
 * is waited for one. A ring group that the call has been with already counts as "hang up", so that every plan ends.
 */
export function decideRinging(progress: RingProgress, view: RingView): RingDecision {
  let now = progress;
  for (;;) {
    const ringing = now.exhausted ? undefined : ringMembers(now, view);
    if (ringing !== undefined) return ringing;
    const then = whenNobodyAnswered(now, view);
    if ('kind' in then) return then;
    now = then;
  }
}

function ringMembers(progress: RingProgress, view: RingView): RingDecision | undefined {
  const { group } = progress;
  const members = group.members.filter((member) => view.isUser(member));
  if (members.length === 0) return undefined;
  switch (group.strategy) {
    case 'ring-all':
      return ringAll(progress, members, view);
    case 'in-order':
      return ringOne(progress, members, view);
    case 'longest-idle':
      return ringOne(progress, byIdleness(members, view), view);
    default:
      return assertNever(group.strategy);
  }
}

function ringAll(
  progress: RingProgress,
  members: readonly Extension[],
  view: RingView,
): RingDecision {
  const free = members.filter((member) => view.memberState(member) === 'free');
  const busy = members.filter((member) => view.memberState(member) === 'busy');
  return {
    kind: 'ring',
    now: free.length > 0 ? free : busy,
    whenTheyCome: members,
    ringMs: progress.group.ringMs,
    next: { ...progress, tried: members, exhausted: true },
  };
}

function ringOne(
  progress: RingProgress,
  members: readonly Extension[],
  view: RingView,
): RingDecision | undefined {
  const { group, tried } = progress;
  const next = members.find(
    (member) => !tried.includes(member) && view.memberState(member) === 'free',
  );
  if (next !== undefined) {
    return {
      kind: 'ring',
      now: [next],
      whenTheyCome: [next],
      ringMs: group.ringMs,
      next: { ...progress, tried: [...tried, next] },
    };
  }
  if (tried.length > 0) return undefined;
  const busy = members.filter((member) => view.memberState(member) === 'busy').slice(0, 1);
  return {
    kind: 'ring',
    now: busy,
    whenTheyCome: members,
    ringMs: group.ringMs,
    next: { ...progress, tried: members, exhausted: true },
  };
}

/** Longest idle first; whoever is equal stays in assigned order. */
function byIdleness(members: readonly Extension[], view: RingView): readonly Extension[] {
  return members.toSorted(
    (a, b) =>
      (view.idleSince(a) ?? Number.NEGATIVE_INFINITY) -
        (view.idleSince(b) ?? Number.NEGATIVE_INFINITY) || 0,
  );
}

function whenNobodyAnswered(
  { group, visited }: RingProgress,
  view: RingView,
): RingProgress | Exclude<RingDecision, { kind: 'ring' }> {
  const { noAnswer } = group;
  switch (noAnswer.kind) {
    case 'hang-up':
      return noAnswer;
    case 'extension':
      return view.isUser(noAnswer.extension)
        ? { kind: 'ring-extension', extension: noAnswer.extension, ringMs: group.ringMs }
        : { kind: 'hang-up' };
    case 'ring-group': {
      const other = view.ringGroup(noAnswer.ringGroupId);
      if (other === undefined || visited.includes(other.id)) return { kind: 'hang-up' };
      return { ...enterRingGroup(other), visited: [...visited, other.id] };
    }
    default:
      return assertNever(noAnswer);
  }
}
