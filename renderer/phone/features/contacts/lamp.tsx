import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type { Board } from '../../../../shared/phone/park-board.ts';
import type { DirectoryEntry } from '../../model/phone-state.ts';
import type { Say } from '../../text.tsx';

/** What is known of a colleague. Unknown is not free. */
export type LampState = 'signed-in' | 'signed-out' | 'do-not-disturb' | 'parked' | 'unknown';

/** Do-not-disturb comes before a parked call, which has its own place on the screen: who is about to park must see it. */
export function lampOf(entry: DirectoryEntry, board: Board): LampState {
  if (entry.registered && entry.doNotDisturb) return 'do-not-disturb';
  const parked =
    board.sync.kind === 'live' &&
    board.cards.some((card) => card.slot === entry.extension && card.state.kind !== 'ended');
  if (parked) return 'parked';
  return entry.registered ? 'signed-in' : 'signed-out';
}

export function lampWords(state: LampState, say: Say): string {
  switch (state) {
    case 'signed-in':
      return say('lamp.signedIn');
    case 'signed-out':
      return say('lamp.signedOut');
    case 'do-not-disturb':
      return say('lamp.doNotDisturb');
    case 'parked':
      return say('lamp.parked');
    case 'unknown':
      return say('lamp.unknown');
    default:
      return assertNever(state);
  }
}

/** A mark whose shape differs as well as its colour; the words stand beside it. */
export function Lamp({ state }: { readonly state: LampState }) {
  return <span className="lamp" data-lamp={state} aria-hidden />;
}
