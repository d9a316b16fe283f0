import { LogOut } from 'lucide-react';
import type { DeviceView } from '../../../../shared/config/admin/users.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { problemOfFailure } from '../../model/problem.ts';
import { usePortal, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';

interface DeviceTableProps {
  readonly rows: readonly DeviceView[];
  /** With whose device it is. */
  readonly withUser: boolean;
  onGone(): void;
}

/** Devices that are signed in, each with a way to sign it out. */
export function DeviceTable({ rows, withUser, onGone }: DeviceTableProps) {
  const say = useSay();
  const columns = useColumns(onGone).filter(({ id }) => withUser || id !== 'user');
  return (
    <DataTable
      label={say('devices.title')}
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      none={say('devices.none')}
    />
  );
}

function useColumns(onGone: () => void): readonly Column<DeviceView>[] {
  const say = useSay();
  const tenantId = useTenantId();
  const { dateTime } = useFormats();
  return [
    {
      id: 'user',
      title: say('devices.user'),
      cell: ({ extension, displayName }) => (
        <>
          <PageLink to={{ kind: 'tenant', tenantId, page: 'users', item: extension }}>
            {extension}
          </PageLink>{' '}
          {displayName}
        </>
      ),
    },
    { id: 'agent', title: say('devices.agent'), cell: ({ userAgent }) => userAgent ?? '–' },
    {
      id: 'state',
      title: say('devices.state'),
      cell: ({ reachable }) => (
        <span className="state" data-state={reachable ? 'good' : 'bad'}>
          {say(reachable ? 'devices.reachable' : 'devices.unreachable')}
        </span>
      ),
    },
    {
      id: 'address',
      title: say('devices.address'),
      cell: ({ address, transport }) => (
        <bdi dir="ltr">{[transport?.toUpperCase(), address].filter(Boolean).join(' ') || '–'}</bdi>
      ),
    },
    {
      id: 'since',
      title: say('devices.since'),
      cell: ({ registeredAt }) => dateTime(registeredAt),
    },
    {
      id: 'actions',
      title: say('common.actions'),
      actions: true,
      cell: (device) => <SignOut device={device} onGone={onGone} />,
    },
  ];
}

function SignOut({ device, onGone }: { readonly device: DeviceView; onGone(): void }) {
  const say = useSay();
  const { api, notices } = usePortal();
  const path = `${useTenantPath()}/users/${encodeURIComponent(device.extension)}/devices`;
  const signOut = async () => {
    const answer = await api.send('DELETE', `${path}/${encodeURIComponent(device.id)}`);
    if (answer.ok) {
      notices.say({ id: 'devices.signedOut', values: { extension: device.extension } });
    } else notices.say(problemOfFailure(answer.error), 'bad');
    onGone();
  };
  return (
    <ActionButton
      icon={LogOut}
      aria-label={say('devices.signOutWhat', {
        what: `${device.extension} ${device.userAgent ?? ''}`.trim(),
      })}
      onPress={() => void signOut()}
    >
      {say('devices.signOut')}
    </ActionButton>
  );
}
