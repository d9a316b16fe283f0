import { Save } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { ActionButton } from '../../controls/action-button.tsx';
import { usePortal } from '../portal-context.tsx';
import type { Editor } from '../use-editor.ts';
import { useFormats, useProblemWords, useSay } from '../words.tsx';
import { CompareVersions, type ComparedField } from './compare-versions.tsx';
import { Remark } from './page.tsx';

interface EditorFormProps<Draft extends object> {
  readonly editor: Editor<Draft>;
  /** For comparing two versions, in the form's order. */
  readonly fields: readonly ComparedField<Draft>[];
  /** Shown beside what the form as a whole is refused for. */
  readonly known: readonly string[];
  onCancel?(): void;
  readonly children: ReactNode;
}

/** A form with Save; what is wrong gets the focus, and what somebody else saved meanwhile is never overwritten unseen. */
export function EditorForm<Draft extends object>({
  editor,
  fields,
  known,
  onCancel,
  children,
}: EditorFormProps<Draft>) {
  const say = useSay();
  const { router } = usePortal();
  const form = useRef<HTMLFormElement>(null);
  const { problems, isSaving, isUnsaved, newer } = editor;
  useEffect(() => {
    if (Object.keys(problems).length === 0) return;
    // After the tab with the field has been shown.
    const timer = setTimeout(() => focusFirstProblem(form.current), 0);
    return () => clearTimeout(timer);
  }, [problems]);
  return (
    <>
      <Form
        ref={form}
        className="form"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          void editor.save();
        }}
      >
        {newer === null ? null : <Newer editor={editor} />}
        {children}
        <General problems={problems} known={known} />
        <div className="form-foot">
          <p className="form-state" role="status">
            {isUnsaved ? say('form.unsaved') : ''}
          </p>
          {onCancel === undefined ? null : (
            <ActionButton onPress={() => router.ask(onCancel)}>{say('common.cancel')}</ActionButton>
          )}
          <ActionButton type="submit" tone="accent" icon={Save} isPending={isSaving}>
            {say('common.save')}
          </ActionButton>
        </div>
      </Form>
      {editor.isComparing ? <CompareVersions editor={editor} fields={fields} /> : null}
    </>
  );
}

function Newer<Draft extends object>({ editor }: { readonly editor: Editor<Draft> }) {
  const say = useSay();
  const { dateTime } = useFormats();
  const { newer } = editor;
  if (newer === null) return null;
  return (
    <Remark role="alert">
      <p>{say('conflict.notice', { by: newer.by || '–', at: dateTime(newer.at) })}</p>
      <ActionButton onPress={() => editor.compare(true)}>{say('conflict.compare')}</ActionButton>
    </Remark>
  );
}

function General({
  problems,
  known,
}: {
  readonly problems: Editor<object>['problems'];
  readonly known: readonly string[];
}) {
  const words = useProblemWords();
  const others = Object.entries(problems).filter(([field]) => !known.includes(field));
  if (others.length === 0) return null;
  return (
    <div className="form-problem" role="alert" tabIndex={-1}>
      {others.map(([field, problem]) => (
        <p key={field}>{words(problem)}</p>
      ))}
    </div>
  );
}

function focusFirstProblem(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>(
    '.field[data-invalid] input, .field[data-invalid] button, .members[data-invalid] button, .form-problem',
  );
  wrong?.focus();
}
