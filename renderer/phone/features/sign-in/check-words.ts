import type {
  CheckProblem,
  CheckStep,
  SkipReason,
} from '../../../../shared/phone/sign-in-check.ts';
import type { Say } from '../../text.tsx';
import { problemWords } from '../shell/line-words.ts';

export function stepName(step: CheckStep, say: Say): string {
  switch (step) {
    case 'address':
      return say('check.step.address');
    case 'tls':
      return say('check.step.tls');
    case 'websocket':
      return say('check.step.websocket');
    case 'registration':
      return say('check.step.registration');
    case 'microphone':
      return say('check.step.microphone');
    case 'audio':
      return say('check.step.audio');
  }
}

export function skipWords(why: SkipReason, say: Say): string {
  switch (why) {
    case 'not-encrypted':
      return say('check.skip.notEncrypted');
    case 'not-told':
      return say('check.skip.notTold');
    case 'no-test-call':
      return say('check.skip.noTestCall');
    case 'not-reached':
      return say('check.skip.notReached');
  }
}

/** Why a step did not work, in one plain sentence. */
export function checkProblemWords(problem: CheckProblem, say: Say): string {
  switch (problem.kind) {
    case 'microphone':
      return microphoneWords(problem.why, say);
    case 'call-refused':
      return say('check.problem.callRefused', { status: problem.status });
    case 'no-sound':
      return say('check.problem.noSound');
    default:
      return problemWords(problem, say);
  }
}

function microphoneWords(
  why: Extract<CheckProblem, { kind: 'microphone' }>['why'],
  say: Say,
): string {
  switch (why) {
    case 'refused':
      return say('check.problem.microphoneRefused');
    case 'none':
      return say('check.problem.microphoneNone');
    case 'busy':
      return say('check.problem.microphoneBusy');
  }
}
