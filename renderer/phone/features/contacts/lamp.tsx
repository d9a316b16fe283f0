import { useStore } from 'zustand';
import { assertNever } from '../../../../shared/domain/assert-never.ts';
import {
  lampOf,
  lampSign,
  unknownLamp,
  type LampOwner,
  type LampState,
  type Presence,
} from '../../../../shared/phone/lamps.ts';
import { usePhoneState, useSession } from '../../session-context.tsx';
import type { Say } from '../../text.tsx';

/** All that is known of somebody, in words: what they do on the telephone, whether they can be reached, a call parked there. */
export function lampWords(state: LampState, say: Say): string {
  const { call, presence, parked } = state;
  const words = [
    ...(call === 'busy' || call === 'ringing' ? [say(`lamp.${call}`)] : []),
    ...presenceWords(state, say),
    ...(parked === 'some' ? [say('lamp.parked')] : []),
  ];
  return words.length === 0 ? presenceWord(presence, say) : words.join(' · ');
}

/** Nothing is said twice: who is on a call is signed in. */
function presenceWords({ call, presence }: LampState, say: Say): readonly string[] {
  if (presence === 'signed-out' || presence === 'do-not-disturb')
    return [presenceWord(presence, say)];
  if (call === 'busy' || call === 'ringing') return [];
  return [call === 'free' ? say('lamp.free') : presenceWord(presence, say)];
}

function presenceWord(presence: Presence, say: Say): string {
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
    <span className="lamp" data-lamp={lampSign(state)} data-parked={state.parked} aria-hidden />
  );
}

/** Reads the lamp of anybody, as it is now. Without a connection nobody's is known, whatever the directory said before. */
export function useLamps(): (entry: LampOwner) => LampState {
  const online = usePhoneState((state) => state.line.kind === 'registered');
  const board = usePhoneState((state) => state.board);
  const watched = useStore(useSession().lamps.state);
  return (entry) => (online ? lampOf(entry, board, watched.get(entry.extension)) : unknownLamp);
}
