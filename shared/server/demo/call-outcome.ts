import { assertNever } from '../../domain/assert-never.ts';

/** How a demo call ended. */
export type DemoCallOutcome =
  | { readonly kind: 'they-hung-up' }
  | { readonly kind: 'we-hung-up'; readonly answered: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | { readonly kind: 'wrong-credentials' }
  | { readonly kind: 'server-unreachable' }
  | { readonly kind: 'no-common-audio'; readonly detail: string };

/** True when the call was answered, or when we gave it up ourselves. */
export function isSuccess(outcome: DemoCallOutcome): boolean {
  return outcome.kind === 'they-hung-up' || outcome.kind === 'we-hung-up';
}

/** The outcome as a sentence. */
export function describeOutcome(outcome: DemoCallOutcome, extension: string): string {
  switch (outcome.kind) {
    case 'they-hung-up':
      return 'The other side hung up.';
    case 'we-hung-up':
      return outcome.answered
        ? 'The demo caller hung up.'
        : 'Nobody answered; the demo caller gave up.';
    case 'refused':
      return refusedSentence(outcome.status, outcome.reason, extension);
    case 'wrong-credentials':
      return 'The server does not accept the demo caller’s password. Call with --data naming that server’s data directory.';
    case 'server-unreachable':
      return 'The server does not answer. Is it running, and does it listen on UDP?';
    case 'no-common-audio':
      return `The server and the demo caller found no audio in common: ${outcome.detail}.`;
    default:
      return assertNever(outcome);
  }
}

function refusedSentence(status: number, reason: string, extension: string): string {
  switch (status) {
    case 404:
      return `There is no extension ${extension} on this server.`;
    case 403:
      return `The server refused the call (403 ${reason}).`;
    case 408:
    case 480:
      return `${extension} is not signed in anywhere, or nobody answered.`;
    case 486:
    case 600:
      return `${extension} is busy.`;
    case 603:
      return `${extension} declined the call.`;
    case 488:
    case 606:
      return 'The phone and the demo caller found no audio in common.';
    case 503:
      return 'The server takes no new calls now.';
    default:
      return `The call was refused: ${status} ${reason}.`;
  }
}
