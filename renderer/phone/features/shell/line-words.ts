import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type { SignInProblem } from '../../../../shared/phone/sign-in-problem.ts';
import type { LineState } from '../../../sip/phone-line.ts';
import type { Say } from '../../text.tsx';

/** Where the line stands, in a few words. */
export function lineWords(line: LineState, say: Say): string {
  switch (line.kind) {
    case 'stopped':
      return say('line.stopped');
    case 'connecting':
      return say('line.connecting');
    case 'registering':
      return say('line.registering');
    case 'registered':
      return say('line.registered');
    case 'offline':
      return say('line.offline');
    case 'refused':
      return problemWords(line.problem, say);
    default:
      return assertNever(line);
  }
}

/** Why signing in did not work, in one plain sentence. */
export function problemWords(problem: SignInProblem, say: Say): string {
  switch (problem.kind) {
    case 'server-text':
      return serverTextWords(problem.problem, say);
    case 'no-such-server':
      return say('signIn.problem.noSuchServer');
    case 'unreachable':
      return say('signIn.problem.unreachable');
    case 'timeout':
      return say('signIn.problem.timeout');
    case 'certificate':
      return say('signIn.problem.certificate');
    case 'not-a-phone-server':
      return say('signIn.problem.notPhoneServer');
    case 'unknown-extension':
      return say('signIn.problem.unknownExtension');
    case 'wrong-password':
      return say('signIn.problem.wrongPassword');
    case 'not-allowed':
      return say('signIn.problem.notAllowed');
    case 'app-too-old':
      return say('signIn.problem.appTooOld', { oldest: problem.oldest });
    case 'server-error':
      return say('signIn.problem.serverError', { status: problem.status });
    case 'in-a-call':
      return say('accounts.inACall');
    default:
      return assertNever(problem);
  }
}

function serverTextWords(
  problem: Extract<SignInProblem, { kind: 'server-text' }>['problem'],
  say: Say,
): string {
  switch (problem) {
    case 'empty':
      return say('signIn.server.empty');
    case 'unknown-scheme':
      return say('signIn.server.scheme');
    case 'bad-host':
      return say('signIn.server.host');
    case 'bad-port':
      return say('signIn.server.port');
    case 'bad-extension':
      return say('signIn.server.extension');
    default:
      return assertNever(problem);
  }
}
