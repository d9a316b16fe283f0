import type { z } from 'zod';
import type {
  availableMembersQuerySchema,
  availableMembersSchema,
  ParkGroupSummary,
  ParkGroupView,
  parkGroupWarningSchema,
} from '../../config/admin/park-groups.ts';
import type { PageQuery } from '../../config/admin/values.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { RecallSettings } from '../../domain/recall-policy.ts';
import type { Tenant, UserDirectory } from '../ports/directory.ts';
import type { AdminParts } from './admin-parts.ts';
import { fits, membersOf, pageOf } from './listing.ts';

type Warning = z.output<typeof parkGroupWarningSchema>;
type Recall = ParkGroupView['recall'];

/** One page of a tenant's groups. A group is found by its name and by those of its members. */
export function listParkGroups(
  parts: AdminParts,
  tenant: Tenant,
  { search, ...page }: PageQuery,
): { groups: ParkGroupSummary[]; total: number } {
  const { directory } = parts;
  const found = directory.parkGroups(tenant.id).filter(
    (group) =>
      fits(search, { name: group.name }) ||
      group.members.some((extension) =>
        fits(search, {
          name: directory.user(tenant.id, extension)?.displayName ?? '',
          number: extension,
        }),
      ),
  );
  const { entries, total } = pageOf(found, page);
  const parked = parkedByGroup(parts, tenant);
  const groups = entries.map((group) => ({
    ...summaryOf(directory, group),
    parkedCalls: parked.get(group.id) ?? 0,
  }));
  return { groups, total };
}

/** A group as its form shows it. */
export function viewParkGroup({ directory, store }: AdminParts, group: ParkGroup): ParkGroupView {
  const { id, tenantId, name, recall, version } = group;
  const mark = store.tenants.groups.markOf('park', id);
  return {
    id,
    name,
    members: membersOf(directory, tenantId, group.members),
    recall: { ...recall },
    warnings: warningsOf(directory, group),
    version,
    changedBy: mark?.by ?? '',
    changedAt: mark?.at ?? 0,
  };
}

/** Users who can be chosen for a group: those in no other one. */
export function availableMembers(
  { directory }: AdminParts,
  tenant: Tenant,
  query: z.output<typeof availableMembersQuerySchema>,
): z.output<typeof availableMembersSchema> {
  const free = directory.users(tenant.id).filter(({ extension, displayName }) => {
    const group = directory.parkGroupOf(tenant.id, extension);
    const mine = group === undefined || group.id === query.for;
    return mine && fits(query.search, { name: displayName, number: extension });
  });
  const members = free
    .slice(0, query.limit)
    .map(({ extension, displayName }) => ({ extension, displayName }));
  return { members, total: free.length };
}

/** What keeps a recall destination from working as it says. */
export function recallWarnings(
  directory: UserDirectory,
  tenantId: Tenant['id'],
  { destination }: RecallSettings,
): ('ring-group-missing' | 'ring-group-empty')[] {
  if (destination.kind === 'parker') return [];
  const ringGroup = directory.ringGroup(tenantId, destination.ringGroupId);
  if (ringGroup === undefined) return ['ring-group-missing'];
  return ringGroup.members.length === 0 ? ['ring-group-empty'] : [];
}

function summaryOf(
  directory: UserDirectory,
  group: ParkGroup,
): Omit<ParkGroupSummary, 'parkedCalls'> {
  const { id, tenantId, name, members, version } = group;
  const recall: Recall = { ...group.recall };
  const { destination } = recall;
  const ringGroup =
    destination.kind === 'parker'
      ? undefined
      : directory.ringGroup(tenantId, destination.ringGroupId);
  return {
    id,
    name,
    memberCount: members.length,
    recall,
    ringGroupName: ringGroup?.name ?? null,
    warnings: warningsOf(directory, group),
    version,
  };
}

function warningsOf(directory: UserDirectory, group: ParkGroup): Warning[] {
  const recall = recallWarnings(directory, group.tenantId, group.recall);
  return group.members.length === 0 ? [...recall, 'no-members'] : recall;
}

function parkedByGroup({ calls }: AdminParts, tenant: Tenant): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { groupId } of calls.parkedCalls(tenant.id)) {
    if (groupId !== undefined) counts.set(groupId, (counts.get(groupId) ?? 0) + 1);
  }
  return counts;
}
