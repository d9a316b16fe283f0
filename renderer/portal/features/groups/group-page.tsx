import { Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { RingGroupSummary } from '../../../../shared/config/admin/ring-groups.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { Loaded, Page } from '../../controls/page.tsx';
import { SavedFacts } from '../../controls/saved-facts.tsx';
import { problemOfFailure } from '../../model/problem.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import type { Saved } from '../../use-editor.ts';
import { useSay } from '../../words.tsx';
import { useRingGroups } from '../park-groups/recall-fields.tsx';
import type { GroupDraft, GroupKind, GroupView } from './group-kind.ts';

/** What is said on the page of one kind of group. */
export interface GroupWords {
  readonly section: string;
  readonly addTitle: string;
  readonly editTitle: string;
  readonly deleteTitle: (name: string) => string;
  readonly deleteWords: string;
}

/** What a group's form is given. */
export interface GroupFormProps<Draft> {
  /** `null`: a new group. */
  readonly id: string | null;
  readonly opened: Saved<Draft>;
  /** All of the tenant, for calls that go on to one. */
  readonly ringGroups: readonly RingGroupSummary[];
}

interface GroupPageProps<View extends GroupView, Draft extends GroupDraft> {
  readonly kind: GroupKind<View, Draft>;
  readonly id: string | null;
  readonly words: GroupWords;
  /** What is odd about the group as it is saved, in words. */
  readonly warnings: (group: View) => readonly string[];
  readonly form: (props: GroupFormProps<Draft>) => ReactNode;
}

/** Add (`id` null) or edit one group. */
export function GroupPage<View extends GroupView, Draft extends GroupDraft>(
  props: GroupPageProps<View, Draft>,
) {
  return props.id === null ? <NewGroup {...props} /> : <ExistingGroup {...props} id={props.id} />;
}

function NewGroup<View extends GroupView, Draft extends GroupDraft>({
  kind,
  words,
  form,
}: GroupPageProps<View, Draft>) {
  const ringGroups = useRingGroups();
  return (
    <Page section={words.section} title={words.addTitle}>
      <Loaded resource={ringGroups}>
        {(groups) => form({ id: null, opened: kind.fresh, ringGroups: groups })}
      </Loaded>
    </Page>
  );
}

function ExistingGroup<View extends GroupView, Draft extends GroupDraft>({
  kind,
  id,
  words,
  warnings,
  form,
}: GroupPageProps<View, Draft> & { readonly id: string }) {
  const { api } = usePortal();
  const path = `${useTenantPath()}/${kind.page}/${encodeURIComponent(id)}`;
  const group = useResource({ key: path, load: () => api.get(path, kind.schema) });
  const ringGroups = useRingGroups();
  const name = group.value?.name;
  return (
    <Page
      section={words.section}
      title={name ?? words.editTitle}
      actions={
        name === undefined ? undefined : (
          <DeleteGroup name={name} path={path} page={kind.page} words={words} />
        )
      }
    >
      <Loaded resource={group}>
        {(view) => (
          <>
            <SavedFacts {...view} warnings={warnings(view)} />
            <Loaded resource={ringGroups}>
              {(groups) => form({ id, opened: kind.saved(view), ringGroups: groups })}
            </Loaded>
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface DeleteGroupProps {
  readonly name: string;
  readonly path: string;
  readonly page: GroupKind<GroupView, GroupDraft>['page'];
  readonly words: GroupWords;
}

function DeleteGroup({ name, path, page, words }: DeleteGroupProps) {
  const say = useSay();
  const { api, router, notices } = usePortal();
  const tenantId = useTenantId();
  const [isAsked, setAsked] = useState(false);
  const remove = async () => {
    const answer = await api.send('DELETE', path);
    setAsked(false);
    if (!answer.ok) return notices.say(problemOfFailure(answer.error), 'bad');
    router.goOn({ kind: 'tenant', tenantId, page, item: null });
    notices.say({ id: 'notice.deleted', values: { what: name } });
  };
  return (
    <>
      <ActionButton icon={Trash2} onPress={() => setAsked(true)}>
        {say('common.delete')}
      </ActionButton>
      {isAsked ? (
        <Confirm
          title={words.deleteTitle(name)}
          words={words.deleteWords}
          yes={say('common.delete')}
          onNo={() => setAsked(false)}
          onYes={() => void remove()}
        />
      ) : null}
    </>
  );
}
