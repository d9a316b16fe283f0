import { Check, Circle, LoaderCircle, Minus, X } from 'lucide-react';
import {
  CHECK_STEPS,
  failingStep,
  isOver,
  type CheckStep,
  type SignInCheck,
  type StepState,
} from '../../../../shared/phone/sign-in-check.ts';
import { useSay, type Say } from '../../text.tsx';
import { checkProblemWords, skipWords, stepName } from './check-words.ts';

/** The test of the form, step by step, and in one sentence for whoever cannot see it. */
export function CheckList({ check }: { readonly check: SignInCheck }) {
  const say = useSay();
  return (
    <section className="check-list" aria-labelledby="check-title" data-testid="sign-in-check">
      <h2 id="check-title" className="visually-hidden">
        {say('check.title')}
      </h2>
      <ol>
        {CHECK_STEPS.map((step) => (
          <Step key={step} step={step} state={check.steps[step]} />
        ))}
      </ol>
      <p className="check-result" role="status">
        {resultWords(check, say)}
      </p>
    </section>
  );
}

function Step({ step, state }: { readonly step: CheckStep; readonly state: StepState }) {
  const say = useSay();
  return (
    <li className="check-step" data-step={step} data-state={state.kind}>
      <Mark state={state} />
      <span className="check-name">{stepName(step, say)}</span>
      <span className="check-words">{stateWords(state, say)}</span>
    </li>
  );
}

function Mark({ state }: { readonly state: StepState }) {
  const className = 'icon icon-small check-mark';
  switch (state.kind) {
    case 'waiting':
      return <Circle aria-hidden className={className} />;
    case 'running':
      return <LoaderCircle aria-hidden className={className} />;
    case 'passed':
      return <Check aria-hidden className={className} />;
    case 'skipped':
      return <Minus aria-hidden className={className} />;
    case 'failed':
      return <X aria-hidden className={className} />;
  }
}

function stateWords(state: StepState, say: Say): string {
  switch (state.kind) {
    case 'waiting':
      return '';
    case 'running':
      return say('check.running');
    case 'passed':
      return say('check.passed');
    case 'skipped':
      return skipWords(state.why, say);
    case 'failed':
      return checkProblemWords(state.problem, say);
  }
}

function resultWords(check: SignInCheck, say: Say): string {
  const failed = failingStep(check);
  if (failed !== null)
    return say('check.failedAt', {
      step: stepName(failed.step, say),
      problem: checkProblemWords(failed.problem, say),
    });
  return isOver(check) ? say('check.allWell') : '';
}
