import { useState } from 'react';
import { newUserSchema, savedUserSchema } from '../../../../shared/config/admin/users.ts';
import { fieldProblems } from '../../../../shared/config/admin/problems.ts';
import { TextLine } from '../../../controls/text-line.tsx';
import { EditorForm } from '../../controls/editor-form.tsx';
import { Page, Panel } from '../../controls/page.tsx';
import { problemsOfSchema } from '../../model/problem.ts';
import { usePortal, useTenantId, useTenantPath } from '../../portal-context.tsx';
import { useEditor, type Saved } from '../../use-editor.ts';
import { useProblemWords, useSay } from '../../words.tsx';
import { MadePassword } from './made-password.tsx';

interface NewUser {
  readonly extension: string;
  readonly displayName: string;
  /** Empty: the server makes one up. */
  readonly password: string;
}

const empty: Saved<NewUser> = {
  draft: { extension: '', displayName: '', password: '' },
  version: 0,
  by: '',
  at: 0,
};

const bodyOf = ({ extension, displayName, password }: NewUser) => ({
  extension: extension.trim(),
  displayName,
  ...(password !== '' && { password }),
});

/** Adds a user; a password that was made up is shown this once. */
export function NewUserPage() {
  const say = useSay();
  const words = useProblemWords();
  const tenantId = useTenantId();
  const { router, notices } = usePortal();
  const [made, setMade] = useState<{ extension: string; password: string } | null>(null);
  const list = { kind: 'tenant', tenantId, page: 'users', item: null } as const;
  const save = useSave((extension, password) => setMade({ extension, password }));
  const editor = useEditor<NewUser>({
    opened: empty,
    check: (draft) => {
      const parsed = newUserSchema.safeParse(bodyOf(draft));
      return parsed.success ? {} : problemsOfSchema(fieldProblems(parsed.error));
    },
    save,
    onSaved: ({ draft }) => {
      notices.say({ id: 'notice.saved', values: { what: draft.extension } });
      if (draft.password !== '') router.goOn(list);
    },
  });
  const { draft, problems, set } = editor;
  return (
    <Page section={say('users.title')} title={say('users.addTitle')}>
      <EditorForm
        editor={editor}
        fields={[]}
        known={['extension', 'displayName', 'password']}
        onCancel={() => router.goOn(list)}
      >
        <Panel>
          <TextLine
            label={say('users.extension')}
            hint={say('users.extensionHint')}
            value={draft.extension}
            onChange={(extension) => set({ extension })}
            error={words(problems['extension'])}
            isRequired
            inputMode="numeric"
            machine
          />
          <TextLine
            label={say('users.name')}
            value={draft.displayName}
            onChange={(displayName) => set({ displayName })}
            error={words(problems['displayName'])}
            autoComplete="off"
          />
          <TextLine
            label={say('users.password')}
            hint={say('users.passwordHint')}
            value={draft.password}
            onChange={(password) => set({ password })}
            error={words(problems['password'])}
            autoComplete="off"
            machine
          />
        </Panel>
      </EditorForm>
      {made === null ? null : <MadePassword {...made} onClose={() => router.goOn(list)} />}
    </Page>
  );
}

function useSave(onMade: (extension: string, password: string) => void) {
  const { api } = usePortal();
  const path = `${useTenantPath()}/users`;
  return async (draft: NewUser) => {
    const answer = await api.change('POST', path, {
      schema: savedUserSchema,
      json: bodyOf(draft),
    });
    if (!answer.ok) return answer;
    const { madePassword, user } = answer.value;
    if (madePassword !== null) onMade(user.extension, madePassword);
    return { ok: true, value: { ...empty, draft } } as const;
  };
}
