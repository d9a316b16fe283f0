import { assertNever } from '../domain/assert-never.ts';
import type { SignInProblem } from './sign-in-problem.ts';

/** What has to work before anybody can be called, in the order in which it is tried. */
export const CHECK_STEPS = [
  'address',
  'tls',
  'websocket',
  'registration',
  'microphone',
  'audio',
] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

/** Why a step of the test did not work. */
export type CheckProblem =
  | SignInProblem
  | { readonly kind: 'microphone'; readonly why: 'refused' | 'none' | 'busy' }
  /** The test call was not put through. */
  | { readonly kind: 'call-refused'; readonly status: number }
  /** The call stood, and nothing was heard of it. */
  | { readonly kind: 'no-sound' };

export type SkipReason =
  /** `ws:`, not `wss:`. */
  | 'not-encrypted'
  /** A page is not told why a connection did not come about. */
  | 'not-told'
  /** This PBX lets nobody call themselves and has no echo test. */
  | 'no-test-call'
  /** Something before it failed. */
  | 'not-reached';

export type StepState =
  | { readonly kind: 'waiting' | 'running' | 'passed' }
  | { readonly kind: 'skipped'; readonly why: SkipReason }
  | { readonly kind: 'failed'; readonly problem: CheckProblem };

export interface SignInCheck {
  readonly steps: Readonly<Record<CheckStep, StepState>>;
}

export type CheckInput =
  | { readonly kind: 'begins' | 'passed'; readonly step: CheckStep }
  | { readonly kind: 'skipped'; readonly step: CheckStep; readonly why: SkipReason }
  | { readonly kind: 'failed'; readonly step: CheckStep; readonly problem: CheckProblem };

const waiting: StepState = { kind: 'waiting' };

export const newCheck: SignInCheck = {
  steps: {
    address: waiting,
    tls: waiting,
    websocket: waiting,
    registration: waiting,
    microphone: waiting,
    audio: waiting,
  },
};

/** What is known of each step after `input`. A step that fails ends those that build on it. */
export function foldCheck(check: SignInCheck, input: CheckInput): SignInCheck {
  switch (input.kind) {
    case 'begins':
      return withStep(check, input.step, { kind: 'running' });
    case 'passed':
      return withStep(check, input.step, { kind: 'passed' });
    case 'skipped':
      // What is known already stays so.
      return check.steps[input.step].kind === 'passed'
        ? check
        : withStep(check, input.step, { kind: 'skipped', why: input.why });
    case 'failed':
      return notReached(
        withStep(check, input.step, { kind: 'failed', problem: input.problem }),
        input.step,
      );
    default:
      return assertNever(input);
  }
}

/** The step that did not work; `null` while all is well. */
export function failingStep(
  check: SignInCheck,
): { readonly step: CheckStep; readonly problem: CheckProblem } | null {
  for (const step of CHECK_STEPS) {
    const state = check.steps[step];
    if (state.kind === 'failed') return { step, problem: state.problem };
  }
  return null;
}

/** Whether nothing of it is still to come. */
export function isOver(check: SignInCheck): boolean {
  return CHECK_STEPS.every((step) => {
    const { kind } = check.steps[step];
    return kind !== 'waiting' && kind !== 'running';
  });
}

/** At which step a sign-in that failed got stuck. `connected`: the WebSocket had opened. */
export function stepOf(problem: SignInProblem, connected: boolean): CheckStep {
  switch (problem.kind) {
    case 'server-text':
    case 'no-such-server':
    case 'app-too-old':
      return 'address';
    case 'certificate':
      return 'tls';
    case 'unreachable':
    case 'not-a-phone-server':
    case 'timeout':
      return connected ? 'registration' : 'websocket';
    case 'unknown-extension':
    case 'wrong-password':
    case 'not-allowed':
    case 'server-error':
    case 'in-a-call':
      return 'registration';
    default:
      return assertNever(problem);
  }
}

function withStep(check: SignInCheck, step: CheckStep, state: StepState): SignInCheck {
  return { steps: { ...check.steps, [step]: state } };
}

/** Everything stands on what comes before it, but a microphone, without which calls are listen-only. */
function notReached(check: SignInCheck, failed: CheckStep): SignInCheck {
  if (failed === 'microphone') return check;
  const after = CHECK_STEPS.slice(CHECK_STEPS.indexOf(failed) + 1);
  return after
    .filter((step) => check.steps[step].kind === 'waiting')
    .reduce<SignInCheck>(
      (all, step) => withStep(all, step, { kind: 'skipped', why: 'not-reached' }),
      check,
    );
}
