import { useEffect, useState } from 'react';
import { Checkbox, Form } from 'react-aria-components';
import type { SecretStore } from '../../../../shared/bridge/contract.ts';
import type {
  CertificateReport,
  TrustOutcome,
  TrustRequest,
} from '../../../../shared/bridge/server-certificate.ts';
import { failingStep, isOver, type SignInCheck } from '../../../../shared/phone/sign-in-check.ts';
import { readSignInLink, type SignInDraft } from '../../../../shared/phone/sign-in-link.ts';
import type { SignInProblem } from '../../../../shared/phone/sign-in-problem.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { TextLine } from '../../../controls/text-line.tsx';
import type { SignInStep } from '../../model/sign-in-desk.ts';
import { formOfDraft, type SignInForm } from '../../model/sign-in.ts';
import { useSay, type Say } from '../../text.tsx';
import { problemWords } from '../shell/line-words.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { CertificateCard } from './certificate-card.tsx';
import { CheckList } from './check-list.tsx';
import { SignInFileButton } from './sign-in-file-button.tsx';

export interface SignInFieldsProps {
  readonly form: SignInForm;
  readonly problem: SignInProblem | null;
  readonly busy: SignInStep | null;
  readonly secretStore: SecretStore;
  readonly check: SignInCheck | null;
  onSignIn(form: SignInForm): void;
  onCheck(form: SignInForm): void;
  onTrust(request: TrustRequest): Promise<TrustOutcome>;
}

/** Server, extension, password; the server says the rest. What went wrong stands at the field it belongs to. */
export function SignInFields({
  form: initial,
  problem,
  busy,
  secretStore,
  check,
  onSignIn,
  onCheck,
  onTrust,
}: SignInFieldsProps) {
  const say = useSay();
  const { form, change, takeDraft } = useForm(initial);
  const errors = fieldErrors(problem, say);
  const refused = refusedCertificate(problem, check);
  useEffect(() => {
    // What has to be mended gets the focus.
    if (problem !== null)
      document.querySelector<HTMLElement>('.field[data-invalid] input')?.focus();
  }, [problem]);
  return (
    <Form
      className="form"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        if (busy === null) onSignIn(form);
      }}
    >
      <AccountFields
        form={form}
        change={change}
        takeDraft={takeDraft}
        errors={errors}
        focus={firstToFill(initial)}
      />
      <Remember form={form} change={change} secretStore={secretStore} />
      <AdvancedFields form={form} change={change} />
      {errors.general === null ? null : (
        <p className="form-problem" role="alert">
          {errors.general}
        </p>
      )}
      {refused === null ? null : (
        <CertificateCard
          report={refused}
          onTrust={onTrust}
          onTrusted={() => (problem === null ? onCheck(form) : onSignIn(form))}
        />
      )}
      <ActionButton type="submit" tone="accent" className="sign-in-go" isPending={busy !== null}>
        {busy === null || busy === 'testing' ? say('signIn.go') : busyWords(busy, say)}
      </ActionButton>
      <div className="sign-in-more">
        <ActionButton
          isDisabled={busy !== null}
          isPending={busy === 'testing' && (check === null || !isOver(check))}
          onPress={() => onCheck(form)}
        >
          {say('signIn.test')}
        </ActionButton>
        <SignInFileButton onDraft={takeDraft} />
      </div>
      {check === null ? null : <CheckList check={check} />}
      <p className="visually-hidden" role="status">
        {busy === null ? '' : busyWords(busy, say)}
      </p>
    </Form>
  );
}

/** What is typed, until a link brings other things. */
function useForm(initial: SignInForm) {
  const [form, setForm] = useState(initial);
  const [shown, setShown] = useState(initial);
  // A link came while the form was open.
  if (shown !== initial) {
    setShown(initial);
    setForm(initial);
  }
  return {
    form,
    change: (patch: Partial<SignInForm>) => setForm((before) => ({ ...before, ...patch })),
    takeDraft: (draft: SignInDraft) => setForm({ ...formOfDraft(draft), remember: form.remember }),
  };
}

type Field = 'server' | 'extension' | 'password';

/** Where the caret stands when the form opens. */
function firstToFill({ server, extension }: SignInForm): Field {
  if (server === '') return 'server';
  return extension === '' ? 'extension' : 'password';
}

interface FieldsProps {
  readonly form: SignInForm;
  change(patch: Partial<SignInForm>): void;
}

function AccountFields({
  form,
  change,
  takeDraft,
  errors,
  focus,
}: FieldsProps & {
  takeDraft(draft: SignInDraft): void;
  readonly errors: FieldErrors;
  readonly focus: Field;
}) {
  const say = useSay();
  // A link that was sent to somebody is pasted where the server goes.
  const typeServer = (server: string) => {
    const draft = readSignInLink(server);
    if (draft === null) change({ server });
    else takeDraft(draft);
  };
  return (
    <>
      <TextLine
        label={say('signIn.server')}
        hint={say('signIn.serverHint')}
        value={form.server}
        onChange={typeServer}
        error={errors.server}
        machine
        autoComplete="url"
        autoFocus={focus === 'server'}
      />
      <TextLine
        label={say('signIn.extension')}
        value={form.extension}
        onChange={(extension) => change({ extension })}
        error={errors.extension}
        machine
        autoComplete="username"
        autoFocus={focus === 'extension'}
      />
      <TextLine
        label={say('signIn.password')}
        type="password"
        value={form.password}
        onChange={(password) => change({ password })}
        error={errors.password}
        machine
        autoComplete="current-password"
        autoFocus={focus === 'password'}
      />
    </>
  );
}

function Remember({
  form,
  change,
  secretStore,
}: FieldsProps & { readonly secretStore: SecretStore }) {
  const say = useSay();
  return (
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
  );
}

/** The certificate that signing in, or the test of the form, got stuck at. */
function refusedCertificate(
  problem: SignInProblem | null,
  check: SignInCheck | null,
): CertificateReport | null {
  const stuckAt = problem ?? (check === null ? null : (failingStep(check)?.problem ?? null));
  return stuckAt?.kind === 'certificate' ? (stuckAt.report ?? null) : null;
}

function busyWords(busy: SignInStep, say: Say): string {
  switch (busy) {
    case 'asking-server':
      return say('signIn.asking');
    case 'registering':
      return say('signIn.registering');
    case 'testing':
      return say('signIn.testing');
    case 'waiting':
      return say('signIn.waiting');
  }
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
    case 'in-a-call':
      return { ...none, general: words };
  }
}
