import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  parkGroupSchema,
  type ParkGroupView,
} from '../../../../shared/config/admin/park-groups.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { Loaded, Page, Remark } from '../../controls/page.tsx';
import { newParkGroup, savedParkGroup } from '../../model/park-group-draft.ts';
import { problemOfFailure } from '../../model/problem.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useFormats, useSay } from '../../words.tsx';
import { ParkGroupForm } from './park-group-form.tsx';
import { useRingGroups } from './recall-fields.tsx';

/** Add (`id` null) or edit one Call Park group. */
export function ParkGroupPage({ id }: { readonly id: string | null }) {
  return id === null ? <NewGroup /> : <ExistingGroup id={id} />;
}

function NewGroup() {
  const say = useSay();
  const ringGroups = useRingGroups();
  return (
    <Page section={say('parkGroups.title')} title={say('parkGroups.addTitle')}>
      <Loaded resource={ringGroups}>
        {(groups) => <ParkGroupForm id={null} opened={newParkGroup} ringGroups={groups} />}
      </Loaded>
    </Page>
  );
}

function ExistingGroup({ id }: { readonly id: string }) {
  const say = useSay();
  const { api } = usePortal();
  const path = `${useTenantPath()}/park-groups/${encodeURIComponent(id)}`;
  const group = useResource({ key: path, load: () => api.get(path, parkGroupSchema) });
  const ringGroups = useRingGroups();
  const title = group.value?.name ?? say('parkGroups.editTitle');
  return (
    <Page
      section={say('parkGroups.title')}
      title={title}
      actions={group.value === null ? undefined : <DeleteGroup group={group.value} path={path} />}
    >
      <Loaded resource={group}>
        {(value) => (
          <>
            <GroupFacts group={value} />
            <Loaded resource={ringGroups}>
              {(groups) => (
                <ParkGroupForm id={id} opened={savedParkGroup(value)} ringGroups={groups} />
              )}
            </Loaded>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function GroupFacts({ group }: { readonly group: ParkGroupView }) {
  const say = useSay();
  const { dateTime } = useFormats();
  const { warnings, changedBy, changedAt } = group;
  return (
    <>
      {warnings.map((warning) => (
        <Remark key={warning}>
          <p>{say(`warning.${warning}`)}</p>
        </Remark>
      ))}
      {changedAt === 0 ? null : (
        <p className="desk-about">
          {say('form.changedBy', { by: changedBy || '–', at: dateTime(changedAt) })}
        </p>
      )}
    </>
  );
}

function DeleteGroup({ group, path }: { readonly group: ParkGroupView; readonly path: string }) {
  const say = useSay();
  const { api, router, notices } = usePortal();
  const tenantId = useTenantId();
  const [isAsked, setAsked] = useState(false);
  const remove = async () => {
    const answer = await api.send('DELETE', path);
    setAsked(false);
    if (!answer.ok) return notices.say(problemOfFailure(answer.error), 'bad');
    router.goOn({ kind: 'tenant', tenantId, page: 'park-groups', item: null });
    notices.say({ id: 'notice.deleted', values: { what: group.name } });
  };
  return (
    <>
      <ActionButton icon={Trash2} onPress={() => setAsked(true)}>
        {say('common.delete')}
      </ActionButton>
      {isAsked ? (
        <Confirm
          title={say('parkGroups.deleteTitle', { name: group.name })}
          words={say('parkGroups.deleteWords')}
          yes={say('common.delete')}
          onNo={() => setAsked(false)}
          onYes={() => void remove()}
        />
      ) : null}
    </>
  );
}
