import type { CallProblem, ParkProblem } from './call.ts';

/** A final response, or the status line of a final NOTIFY. Status 0: no answer came at all. */
export interface FinalStatus {
  readonly status: number;
  readonly phrase: string;
  /** `text` of the Reason header (RFC 3326), where there was one. */
  readonly reasonText: string | null;
}

/** Why an outgoing call was not answered (RFC 3261 §21). */
export function callProblem(final: FinalStatus): CallProblem {
  switch (final.status) {
    case 404:
    case 410:
    case 604:
      return { kind: 'not-found' };
    case 484:
      return { kind: 'incomplete-number' };
    case 486:
    case 600:
      return { kind: 'busy' };
    case 408:
    case 487:
      return { kind: 'no-answer' };
    case 480:
      return { kind: 'unavailable' };
    case 603:
      return { kind: 'rejected' };
    case 401:
    case 403:
    case 407:
      return { kind: 'not-permitted' };
    case 415:
    case 488:
    case 606:
      return { kind: 'media' };
    case 500:
    case 503:
      return { kind: 'server' };
    default:
      return { kind: 'other', status: final.status, text: final.reasonText ?? final.phrase };
  }
}

/** Why a REFER, or what it asked for, was refused (WIRE.md §8). */
export function parkProblem(final: FinalStatus): ParkProblem {
  switch (final.status) {
    case 0:
    case 408:
      return { kind: 'no-connection' };
    case 404:
    case 604:
      return { kind: 'unknown-extension' };
    case 484:
      return { kind: 'incomplete-number' };
    case 401:
    case 403:
    case 407:
      return { kind: 'not-permitted', text: final.reasonText };
    case 486:
      return { kind: 'slot-full' };
    case 480:
      return { kind: 'nobody-available' };
    case 491:
      return { kind: 'already-being-parked' };
    case 487:
      return { kind: 'caller-gone' };
    case 503:
      return { kind: 'server-busy' };
    default:
      return { kind: 'other', status: final.status, text: final.reasonText ?? final.phrase };
  }
}
