import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  ringGroupSchema,
  type RingGroupView,
} from '../../../../shared/config/admin/ring-groups.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { Loaded, Page, Remark } from '../../controls/page.tsx';
import { problemOfFailure } from '../../model/problem.ts';
import { newRingGroup, savedRingGroup } from '../../model/ring-group-draft.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useSay } from '../../words.tsx';
import { useRingGroups } from '../park-groups/recall-fields.tsx';
import { RingGroupForm } from './ring-group-form.tsx';

/** Add (`id` null) or edit one ring group. */
export function RingGroupPage({ id }: { readonly id: string | null }) {
  return id === null ? <NewGroup /> : <ExistingGroup id={id} />;
}

function NewGroup() {
  const say = useSay();
  const ringGroups = useRingGroups();
  return (
    <Page section={say('ringGroups.title')} title={say('ringGroups.addTitle')}>
      <Loaded resource={ringGroups}>
        {(groups) => <RingGroupForm id={null} opened={newRingGroup} ringGroups={groups} />}
      </Loaded>
    </Page>
  );
}

function ExistingGroup({ id }: { readonly id: string }) {
  const say = useSay();
  const { api } = usePortal();
  const path = `${useTenantPath()}/ring-groups/${encodeURIComponent(id)}`;
  const group = useResource({ key: path, load: () => api.get(path, ringGroupSchema) });
  const ringGroups = useRingGroups();
  return (
    <Page
      section={say('ringGroups.title')}
      title={group.value?.name ?? say('ringGroups.editTitle')}
      actions={group.value === null ? undefined : <DeleteGroup group={group.value} path={path} />}
    >
      <Loaded resource={group}>
        {(value) => (
          <>
            {value.warnings.map((warning) => (
              <Remark key={warning}>
                <p>{say(`warning.ring.${warning}`)}</p>
              </Remark>
            ))}
            <Loaded resource={ringGroups}>
              {(groups) => (
                <RingGroupForm id={id} opened={savedRingGroup(value)} ringGroups={groups} />
              )}
            </Loaded>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function DeleteGroup({ group, path }: { readonly group: RingGroupView; readonly path: string }) {
  const say = useSay();
  const { api, router, notices } = usePortal();
  const tenantId = useTenantId();
  const [isAsked, setAsked] = useState(false);
  const remove = async () => {
    const answer = await api.send('DELETE', path);
    setAsked(false);
    if (!answer.ok) return notices.say(problemOfFailure(answer.error), 'bad');
    router.goOn({ kind: 'tenant', tenantId, page: 'ring-groups', item: null });
    notices.say({ id: 'notice.deleted', values: { what: group.name } });
  };
  return (
    <>
      <ActionButton icon={Trash2} onPress={() => setAsked(true)}>
        {say('common.delete')}
      </ActionButton>
      {isAsked ? (
        <Confirm
          title={say('ringGroups.deleteTitle', { name: group.name })}
          words={say('ringGroups.deleteWords')}
          yes={say('common.delete')}
          onNo={() => setAsked(false)}
          onYes={() => void remove()}
        />
      ) : null}
    </>
  );
}
