import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { ActionButton } from '../../controls/action-button.tsx';
import type { Failure } from '../model/api.ts';
import { problemsOfFailure, type Problems } from '../model/problem.ts';
import { useProblemWords, useSay } from '../words.tsx';
import { Dialog } from './dialog.tsx';

interface SmallFormProps {
  readonly title: string;
  readonly go: string;
  /** Fields of which what is wrong is shown in place. */
  readonly known: readonly string[];
  readonly check: () => Problems;
  /** @returns why not; `null` when it is done */
  readonly send: () => Promise<Failure | null>;
  onClose(): void;
  readonly children: (problems: Problems) => ReactNode;
}

/** A few fields in a dialog. */
export function SmallForm({ title, go, known, check, send, onClose, children }: SmallFormProps) {
  const say = useSay();
  const words = useProblemWords();
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    if (isBusy) return;
    const found = check();
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const failure = await send();
    setBusy(false);
    if (failure === null) onClose();
    else setProblems(problemsOfFailure(failure));
  };
  const others = Object.entries(problems).filter(([field]) => !known.includes(field));
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        className="form"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children(problems)}
        {others.map(([field, problem]) => (
          <p key={field} className="form-problem" role="alert">
            {words(problem)}
          </p>
        ))}
        <div className="form-actions">
          <ActionButton onPress={onClose}>{say('common.cancel')}</ActionButton>
          <ActionButton type="submit" tone="accent" isPending={isBusy}>
            {go}
          </ActionButton>
        </div>
      </Form>
    </Dialog>
  );
}
