/** Presses that name no call: keys here, on the whole desktop or on a headset, and the tray. */
import { liveCalls } from '../../../shared/phone/call-list.ts';
import type { Switchboard } from './switchboard.ts';
import {
  callToAnswer,
  callToHangUp,
  callToHold,
  callToMute,
  type CallsAtHand,
} from './which-call.ts';

/** What there is for a key that names no call, whoever pressed it: here, on the whole desktop or in the tray. */
export function callsAtHand(switchboard: Switchboard): CallsAtHand {
  const { calls, shownCall } = switchboard.floor.state.getState();
  return {
    calls: liveCalls(calls),
    shown: shownCall,
    isQuiet: (account) => switchboard.isQuiet(account),
  };
}

export function answer(switchboard: Switchboard): void {
  const call = callToAnswer(callsAtHand(switchboard));
  if (call !== null) switchboard.floor.press({ kind: 'answer', call: call.id });
}

export function hangUp(switchboard: Switchboard): void {
  const call = callToHangUp(callsAtHand(switchboard));
  if (call !== null) switchboard.floor.press({ kind: 'hang-up', call: call.id });
}

export function toggleMute(switchboard: Switchboard): void {
  const call = callToMute(callsAtHand(switchboard));
  if (call === null) return;
  const kind = call.microphone === 'muted' ? 'unmute' : 'mute';
  switchboard.floor.press({ kind, call: call.id });
}

export function toggleHold(switchboard: Switchboard): void {
  const press = callToHold(callsAtHand(switchboard));
  if (press !== null) switchboard.floor.press({ kind: press.kind, call: press.call.id });
}
