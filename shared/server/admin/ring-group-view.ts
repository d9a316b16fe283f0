import type { z } from 'zod';
import type {
  RingGroupSummary,
  RingGroupView,
  ringGroupWarningSchema,
} from '../../config/admin/ring-groups.ts';
import type { PageQuery } from '../../config/admin/values.ts';
import type { RecallSettings } from '../../domain/recall-policy.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { Tenant, UserDirectory } from '../ports/directory.ts';
import type { AdminParts } from './admin-parts.ts';
import { fits, membersOf, pageOf } from './listing.ts';

type Warning = z.output<typeof ringGroupWarningSchema>;

/** One page of a tenant's ring groups. One is found by its name and number, and by those of its members. */
export function listRingGroups(
  { directory }: AdminParts,
  tenant: Tenant,
  { search, ...page }: PageQuery,
): { groups: RingGroupSummary[]; total: number } {
  const found = directory.ringGroups(tenant.id).filter(
    (group) =>
      fits(search, { name: group.name, number: group.extension ?? '' }) ||
      group.members.some((extension) =>
        fits(search, {
          name: directory.user(tenant.id, extension)?.displayName ?? '',
          number: extension,
        }),
      ),
  );
  const { entries, total } = pageOf(found, page);
  return { groups: entries.map((group) => summaryOf(directory, tenant, group)), total };
}

/** A ring group as its form shows it. */
export function viewRingGroup({ directory, store }: AdminParts, group: RingGroup): RingGroupView {
  const { id, tenantId, name, strategy, ringMs, noAnswer, version } = group;
  const mark = store.tenants.groups.markOf('ring', id);
  return {
    id,
    name,
    extension: group.extension ?? null,
    members: membersOf(directory, tenantId, group.members),
    strategy,
    ringMs,
    noAnswer: { ...noAnswer },
    warnings: warningsOf(directory, group),
    version,
    changedBy: mark?.by ?? '',
    changedAt: mark?.at ?? 0,
  };
}

function summaryOf(directory: UserDirectory, tenant: Tenant, group: RingGroup): RingGroupSummary {
  const { id, name, members, strategy, ringMs, noAnswer, version } = group;
  const names = ({ destination }: RecallSettings) =>
    destination.kind !== 'parker' && destination.ringGroupId === id;
  return {
    id,
    name,
    extension: group.extension ?? null,
    memberCount: members.length,
    strategy,
    ringMs,
    noAnswer: { ...noAnswer },
    usedBy: directory
      .parkGroups(tenant.id)
      .filter(({ recall }) => names(recall))
      .map((user) => user.name),
    usedByTenant: names(tenant.settings.recall),
    warnings: warningsOf(directory, group),
    version,
  };
}

function warningsOf(directory: UserDirectory, group: RingGroup): Warning[] {
  const warnings: Warning[] = group.members.length === 0 ? ['no-members'] : [];
  return isAnsweredSomewhere(directory, group) ? warnings : [...warnings, 'no-answer-missing'];
}

function isAnsweredSomewhere(directory: UserDirectory, { tenantId, noAnswer }: RingGroup): boolean {
  switch (noAnswer.kind) {
    case 'hang-up':
      return true;
    case 'extension':
      return directory.user(tenantId, noAnswer.extension) !== undefined;
    case 'ring-group':
      return directory.ringGroup(tenantId, noAnswer.ringGroupId) !== undefined;
  }
}
