import { Plus, TriangleAlert } from 'lucide-react';
import {
  parkGroupListSchema,
  type ParkGroupSummary,
} from '../../../../shared/config/admin/park-groups.ts';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { PAGE_SIZE, Pager, SearchLine, useListView } from '../../controls/list-tools.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { query } from '../../model/api.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

/** Advanced Services > Call Park: all groups. */
export function ParkGroupsPage() {
  const say = useSay();
  const tenantId = useTenantId();
  const { api } = usePortal();
  const view = useListView();
  const { search, page } = view;
  const path = `${useTenantPath()}/park-groups${query({ search, page, limit: PAGE_SIZE })}`;
  const groups = useResource({
    key: path,
    load: () => api.get(path, parkGroupListSchema),
    on: ['park-groups', 'ring-groups', 'users'],
  });
  const columns = useColumns(tenantId);
  return (
    <Page
      section={say('nav.advanced')}
      title={say('parkGroups.title')}
      about={say('parkGroups.about')}
      actions={
        <PageLink
          to={{ kind: 'tenant', tenantId, page: 'park-groups', item: 'new' }}
          look="accent"
          icon={Plus}
        >
          {say('parkGroups.add')}
        </PageLink>
      }
    >
      <SearchLine label={say('parkGroups.search')} onSearch={view.setSearch} />
      <Loaded resource={groups}>
        {({ groups: rows, total }) => (
          <>
            <DataTable
              label={say('parkGroups.title')}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              none={say(search === '' ? 'parkGroups.none' : 'list.noneFound')}
            />
            <Pager view={view} total={total} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(tenantId: string): readonly Column<ParkGroupSummary>[] {
  const say = useSay();
  const { number } = useFormats();
  return [
    {
      id: 'name',
      title: say('parkGroups.name'),
      cell: ({ id, name }) => (
        <PageLink to={{ kind: 'tenant', tenantId, page: 'park-groups', item: id }}>{name}</PageLink>
      ),
    },
    {
      id: 'members',
      title: say('parkGroups.members'),
      numeric: true,
      cell: ({ memberCount }) => number(memberCount),
    },
    {
      id: 'parked',
      title: say('parkGroups.parkedNow'),
      numeric: true,
      cell: ({ parkedCalls }) => number(parkedCalls),
    },
    {
      id: 'recall',
      title: say('parkGroups.recall'),
      cell: (group) => <RecallCell group={group} />,
    },
  ];
}

function RecallCell({ group }: { readonly group: ParkGroupSummary }) {
  const say = useSay();
  const { seconds } = useFormats();
  const { recall, ringGroupName, warnings } = group;
  const name = ringGroupName ?? say('recall.deletedRingGroup');
  return (
    <div className="stack">
      <span>
        {say(`parkGroups.to.${recall.destination.kind}`, { time: seconds(recall.timerMs), name })}
      </span>
      {warnings.map((warning) => (
        <span key={warning} className="warning">
          <TriangleAlert aria-hidden className="icon icon-small" />
          {say(`warning.${warning}`)}
        </span>
      ))}
    </div>
  );
}
