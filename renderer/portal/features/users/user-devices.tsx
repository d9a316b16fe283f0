import { deviceListSchema } from '../../../../shared/config/admin/users.ts';
import { Loaded, Panel } from '../../controls/page.tsx';
import { usePortal, useResource, useTenantPath } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { DeviceTable } from '../live/device-table.tsx';

/** Where a user is signed in. */
export function UserDevices({ extension }: { readonly extension: string }) {
  const say = useSay();
  const { api } = usePortal();
  const path = `${useTenantPath()}/users/${encodeURIComponent(extension)}/devices`;
  const devices = useResource({
    key: path,
    load: () => api.get(path, deviceListSchema),
    on: ['registrations'],
  });
  return (
    <Panel title={say('users.devices')}>
      <Loaded resource={devices}>
        {({ devices: rows }) => (
          <DeviceTable rows={rows} onGone={devices.reload} withUser={false} />
        )}
      </Loaded>
    </Panel>
  );
}
