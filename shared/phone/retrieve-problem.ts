import { parseGoneText, type GoneReason } from '../domain/gone-text.ts';
import type { CardEnd } from './park-report.ts';

/** Why a retrieve did not work, for a sentence in the user's language; never a bare number. */
export type RetrieveProblem =
  | { readonly kind: 'gone'; readonly how: CardEnd }
  | { readonly kind: 'nothing-parked' }
  | { readonly kind: 'not-permitted' }
  /** No common codec, or our own media could not be set up. */
  | { readonly kind: 'media' }
  /** The call one was in could not be put on hold, so nothing was done. */
  | { readonly kind: 'hold-failed' }
  | { readonly kind: 'server-stopping' }
  | { readonly kind: 'no-connection' }
  /** The server gave no way to take exactly this call. */
  | { readonly kind: 'not-retrievable' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string };

/** What a failed retrieve came back with. */
export type RetrieveFailure =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly phrase: string;
      /** `text` of the Reason header (RFC 3326), where there was one. */
      readonly reasonText: string | null;
    }
  | { readonly kind: 'no-connection' | 'timeout' | 'media' | 'cancelled' | 'hold-failed' };

/** Reads the final response to a retrieve (WIRE.md §4, §8). */
export function retrieveProblem(failure: RetrieveFailure): RetrieveProblem {
  switch (failure.kind) {
    case 'response':
      return responseProblem(failure);
    case 'timeout':
      return { kind: 'no-connection' };
    default:
      return { kind: failure.kind };
  }
}

function responseProblem(
  response: Extract<RetrieveFailure, { kind: 'response' }>,
): RetrieveProblem {
  const gone = response.reasonText === null ? null : parseGoneText(response.reasonText);
  switch (response.status) {
    case 410:
      return { kind: 'gone', how: howOf(gone) };
    case 480:
      return { kind: 'gone', how: { kind: 'caller-gone' } };
    case 404:
      return { kind: 'nothing-parked' };
    case 403:
      return { kind: 'not-permitted' };
    case 415:
    case 488:
      return { kind: 'media' };
    case 503:
      return { kind: 'server-stopping' };
    case 408:
      return { kind: 'no-connection' };
    default: {
      const text = response.reasonText ?? response.phrase;
      return { kind: 'refused', status: response.status, text };
    }
  }
}

/** Which ring group it was is not said there. */
function howOf(gone: GoneReason | null): CardEnd {
  if (gone === null) return { kind: 'unknown' };
  return gone.kind === 'forwarded' ? { kind: 'forwarded', to: null } : gone;
}
