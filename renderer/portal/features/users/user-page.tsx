import { KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  savedUserSchema,
  userChangeSchema,
  userListSchema,
  userSchema,
  type UserView,
} from '../../../../shared/config/admin/users.ts';
import { fieldProblems } from '../../../../shared/config/admin/problems.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import { Confirm } from '../../controls/dialog.tsx';
import { EditorForm } from '../../controls/editor-form.tsx';
import { Loaded, Page, Panel } from '../../controls/page.tsx';
import { PageLink } from '../../controls/page-link.tsx';
import { query, type Answer } from '../../model/api.ts';
import { problemOfFailure, problemsOfSchema } from '../../model/problem.ts';
import { usePortal, useResource, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useEditor, type Saved } from '../../use-editor.ts';
import { useProblemWords, useSay } from '../../words.tsx';
import { MadePassword } from './made-password.tsx';
import { UserDevices } from './user-devices.tsx';

interface UserDraft {
  readonly displayName: string;
}

/** One user: name, password, devices, group. */
export function UserPage({ extension }: { readonly extension: string }) {
  const say = useSay();
  const { api } = usePortal();
  const path = `${useTenantPath()}/users`;
  const load = async (): Promise<Answer<UserView>> => {
    const answer = await api.get(
      `${path}${query({ search: extension, limit: 10_000 })}`,
      userListSchema,
    );
    if (!answer.ok) return answer;
    const user = answer.value.users.find((each) => each.extension === extension);
    const refusal = { error: 'not-found' as const, message: '' };
    return user === undefined ? err({ kind: 'refused', refusal }) : ok(user);
  };
  const user = useResource({ key: `${path} ${extension}`, load, on: ['park-groups'] });
  const name = user.value?.displayName ?? '';
  return (
    <Page
      section={say('users.title')}
      title={name === '' ? extension : say('users.editTitle', { extension, name })}
      actions={user.value === null ? undefined : <Actions extension={extension} />}
    >
      <Loaded resource={user}>
        {(value) => (
          <>
            <NameForm user={value} />
            <UserDevices extension={extension} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function savedName({ displayName }: UserView): Saved<UserDraft> {
  return { draft: { displayName }, version: 0, by: '', at: 0 };
}

function NameForm({ user }: { readonly user: UserView }) {
  const say = useSay();
  const words = useProblemWords();
  const { api, notices } = usePortal();
  const tenantId = useTenantId();
  const path = `${useTenantPath()}/users/${encodeURIComponent(user.extension)}`;
  const editor = useEditor<UserDraft>({
    opened: savedName(user),
    check: (draft) => {
      const parsed = userChangeSchema.safeParse(draft);
      return parsed.success ? {} : problemsOfSchema(fieldProblems(parsed.error));
    },
    save: async (json) => {
      const answer = await api.change('PATCH', path, { schema: userSchema, json });
      return answer.ok ? ok(savedName(answer.value)) : answer;
    },
    onSaved: () => notices.say({ id: 'notice.saved', values: { what: user.extension } }),
  });
  const { parkGroup } = user;
  return (
    <EditorForm editor={editor} fields={[]} known={['displayName']}>
      <Panel>
        <TextLine
          label={say('users.name')}
          value={editor.draft.displayName}
          onChange={(displayName) => editor.set({ displayName })}
          error={words(editor.problems['displayName'])}
          autoComplete="off"
        />
        <p>
          {say('users.parkGroup')}:{' '}
          {parkGroup === null ? (
            '–'
          ) : (
            <PageLink to={{ kind: 'tenant', tenantId, page: 'park-groups', item: parkGroup.id }}>
              {parkGroup.name}
            </PageLink>
          )}
        </p>
      </Panel>
    </EditorForm>
  );
}

type Asked = 'password' | 'delete' | null;

function Actions({ extension }: { readonly extension: string }) {
  const say = useSay();
  const { api, router, notices } = usePortal();
  const tenantId = useTenantId();
  const path = `${useTenantPath()}/users/${encodeURIComponent(extension)}`;
  const [asked, setAsked] = useState<Asked>(null);
  const [made, setMade] = useState<string | null>(null);
  const reset = async () => {
    const answer = await api.change('POST', `${path}/password`, {
      schema: savedUserSchema,
      json: {},
    });
    setAsked(null);
    if (answer.ok) setMade(answer.value.madePassword);
    else notices.say(problemOfFailure(answer.error), 'bad');
  };
  const remove = async () => {
    const answer = await api.send('DELETE', path);
    setAsked(null);
    if (!answer.ok) return notices.say(problemOfFailure(answer.error), 'bad');
    router.goOn({ kind: 'tenant', tenantId, page: 'users', item: null });
    notices.say({ id: 'notice.deleted', values: { what: extension } });
  };
  return (
    <>
      <ActionButton icon={KeyRound} onPress={() => setAsked('password')}>
        {say('users.resetPassword')}
      </ActionButton>
      <ActionButton icon={Trash2} onPress={() => setAsked('delete')}>
        {say('common.delete')}
      </ActionButton>
      {asked === null ? null : (
        <Confirm
          title={say(asked === 'delete' ? 'users.deleteTitle' : 'users.resetTitle', { extension })}
          words={say(asked === 'delete' ? 'users.deleteWords' : 'users.resetWords')}
          yes={say(asked === 'delete' ? 'common.delete' : 'users.resetPassword')}
          onNo={() => setAsked(null)}
          onYes={() => void (asked === 'delete' ? remove() : reset())}
        />
      )}
      {made === null ? null : (
        <MadePassword extension={extension} password={made} onClose={() => setMade(null)} />
      )}
    </>
  );
}
