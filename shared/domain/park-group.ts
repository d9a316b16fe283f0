import { checkGroupName, groupNameKey, type GroupNameProblem } from './group-name.ts';
import type { Extension, GroupId, RingGroupId, TenantId } from './ids.ts';
import { checkDestination, type RecallSettings } from './recall-policy.ts';

/** Most members of one group. */
export const MAX_GROUP_MEMBERS = 500;

/** A Call Park group: who shares the calls that one of them parks with the group's code. */
export interface ParkGroup {
  readonly id: GroupId;
  readonly tenantId: TenantId;
  /** 1–64 characters, unique in the tenant without regard to case. */
  readonly name: string;
  /** In assigned order: the search for a free member starts at the first. A user is in at most one group. */
  readonly members: readonly Extension[];
  /** The rules that calls parked to this group from now on are parked with. */
  readonly recall: RecallSettings;
  /** +1 per change; whoever saves says which one they had read. */
  readonly version: number;
}

/** A group as somebody would like to save it. */
export type ParkGroupDraft = Pick<ParkGroup, 'name' | 'members' | 'recall'>;

/** Why a draft cannot be saved. */
export type ParkGroupProblem =
  | { readonly kind: GroupNameProblem }
  | { readonly kind: 'name-taken'; readonly name: string }
  | { readonly kind: 'too-many-members'; readonly most: number }
  | { readonly kind: 'member-twice'; readonly extension: string }
  | { readonly kind: 'member-unknown'; readonly extension: string }
  | {
      readonly kind: 'member-in-other-group';
      readonly extension: string;
      readonly groupName: string;
    }
  | { readonly kind: 'ring-group-missing' };

/** What a draft is checked against: one tenant, and nothing of another. */
export interface ParkGroupContext {
  /** The other groups of the tenant, without the one that is being changed. */
  readonly others: readonly Pick<ParkGroup, 'name' | 'members'>[];
  readonly isUser: (extension: string) => boolean;
  readonly ringGroups: ReadonlySet<RingGroupId>;
  /** Where calls go that are recalled now; a ring group that was deleted since may be kept, not chosen. */
  readonly current?: RecallSettings;
}

/** The first thing that is wrong with a draft, in the order of the form; `null` when it can be saved. */
export function checkParkGroup(
  draft: ParkGroupDraft,
  context: ParkGroupContext,
): ParkGroupProblem | null {
  const name = checkGroupName(draft.name);
  if (name !== null) return { kind: name };
  const key = groupNameKey(draft.name);
  if (context.others.some((other) => groupNameKey(other.name) === key)) {
    return { kind: 'name-taken', name: draft.name };
  }
  return checkRecall(draft.recall, context) ?? checkMembers(draft.members, context);
}

/** The group of a tenant that has the user as a member. */
export function groupWithMember<Group extends Pick<ParkGroup, 'members'>>(
  groups: readonly Group[],
  extension: Extension,
): Group | undefined {
  return groups.find(({ members }) => members.includes(extension));
}

function checkRecall(recall: RecallSettings, context: ParkGroupContext): ParkGroupProblem | null {
  const { destination } = recall;
  if (checkDestination(destination, context.ringGroups).ok) return null;
  const kept = context.current?.destination;
  const same =
    kept !== undefined &&
    kept.kind !== 'parker' &&
    destination.kind !== 'parker' &&
    kept.ringGroupId === destination.ringGroupId;
  return same ? null : { kind: 'ring-group-missing' };
}

function checkMembers(
  members: readonly Extension[],
  { others, isUser }: ParkGroupContext,
): ParkGroupProblem | null {
  if (members.length > MAX_GROUP_MEMBERS) {
    return { kind: 'too-many-members', most: MAX_GROUP_MEMBERS };
  }
  const seen = new Set<string>();
  for (const extension of members) {
    if (seen.has(extension)) return { kind: 'member-twice', extension };
    seen.add(extension);
    if (!isUser(extension)) return { kind: 'member-unknown', extension };
    const other = groupWithMember(others, extension);
    if (other !== undefined) {
      return { kind: 'member-in-other-group', extension, groupName: other.name };
    }
  }
  return null;
}
