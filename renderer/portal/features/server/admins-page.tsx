import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { adminListSchema, type Admin } from '../../../../shared/config/admin/admins.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { problemOfFailure } from '../../model/problem.ts';
import { useAdmin, usePortal, useResource } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';
import { AdminForm } from './admin-form.tsx';

type Asked =
  | { readonly kind: 'add' }
  | { readonly kind: 'change'; readonly admin: Admin }
  | { readonly kind: 'remove'; readonly admin: Admin }
  | null;

/** Who may administer what. */
export function AdminsPage() {
  const say = useSay();
  const { api } = usePortal();
  const [asked, setAsked] = useState<Asked>(null);
  const admins = useResource({ key: 'admins', load: () => api.get('/admins', adminListSchema) });
  const columns = useColumns(setAsked);
  const close = () => {
    setAsked(null);
    admins.reload();
  };
  return (
    <Page
      section={say('nav.server')}
      title={say('admins.title')}
      actions={
        <ActionButton tone="accent" icon={Plus} onPress={() => setAsked({ kind: 'add' })}>
          {say('admins.add')}
        </ActionButton>
      }
    >
      <Loaded resource={admins}>
        {({ admins: rows }) => (
          <DataTable
            label={say('admins.title')}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            none=""
          />
        )}
      </Loaded>
      {asked?.kind === 'add' ? <AdminForm admin={null} onClose={close} /> : null}
      {asked?.kind === 'change' ? <AdminForm admin={asked.admin} onClose={close} /> : null}
      {asked?.kind === 'remove' ? <RemoveAdmin admin={asked.admin} onClose={close} /> : null}
    </Page>
  );
}

function useColumns(onAsk: (asked: Asked) => void): readonly Column<Admin>[] {
  const say = useSay();
  const me = useAdmin();
  const { dateTime } = useFormats();
  const tenantName = (id: string | null) => me.tenants.find((each) => each.id === id)?.name ?? '–';
  return [
    { id: 'name', title: say('signIn.name'), cell: ({ name }) => name },
    {
      id: 'role',
      title: say('admins.role'),
      cell: ({ role, tenantId }) =>
        role === 'system'
          ? say('role.system')
          : say('admins.tenantRole', { tenant: tenantName(tenantId) }),
    },
    {
      id: 'seen',
      title: say('admins.lastSeen'),
      cell: ({ lastSeenAt }) => (lastSeenAt === null ? '–' : dateTime(lastSeenAt)),
    },
    {
      id: 'actions',
      title: say('common.actions'),
      actions: true,
      cell: (admin) => (
        <>
          <IconButton
            icon={Pencil}
            label={say('admins.change', { name: admin.name })}
            onPress={() => onAsk({ kind: 'change', admin })}
          />
          <IconButton
            icon={Trash2}
            label={say('admins.remove', { name: admin.name })}
            isDisabled={admin.id === me.id}
            onPress={() => onAsk({ kind: 'remove', admin })}
          />
        </>
      ),
    },
  ];
}

function RemoveAdmin({ admin, onClose }: { readonly admin: Admin; onClose(): void }) {
  const say = useSay();
  const { api, notices } = usePortal();
  const remove = async () => {
    const answer = await api.send('DELETE', `/admins/${encodeURIComponent(admin.id)}`);
    if (answer.ok) notices.say({ id: 'notice.deleted', values: { what: admin.name } });
    else notices.say(problemOfFailure(answer.error), 'bad');
    onClose();
  };
  return (
    <Confirm
      title={say('admins.removeTitle', { name: admin.name })}
      words={say('admins.removeWords')}
      yes={say('common.delete')}
      onNo={onClose}
      onYes={() => void remove()}
    />
  );
}
