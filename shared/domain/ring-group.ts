import { checkGroupName, groupNameKey, type GroupNameProblem } from './group-name.ts';
import type { Extension, RingGroupId, TenantId } from './ids.ts';

/** Most members of one ring group. */
export const MAX_RING_MEMBERS = 200;

/** Least, most and usual ring time, in ms. */
export const RING_MS = { least: 5000, most: 300_000, usual: 20_000 } as const;

/** Who of a ring group rings: all at once, one after the other, or the one first who was called longest ago. */
export type RingStrategy = 'ring-all' | 'in-order' | 'longest-idle';

/** What becomes of a call that no member answered. */
export type NoAnswer =
  | { readonly kind: 'extension'; readonly extension: Extension }
  | { readonly kind: 'ring-group'; readonly ringGroupId: RingGroupId }
  /** With an announcement first. */
  | { readonly kind: 'hang-up' };

/** Users who are called together. */
export interface RingGroup {
  readonly id: RingGroupId;
  readonly tenantId: TenantId;
  /** 1–64 characters, unique among the tenant's ring groups without regard to case. */
  readonly name: string;
  /** The number it is dialled by; no user's and no other ring group's. Absent: it is reached by recall alone. */
  readonly extension?: Extension;
  /** In assigned order; may be empty, and then recalls behave as if it were not there. */
  readonly members: readonly Extension[];
  readonly strategy: RingStrategy;
  /** How long all ring (`ring-all`), or each of them, in ms; 5000–300 000, default 20 000. */
  readonly ringMs: number;
  /** What it names may have been deleted since: then the call is hung up with an announcement. */
  readonly noAnswer: NoAnswer;
  /** +1 per change; whoever saves says which one they had read. */
  readonly version: number;
}

/** A ring group as somebody would like to save it. */
export type RingGroupDraft = Pick<
  RingGroup,
  'name' | 'extension' | 'members' | 'strategy' | 'ringMs' | 'noAnswer'
>;

/** Why a draft cannot be saved. */
export type RingGroupProblem =
  | { readonly kind: GroupNameProblem }
  | { readonly kind: 'name-taken'; readonly name: string }
  | { readonly kind: 'number-taken'; readonly extension: string }
  | { readonly kind: 'too-many-members'; readonly most: number }
  | { readonly kind: 'member-twice'; readonly extension: string }
  | { readonly kind: 'member-unknown'; readonly extension: string }
  | { readonly kind: 'ring-time' }
  | { readonly kind: 'no-answer-unknown'; readonly extension: string }
  | { readonly kind: 'no-answer-itself' }
  | { readonly kind: 'ring-group-missing' };

/** What a draft is checked against: one tenant, and nothing of another. */
export interface RingGroupContext {
  /** The one that is being changed; absent for a new one. */
  readonly id?: RingGroupId;
  /** The other ring groups of the tenant. */
  readonly others: readonly Pick<RingGroup, 'id' | 'name' | 'extension'>[];
  readonly isUser: (extension: string) => boolean;
  /** Whether a user or a trunk goes by it. */
  readonly isTaken: (extension: string) => boolean;
}

/** The first thing that is wrong with a draft, in the order of the form; `null` when it can be saved. */
export function checkRingGroup(
  draft: RingGroupDraft,
  context: RingGroupContext,
): RingGroupProblem | null {
  const name = checkGroupName(draft.name);
  if (name !== null) return { kind: name };
  const key = groupNameKey(draft.name);
  if (context.others.some((other) => groupNameKey(other.name) === key)) {
    return { kind: 'name-taken', name: draft.name };
  }
  const time = Number.isInteger(draft.ringMs) ? draft.ringMs : 0;
  if (time < RING_MS.least || time > RING_MS.most) return { kind: 'ring-time' };
  return (
    checkNumber(draft.extension, context) ??
    checkNoAnswer(draft.noAnswer, context) ??
    checkMembers(draft.members, context)
  );
}

/** A ring group that can take a call: it exists and has somebody in it. */
export function isUsableRingGroup(
  group: Pick<RingGroup, 'members'> | undefined,
): 'usable' | 'unusable' {
  return group !== undefined && group.members.length > 0 ? 'usable' : 'unusable';
}

function checkNumber(
  extension: Extension | undefined,
  { others, isTaken }: RingGroupContext,
): RingGroupProblem | null {
  if (extension === undefined) return null;
  const taken = isTaken(extension) || others.some((other) => other.extension === extension);
  return taken ? { kind: 'number-taken', extension } : null;
}

function checkNoAnswer(
  noAnswer: NoAnswer,
  { id, others, isUser }: RingGroupContext,
): RingGroupProblem | null {
  switch (noAnswer.kind) {
    case 'hang-up':
      return null;
    case 'extension': {
      const { extension } = noAnswer;
      return isUser(extension) ? null : { kind: 'no-answer-unknown', extension };
    }
    case 'ring-group': {
      const { ringGroupId } = noAnswer;
      if (ringGroupId === id) return { kind: 'no-answer-itself' };
      const known = others.some((other) => other.id === ringGroupId);
      return known ? null : { kind: 'ring-group-missing' };
    }
  }
}

function checkMembers(
  members: readonly Extension[],
  { isUser }: RingGroupContext,
): RingGroupProblem | null {
  if (members.length > MAX_RING_MEMBERS) {
    return { kind: 'too-many-members', most: MAX_RING_MEMBERS };
  }
  const seen = new Set<string>();
  for (const extension of members) {
    if (seen.has(extension)) return { kind: 'member-twice', extension };
    seen.add(extension);
    if (!isUser(extension)) return { kind: 'member-unknown', extension };
  }
  return null;
}
