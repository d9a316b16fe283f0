import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { ActionButton } from '../../../controls/action-button.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { Failure } from '../../model/api.ts';
import type { Credentials } from '../../model/portal.ts';
import { problemsOfFailure, type Problems } from '../../model/problem.ts';
import { useProblemWords, useSay } from '../../words.tsx';

interface CredentialsFormProps {
  /** Words on the button. */
  readonly go: string;
  /** Given: it is this person, who only proves it. */
  readonly fixedName?: string;
  /** A password is being chosen, with this hint; absent: it is being proven. */
  readonly newPasswordHint?: string;
  /** @returns why not; `null` when it worked */
  onSend(given: Credentials): Promise<Failure | null>;
}

/** Name and password. What is wrong stands at its field; what is wrong with both stands below. */
export function CredentialsForm({ go, fixedName, newPasswordHint, onSend }: CredentialsFormProps) {
  const say = useSay();
  const words = useProblemWords();
  const [name, setName] = useState(fixedName ?? '');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('.field[data-invalid] input')?.focus();
  }, [problems]);
  const send = async () => {
    if (isBusy) return;
    if (name.trim() === '') return setProblems({ name: { id: 'problem.needed' } });
    if (password === '') return setProblems({ password: { id: 'problem.needed' } });
    setBusy(true);
    const failure = await onSend({ name: name.trim(), password });
    setBusy(false);
    if (failure !== null) setProblems(problemsOfFailure(failure));
  };
  const { name: atName, password: atPassword, ...others } = problems;
  return (
    <Form
      ref={form}
      className="form"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextLine
        label={say('signIn.name')}
        value={name}
        onChange={setName}
        error={words(atName)}
        machine
        isReadOnly={fixedName !== undefined}
        autoComplete="username"
        autoFocus={fixedName === undefined}
      />
      <TextLine
        label={say('signIn.password')}
        type="password"
        {...(newPasswordHint === undefined ? {} : { hint: newPasswordHint })}
        value={password}
        onChange={setPassword}
        error={words(atPassword)}
        machine
        autoComplete={newPasswordHint === undefined ? 'current-password' : 'new-password'}
        autoFocus={fixedName !== undefined}
      />
      {Object.values(others).map((problem) => (
        <p key={problem.id} className="form-problem" role="alert">
          {words(problem)}
        </p>
      ))}
      <ActionButton type="submit" tone="accent" isPending={isBusy}>
        {go}
      </ActionButton>
    </Form>
  );
}
