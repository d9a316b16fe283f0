import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  tenantListSchema,
  tenantSchema,
  type TenantView,
} from '../../../../shared/config/admin/tenants.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { IconButton } from '../../../controls/icon-button.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import { DataTable, type Column } from '../../controls/data-table.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { SmallForm } from '../../controls/small-form.tsx';
import { problemOfFailure, type Problems } from '../../model/problem.ts';
import { usePortal, useResource } from '../../portal-context.tsx';
import { useFormats, useProblemWords, useSay } from '../../words.tsx';

type Asked =
  | { readonly kind: 'edit'; readonly tenant: TenantView | null }
  | { readonly kind: 'remove'; readonly tenant: TenantView }
  | null;

/** The companies that this server serves. */
export function TenantsPage() {
  const say = useSay();
  const portal = usePortal();
  const [asked, setAsked] = useState<Asked>(null);
  const tenants = useResource({
    key: 'tenants',
    load: () => portal.api.get('/tenants', tenantListSchema),
  });
  const columns = useColumns(setAsked);
  const close = () => {
    setAsked(null);
    tenants.reload();
    // The tenant switch knows them, too.
    void portal.readSession();
  };
  return (
    <Page
      section={say('nav.server')}
      title={say('tenants.title')}
      about={say('tenants.about')}
      actions={
        <ActionButton
          tone="accent"
          icon={Plus}
          onPress={() => setAsked({ kind: 'edit', tenant: null })}
        >
          {say('tenants.add')}
        </ActionButton>
      }
    >
      <Loaded resource={tenants}>
        {({ tenants: rows }) => (
          <DataTable
            label={say('tenants.title')}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            none=""
          />
        )}
      </Loaded>
      {asked?.kind === 'edit' ? <TenantForm tenant={asked.tenant} onClose={close} /> : null}
      {asked?.kind === 'remove' ? <RemoveTenant tenant={asked.tenant} onClose={close} /> : null}
    </Page>
  );
}

function useColumns(onAsk: (asked: Asked) => void): readonly Column<TenantView>[] {
  const say = useSay();
  const { number } = useFormats();
  return [
    {
      id: 'name',
      title: say('tenants.name'),
      cell: ({ id, name }) => (
        <PageLink to={{ kind: 'tenant', tenantId: id, page: 'live', item: null }}>{name}</PageLink>
      ),
    },
    {
      id: 'domains',
      title: say('tenants.domains'),
      cell: ({ domains }) => <bdi dir="ltr">{domains.join(', ') || '–'}</bdi>,
    },
    {
      id: 'users',
      title: say('users.title'),
      numeric: true,
      cell: ({ users }) => number(users),
    },
    {
      id: 'parked',
      title: say('parkGroups.parkedNow'),
      numeric: true,
      cell: ({ parkedCalls }) => number(parkedCalls),
    },
    {
      id: 'actions',
      title: say('common.actions'),
      actions: true,
      cell: (tenant) => (
        <>
          <IconButton
            icon={Pencil}
            label={say('tenants.change', { name: tenant.name })}
            onPress={() => onAsk({ kind: 'edit', tenant })}
          />
          <IconButton
            icon={Trash2}
            label={say('tenants.remove', { name: tenant.name })}
            onPress={() => onAsk({ kind: 'remove', tenant })}
          />
        </>
      ),
    },
  ];
}

interface TenantFormProps {
  readonly tenant: TenantView | null;
  onClose(): void;
}

function TenantForm({ tenant, onClose }: TenantFormProps) {
  const say = useSay();
  const words = useProblemWords();
  const { api, notices } = usePortal();
  const [name, setName] = useState(tenant?.name ?? '');
  const [domains, setDomains] = useState(tenant?.domains.join(', ') ?? '');
  const send = async () => {
    const list = domains.split(/[\s,]+/).filter((domain) => domain !== '');
    const answer =
      tenant === null
        ? await api.change('POST', '/tenants', {
            schema: tenantSchema,
            json: { name, domains: list },
          })
        : await api.change('PATCH', `/tenants/${encodeURIComponent(tenant.id)}`, {
            schema: tenantSchema,
            json: { domains: list },
          });
    if (!answer.ok) return answer.error;
    notices.say({ id: 'notice.saved', values: { what: answer.value.name } });
    return null;
  };
  const check = (): Problems => (name.trim() === '' ? { name: { id: 'problem.needed' } } : {});
  return (
    <SmallForm
      title={tenant === null ? say('tenants.addTitle') : tenant.name}
      go={say('common.save')}
      known={['name', 'domains']}
      check={check}
      send={send}
      onClose={onClose}
    >
      {(problems) => (
        <>
          {tenant === null ? (
            <TextLine
              label={say('tenants.name')}
              hint={say('tenants.nameHint')}
              value={name}
              onChange={setName}
              error={words(problems['name'])}
              autoFocus
              machine
            />
          ) : null}
          <TextLine
            label={say('tenants.domains')}
            hint={say('tenants.domainsHint')}
            value={domains}
            onChange={setDomains}
            error={words(problems['domains'])}
            autoFocus={tenant !== null}
            machine
          />
        </>
      )}
    </SmallForm>
  );
}

function RemoveTenant({ tenant, onClose }: { readonly tenant: TenantView; onClose(): void }) {
  const say = useSay();
  const { api, notices } = usePortal();
  const remove = async () => {
    const answer = await api.send('DELETE', `/tenants/${encodeURIComponent(tenant.id)}`);
    if (answer.ok) notices.say({ id: 'notice.deleted', values: { what: tenant.name } });
    else notices.say(problemOfFailure(answer.error), 'bad');
    onClose();
  };
  return (
    <Confirm
      title={say('tenants.removeTitle', { name: tenant.name })}
      words={say('tenants.removeWords', { users: tenant.users })}
      yes={say('common.delete')}
      onNo={onClose}
      onYes={() => void remove()}
    />
  );
}
