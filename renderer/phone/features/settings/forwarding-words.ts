import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type { Forwarding, ForwardingFailure } from '../../../../shared/domain/call-forwarding.ts';
import type { Say } from '../../text.tsx';

export function isForwarding({ always, busy, noAnswer }: Forwarding): boolean {
  return always !== null || busy !== null || noAnswer !== null;
}

/** Why the server did not take a forwarding. */
export function forwardingFailureWords(reason: ForwardingFailure, say: Say): string {
  switch (reason) {
    case 'feature-code':
      return say('forward.problem.code');
    case 'own-number':
      return say('forward.problem.own');
    case 'no-such-number':
      return say('forward.problem.unknown');
    case 'wait-out-of-range':
      return say('forward.problem.wait');
    case 'offline':
      return say('forward.problem.offline');
    case 'server':
      return say('forward.problem.server');
    default:
      return assertNever(reason);
  }
}
