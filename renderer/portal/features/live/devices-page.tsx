import { deviceListSchema } from '../../../../shared/config/admin/users.ts';
import { PAGE_SIZE, Pager, SearchLine, useListView } from '../../controls/list-tools.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { query } from '../../model/api.ts';
import { usePortal, useResource, useTenantPath } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { DeviceTable } from './device-table.tsx';

/** All registrations of the tenant. */
export function DevicesPage() {
  const say = useSay();
  const { api } = usePortal();
  const view = useListView();
  const { search, page } = view;
  const path = `${useTenantPath()}/registrations${query({ search, page, limit: PAGE_SIZE })}`;
  const devices = useResource({
    key: path,
    load: () => api.get(path, deviceListSchema),
    on: ['registrations', 'users'],
  });
  return (
    <Page title={say('devices.title')} about={say('devices.about')}>
      <SearchLine label={say('users.search')} onSearch={view.setSearch} />
      <Loaded resource={devices}>
        {({ devices: rows, total }) => (
          <>
            <DeviceTable rows={rows} onGone={devices.reload} withUser />
            <Pager view={view} total={total} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
