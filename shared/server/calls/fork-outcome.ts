import type { SipResponse } from '../../sip/message/message.ts';

/** Why ringing ended without an answer, already as the caller should be told. */
export interface RingFailure {
  readonly status: number;
  readonly text: string;
}

/** One device's final answer, or why none came. */
export type BranchEnd =
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  /** A 3xx: the call was to go elsewhere. */
  | { readonly kind: 'redirected'; readonly response: SipResponse }
  /** The same, and there was nobody where it sent the call. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable' };

/**
 * Chooses what a caller hears when no device answered.
 *
 * A decline (6xx) outranks everything, then busy, then "rang and nobody came"; a fault of one device is told
 * only when no device did better. Nothing to ring at all is 480.
 */
export function aggregateBranches(ends: readonly BranchEnd[]): RingFailure {
  const statuses = ends.flatMap((end) => (end.kind === 'response' ? [end.status] : []));
  if (statuses.some((status) => status >= 600)) return { status: 603, text: 'Declined' };
  if (statuses.includes(486)) return { status: 486, text: 'Busy here' };
  if (ends.length > 0 && ends.every((end) => end.kind === 'response' && end.status === 488)) {
    return { status: 488, text: 'No common audio' };
  }
  if (ends.length > 0 && ends.every(({ kind }) => kind === 'nowhere')) {
    return { status: 404, text: 'Sent on to nobody' };
  }
  const rang = ends.some((end) => end.kind === 'timeout') || statuses.includes(408);
  if (rang) return { status: 480, text: 'No answer' };
  return { status: 480, text: 'Temporarily unavailable' };
}

/** Whether no device could be reached, or all lost their connections before they answered. */
export function wereUnreachable(ends: readonly BranchEnd[]): boolean {
  return ends.every(({ kind }) => kind === 'unreachable');
}

/** Whether these ends mean that the person refused, as opposed to not answering (WIRE.md §9). */
export function wasRefused(ends: readonly BranchEnd[]): boolean {
  const last = ends.at(-1);
  return last?.kind === 'response' && (last.status === 486 || last.status >= 600);
}
