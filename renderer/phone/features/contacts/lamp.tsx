import { assertNever } from '../../../../shared/domain/assert-never.ts';
import type { Board } from '../../../../shared/phone/park-board.ts';
import type { DirectoryEntry } from '../../model/phone-state.ts';
import type { Say } from '../../text.tsx';

/** Whether a colleague can be reached. Unknown is not free. */
export type Presence = 'signed-in' | 'signed-out' | 'do-not-disturb' | 'unknown';

/** What is known of a colleague: who is about to park must see both. */
export interface LampState {
  readonly presence: Presence;
  readonly parked: 'some' | 'none';
}

export const unknownLamp: LampState = { presence: 'unknown', parked: 'none' };

export function lampOf(entry: DirectoryEntry, board: Board): LampState {
  const parked =
    board.sync.kind === 'live' &&
    board.cards.some((card) => card.slot === entry.extension && card.state.kind !== 'ended');
  return { presence: presenceOf(entry), parked: parked ? 'some' : 'none' };
}

function presenceOf(entry: DirectoryEntry): Presence {
  if (!entry.registered) return 'signed-out';
  return entry.doNotDisturb ? 'do-not-disturb' : 'signed-in';
}

export function lampWords({ presence, parked }: LampState, say: Say): string {
  const words = presenceWords(presence, say);
  return parked === 'none' ? words : `${words} · ${say('lamp.parked')}`;
}

function presenceWords(presence: Presence, say: Say): string {
  switch (presence) {
    case 'signed-in':
      return say('lamp.signedIn');
    case 'signed-out':
      return say('lamp.signedOut');
    case 'do-not-disturb':
      return say('lamp.doNotDisturb');
    case 'unknown':
      return say('lamp.unknown');
    default:
      return assertNever(presence);
  }
}

/** A mark whose shape differs as well as its colour; the words stand beside it. */
export function Lamp({ state }: { readonly state: LampState }) {
  return (
    <span className="lamp" data-lamp={state.presence} data-parked={state.parked} aria-hidden />
  );
}
