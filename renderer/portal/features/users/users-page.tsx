import { FileUp, UserPlus } from 'lucide-react';
import { userListSchema, type UserView } from '../../../../shared/config/admin/users.ts';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { PAGE_SIZE, Pager, SearchLine, useListView } from '../../controls/list-tools.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { query } from '../../model/api.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

/** All users of the tenant. */
export function UsersPage() {
  const say = useSay();
  const tenantId = useTenantId();
  const { api } = usePortal();
  const view = useListView();
  const { search, page } = view;
  const path = `${useTenantPath()}/users${query({ search, page, limit: PAGE_SIZE })}`;
  const users = useResource({
    key: path,
    load: () => api.get(path, userListSchema),
    on: ['users', 'park-groups', 'registrations'],
  });
  const columns = useColumns(tenantId);
  return (
    <Page title={say('users.title')} actions={<Actions tenantId={tenantId} />}>
      <SearchLine label={say('users.search')} onSearch={view.setSearch} />
      <Loaded resource={users}>
        {({ users: rows, total }) => (
          <>
            <DataTable
              label={say('users.title')}
              columns={columns}
              rows={rows}
              keyOf={({ extension }) => extension}
              none={say(search === '' ? 'users.none' : 'list.noneFound')}
            />
            <Pager view={view} total={total} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ tenantId }: { readonly tenantId: string }) {
  const say = useSay();
  const to = (item: string) => ({ kind: 'tenant', tenantId, page: 'users', item }) as const;
  return (
    <>
      <PageLink to={to('import')} look="plain" icon={FileUp}>
        {say('users.import')}
      </PageLink>
      <PageLink to={to('new')} look="accent" icon={UserPlus}>
        {say('users.add')}
      </PageLink>
    </>
  );
}

function useColumns(tenantId: string): readonly Column<UserView>[] {
  const say = useSay();
  const { number } = useFormats();
  return [
    {
      id: 'extension',
      title: say('users.extension'),
      cell: ({ extension }) => (
        <PageLink to={{ kind: 'tenant', tenantId, page: 'users', item: extension }}>
          {extension}
        </PageLink>
      ),
    },
    { id: 'name', title: say('users.name'), cell: ({ displayName }) => displayName || '–' },
    {
      id: 'group',
      title: say('users.parkGroup'),
      cell: ({ parkGroup }) =>
        parkGroup === null ? (
          '–'
        ) : (
          <PageLink to={{ kind: 'tenant', tenantId, page: 'park-groups', item: parkGroup.id }}>
            {parkGroup.name}
          </PageLink>
        ),
    },
    {
      id: 'devices',
      title: say('users.devices'),
      numeric: true,
      cell: ({ devices }) => number(devices),
    },
  ];
}
