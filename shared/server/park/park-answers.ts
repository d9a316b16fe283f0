import { assertNever } from '../../domain/assert-never.ts';
import { goneText, type GoneReason } from '../../domain/gone-text.ts';
import type { ClaimRefusal, ParkRefusal } from '../../domain/park-lot.ts';
import type { EndedPark } from '../../domain/ended-parks.ts';
import type { Refusal } from '../calls/incoming-invite.ts';

/** Seconds after which a refused park may be tried again. */
const RETRY_AFTER_S = 30;

export const DRAINING: Refusal = {
  status: 503,
  text: 'The server is stopping',
  headers: [['Retry-After', String(RETRY_AFTER_S)]],
};

export const FULL: Refusal = {
  status: 503,
  text: 'The server is full',
  headers: [['Retry-After', String(RETRY_AFTER_S)]],
};

export const NO_PARK_GROUP: Refusal = { status: 403, text: 'No park group' };

/** The final answer for a park that was refused before anything changed (WIRE.md §8). */
export function refusalOfPark(refusal: ParkRefusal): Refusal {
  switch (refusal) {
    case 'already-being-parked':
      return { status: 491, text: 'Already being parked' };
    case 'slot-full':
      return { status: 486, text: 'No free park slot' };
    case 'tenant-full':
      return {
        status: 503,
        text: 'Too many parked calls',
        headers: [['Retry-After', String(RETRY_AFTER_S)]],
      };
    default:
      return assertNever(refusal);
  }
}

/** The final answer for a retriever who does not get a call (WIRE.md §8). */
export function refusalOfClaim(refusal: ClaimRefusal): Refusal {
  switch (refusal.kind) {
    case 'nothing-parked':
      return { status: 404, text: 'No call parked' };
    case 'not-permitted':
      return { status: 403, text: 'Not permitted' };
    case 'taken':
      return {
        status: 410,
        text: goneText({ kind: 'retrieved', by: refusal.by.extension }),
      };
    case 'ended':
      return { status: 410, text: goneText(howItEnded(refusal.how)) };
    default:
      return assertNever(refusal);
  }
}

function howItEnded({ end, parker }: EndedPark): GoneReason {
  switch (end.kind) {
    case 'retrieved':
      return { kind: 'retrieved', by: end.by.extension };
    case 'returned':
      return { kind: 'returned', to: parker.extension };
    case 'abandoned':
      return { kind: 'caller-gone' };
    case 'forwarded':
      return { kind: 'forwarded' };
    case 'failed':
    case 'lost':
      return { kind: 'lost' };
    default:
      return assertNever(end);
  }
}
