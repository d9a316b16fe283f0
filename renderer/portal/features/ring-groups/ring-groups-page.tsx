import { Plus, TriangleAlert } from 'lucide-react';
import {
  ringGroupListSchema,
  type RingGroupSummary,
} from '../../../../shared/config/admin/ring-groups.ts';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { PAGE_SIZE, Pager, SearchLine, useListView } from '../../controls/list-tools.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { query } from '../../model/api.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

/** All ring groups. */
export function RingGroupsPage() {
  const say = useSay();
  const tenantId = useTenantId();
  const { api } = usePortal();
  const view = useListView();
  const { search, page } = view;
  const path = `${useTenantPath()}/ring-groups${query({ search, page, limit: PAGE_SIZE })}`;
  const groups = useResource({
    key: path,
    load: () => api.get(path, ringGroupListSchema),
    on: ['ring-groups', 'park-groups', 'users', 'settings'],
  });
  const columns = useColumns(tenantId);
  return (
    <Page
      title={say('ringGroups.title')}
      about={say('ringGroups.about')}
      actions={
        <PageLink
          to={{ kind: 'tenant', tenantId, page: 'ring-groups', item: 'new' }}
          look="accent"
          icon={Plus}
        >
          {say('ringGroups.add')}
        </PageLink>
      }
    >
      <SearchLine label={say('ringGroups.search')} onSearch={view.setSearch} />
      <Loaded resource={groups}>
        {({ groups: rows, total }) => (
          <>
            <DataTable
              label={say('ringGroups.title')}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              none={say(search === '' ? 'ringGroups.none' : 'list.noneFound')}
            />
            <Pager view={view} total={total} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(tenantId: string): readonly Column<RingGroupSummary>[] {
  const say = useSay();
  const { number, seconds } = useFormats();
  return [
    {
      id: 'name',
      title: say('ringGroups.name'),
      cell: ({ id, name }) => (
        <PageLink to={{ kind: 'tenant', tenantId, page: 'ring-groups', item: id }}>{name}</PageLink>
      ),
    },
    {
      id: 'number',
      title: say('ringGroups.number'),
      cell: ({ extension }) => extension ?? '–',
    },
    {
      id: 'members',
      title: say('parkGroups.members'),
      numeric: true,
      cell: ({ memberCount }) => number(memberCount),
    },
    {
      id: 'strategy',
      title: say('ringGroups.strategy'),
      cell: ({ strategy, ringMs }) =>
        say('ringGroups.how', { strategy: say(`strategy.${strategy}`), time: seconds(ringMs) }),
    },
    { id: 'used', title: say('ringGroups.usedBy'), cell: (group) => <UsedCell group={group} /> },
  ];
}

function UsedCell({ group }: { readonly group: RingGroupSummary }) {
  const say = useSay();
  const { usedBy, usedByTenant, warnings } = group;
  const users = [...usedBy, ...(usedByTenant ? [say('nav.parkSettings')] : [])];
  return (
    <div className="stack">
      <span>{users.length === 0 ? '–' : users.join(', ')}</span>
      {warnings.map((warning) => (
        <span key={warning} className="warning">
          <TriangleAlert aria-hidden className="icon icon-small" />
          {say(`warning.ring.${warning}`)}
        </span>
      ))}
    </div>
  );
}
