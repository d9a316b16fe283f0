import { useState } from 'react';
import { useStore } from 'zustand';
import { passwordProblem } from '../../../../shared/config/admin/sessions.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import { LANGUAGES } from '../../../phone/intl.ts';
import { Page, Panel } from '../../controls/page.tsx';
import { SmallForm } from '../../controls/small-form.tsx';
import type { Preferences } from '../../model/preferences.ts';
import { useAdmin, usePortal } from '../../portal-context.tsx';
import { useProblemWords, useSay } from '../../words.tsx';

/** My own password, and how the portal looks in this browser. */
export function AccountPage() {
  const say = useSay();
  const { name, role } = useAdmin();
  const [isChanging, setChanging] = useState(false);
  return (
    <Page
      title={say('account.title')}
      about={say('account.about', { name, role: say(`role.${role}`) })}
    >
      <Panel title={say('signIn.password')}>
        <p>{say('account.passwordWords')}</p>
        <p>
          <ActionButton onPress={() => setChanging(true)}>{say('account.change')}</ActionButton>
        </p>
      </Panel>
      <Look />
      {isChanging ? <PasswordForm onClose={() => setChanging(false)} /> : null}
    </Page>
  );
}

function Look() {
  const say = useSay();
  const { preferences } = usePortal();
  const { theme, language } = useStore(preferences.state);
  return (
    <Panel title={say('account.look')}>
      <Choice<Preferences['language']>
        label={say('account.language')}
        value={language}
        options={[
          { value: 'system', label: say('account.system') },
          ...LANGUAGES.map((each) => ({ value: each.language, label: each.label })),
        ]}
        onChange={(next) => preferences.set({ language: next })}
      />
      <Choice<Preferences['theme']>
        label={say('account.theme')}
        value={theme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({
          value,
          label: say(`account.${value}`),
        }))}
        onChange={(next) => preferences.set({ theme: next })}
      />
    </Panel>
  );
}

function PasswordForm({ onClose }: { onClose(): void }) {
  const say = useSay();
  const words = useProblemWords();
  const { api, notices } = usePortal();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const send = async () => {
    const answer = await api.send('PUT', '/session/password', { json: { current, password } });
    if (!answer.ok) return answer.error;
    notices.say({ id: 'account.changed' });
    return null;
  };
  return (
    <SmallForm
      title={say('account.change')}
      go={say('common.save')}
      known={['current', 'password']}
      check={() => ({
        ...(current === '' && { current: { id: 'problem.needed' as const } }),
        ...(passwordProblem(password) !== null && {
          password: { id: 'error.bad-password' as const, values: { sentence: '' } },
        }),
      })}
      send={send}
      onClose={onClose}
    >
      {(problems) => (
        <>
          <TextLine
            label={say('account.current')}
            type="password"
            value={current}
            onChange={setCurrent}
            error={words(problems['current'])}
            autoComplete="current-password"
            autoFocus
            machine
          />
          <TextLine
            label={say('account.new')}
            hint={say('admins.passwordHint')}
            type="password"
            value={password}
            onChange={setPassword}
            error={words(problems['password'])}
            autoComplete="new-password"
            machine
          />
        </>
      )}
    </SmallForm>
  );
}
