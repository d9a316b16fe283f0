import { isTalking, type Call } from '../../../shared/phone/call.ts';

/** The calls that are not over, as whoever presses a key without looking has them before them. */
export interface CallsAtHand {
  /** In order of their start. */
  readonly calls: readonly Call[];
  /** The one the panel shows large. */
  readonly shown: string | null;
  /** Whether calls of this account come without a sound. */
  isQuiet(account: string): boolean;
}

/** The one that is heard ringing longest; one that comes silently only where no other rings. */
export function callToAnswer({ calls, isQuiet }: CallsAtHand): Call | null {
  const incoming = calls.filter(({ state }) => state.kind === 'incoming');
  const heard = incoming.find((call) => call.recall !== null || !isQuiet(call.account));
  return heard ?? incoming[0] ?? null;
}

/** The one that is heard, else the one that is being set up, else the one that rings, else the one that is looked at. */
export function callToHangUp(at: CallsAtHand): Call | null {
  const heard = at.calls.filter(({ state }) => isTalking(state));
  const begun = at.calls.filter(({ state }) => state.kind !== 'held' && state.kind !== 'incoming');
  return shownOf(heard, at) ?? shownOf(begun, at) ?? callToAnswer(at) ?? shownOf(at.calls, at);
}

/** Whose microphone is meant. */
export function callToMute(at: CallsAtHand): Call | null {
  return shownOf(
    at.calls.filter(({ state }) => isTalking(state)),
    at,
  );
}

/** The one that is heard. */
export function callToPark(at: CallsAtHand): Call | null {
  return shownOf(inState(at, 'active'), at);
}

/** Holds the one that is heard; where none is, goes on with the one that is looked at. */
export function callToHold(
  at: CallsAtHand,
): { readonly kind: 'hold' | 'resume'; readonly call: Call } | null {
  const active = shownOf(inState(at, 'active'), at);
  if (active !== null) return { kind: 'hold', call: active };
  const held = shownOf(inState(at, 'held'), at);
  return held === null ? null : { kind: 'resume', call: held };
}

const inState = ({ calls }: CallsAtHand, kind: Call['state']['kind']): readonly Call[] =>
  calls.filter(({ state }) => state.kind === kind);

/** Of several that are alike the one on the screen, else the oldest. */
const shownOf = (calls: readonly Call[], { shown }: CallsAtHand): Call | null =>
  calls.find(({ id }) => id === shown) ?? calls[0] ?? null;
