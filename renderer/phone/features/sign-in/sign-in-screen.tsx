import { useEffect, useState } from 'react';
import {
  Button,
  Checkbox,
  Disclosure,
  DisclosurePanel,
  Form,
  Heading,
} from 'react-aria-components';
import { ChevronRight } from 'lucide-react';
import type { SecretStore } from '../../../../shared/bridge/contract.ts';
import type { SignInProblem } from '../../../../shared/phone/sign-in-problem.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { SignInStep } from '../../model/app.ts';
import type { SignInForm } from '../../model/sign-in.ts';
import { useSay, type Say } from '../../text.tsx';
import { problemWords } from '../shell/line-words.ts';

interface SignInScreenProps {
  readonly form: SignInForm;
  readonly problem: SignInProblem | null;
  readonly busy: SignInStep | null;
  readonly secretStore: SecretStore;
  onSignIn(form: SignInForm): void;
}

/** Server, extension, password; the server says the rest. What went wrong stands at the field it belongs to. */
export function SignInScreen({
  form: initial,
  problem,
  busy,
  secretStore,
  onSignIn,
}: SignInScreenProps) {
  const say = useSay();
  const [form, setForm] = useState(initial);
  const change = (patch: Partial<SignInForm>) => setForm((before) => ({ ...before, ...patch }));
  const errors = fieldErrors(problem, say);
  useEffect(() => {
    // What has to be mended gets the focus.
    if (problem !== null)
      document.querySelector<HTMLElement>('.field[data-invalid] input')?.focus();
  }, [problem]);
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <span className="logo" aria-hidden />
        <h1>{say('signIn.title')}</h1>
        <p>{say('signIn.welcome')}</p>
      </div>
      <Form
        className="form"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy === null) onSignIn(form);
        }}
      >
        <TextLine
          label={say('signIn.server')}
          hint={say('signIn.serverHint')}
          value={form.server}
          onChange={(server) => change({ server })}
          error={errors.server}
          machine
          autoComplete="url"
          autoFocus={initial.server === ''}
        />
        <TextLine
          label={say('signIn.extension')}
          value={form.extension}
          onChange={(extension) => change({ extension })}
          error={errors.extension}
          machine
          autoComplete="username"
          autoFocus={initial.server !== '' && initial.extension === ''}
        />
        <TextLine
          label={say('signIn.password')}
          type="password"
          value={form.password}
          onChange={(password) => change({ password })}
          error={errors.password}
          machine
          autoComplete="current-password"
          autoFocus={initial.server !== '' && initial.extension !== ''}
        />
        <Checkbox
          className="check"
          isSelected={form.remember}
          onChange={(remember) => change({ remember })}
        >
          <span className="check-box" aria-hidden />
          <span>
            {secretStore.kind === 'available'
              ? say('signIn.remember', { store: secretStore.backend })
              : say('signIn.rememberPlain')}
          </span>
        </Checkbox>
        <Advanced form={form} change={change} />
        {errors.general === null ? null : (
          <p className="form-problem" role="alert">
            {errors.general}
          </p>
        )}
        <ActionButton type="submit" tone="accent" className="sign-in-go" isPending={busy !== null}>
          {busy === null
            ? say('signIn.go')
            : say(busy === 'asking-server' ? 'signIn.asking' : 'signIn.registering')}
        </ActionButton>
        <p className="visually-hidden" role="status">
          {busy === null
            ? ''
            : say(busy === 'asking-server' ? 'signIn.asking' : 'signIn.registering')}
        </p>
      </Form>
    </main>
  );
}

function Advanced({
  form,
  change,
}: {
  readonly form: SignInForm;
  change(patch: Partial<SignInForm>): void;
}) {
  const say = useSay();
  return (
    <Disclosure className="disclosure">
      <Heading level={2} className="disclosure-head">
        <Button slot="trigger" className="button button-quiet">
          <ChevronRight aria-hidden className="icon icon-small disclosure-mark" />
          {say('signIn.advanced')}
        </Button>
      </Heading>
      <DisclosurePanel className="disclosure-panel">
        <TextLine
          label={say('signIn.webSocket')}
          hint={say('signIn.webSocketHint')}
          value={form.webSocketUrl}
          onChange={(webSocketUrl) => change({ webSocketUrl })}
          machine
          placeholder="wss://pbx.example:7443/"
        />
        <TextLine
          label={say('signIn.domain')}
          hint={say('signIn.domainHint')}
          value={form.domain}
          onChange={(domain) => change({ domain })}
          machine
        />
      </DisclosurePanel>
    </Disclosure>
  );
}

interface FieldErrors {
  readonly server: string | null;
  readonly extension: string | null;
  readonly password: string | null;
  readonly general: string | null;
}

/** Each problem where it can be mended. */
function fieldErrors(problem: SignInProblem | null, say: Say): FieldErrors {
  const none: FieldErrors = { server: null, extension: null, password: null, general: null };
  if (problem === null) return none;
  const words = problemWords(problem, say);
  switch (problem.kind) {
    case 'server-text':
    case 'no-such-server':
    case 'unreachable':
    case 'timeout':
    case 'certificate':
    case 'not-a-phone-server':
      return { ...none, server: words };
    case 'unknown-extension':
      return { ...none, extension: words };
    case 'wrong-password':
      return { ...none, password: words };
    case 'not-allowed':
    case 'app-too-old':
    case 'server-error':
      return { ...none, general: words };
  }
}
