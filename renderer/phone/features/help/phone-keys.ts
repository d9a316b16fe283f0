import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import type { MessageId } from '../../intl.ts';
import { KEY_BINDINGS, keyOf, type KeyAction, type OwnKeys } from './key-bindings.ts';
import { redial } from '../dialer/redial.ts';
import type { Session } from '../../model/session.ts';
import type { Phone } from '../../model/phone.ts';
import type { Switchboard } from '../../model/switchboard.ts';
import { answer, callsAtHand, hangUp, toggleHold, toggleMute } from '../../model/press-at-hand.ts';
import { callToPark } from '../../model/which-call.ts';
import { useSession, useSettings, useSwitchboard } from '../../session-context.tsx';

/** The keys that stay what they are, as the overview shows them; `KEY_BINDINGS` can be changed. */
export const FIXED_KEYS: readonly { readonly keys: string; readonly words: MessageId }[] = [
  { keys: 'Alt+1 … Alt+9', words: 'keys.retrieveNumber' },
  { keys: '1 … 9', words: 'keys.retrieveInList' },
  { keys: 'Enter', words: 'keys.retrieveCard' },
  { keys: 'S', words: 'keys.snoozeCard' },
  { keys: '↑ ↓', words: 'keys.moveCards' },
  { keys: '?', words: 'keys.help' },
];

/** Keys that work anywhere in the window. */
export function usePhoneKeys({ onHelp }: { onHelp(): void }): void {
  const session = useSession();
  const switchboard = useSwitchboard();
  const { helpKey, ownKeys } = useSettings();
  useEffect(() => {
    const numbers = Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [
        `Alt+Digit${number}`,
        (event: KeyboardEvent) => run(event, () => switchboard.retrieveNumber(number)),
      ]),
    );
    return tinykeys(
      window,
      {
        ...numbers,
        ...boundKeys({ switchboard, session }, ownKeys),
        'Shift+?': (event) => {
          if (helpKey && !isTyping(event.target)) run(event, onHelp);
        },
        // On the way down: React Aria's fields and buttons let no key they know come up again.
      },
      { capture: true, ignore: isText },
    );
  }, [switchboard, session, helpKey, ownKeys, onHelp]);
}

/** Everybody who is signed in, and who dials. */
interface Desk {
  readonly switchboard: Switchboard;
  readonly session: Session;
}

/** The first action that has a combination gets it. */
function boundKeys(desk: Desk, own: OwnKeys): Record<string, (event: KeyboardEvent) => void> {
  const acts = actsOf(desk);
  const bound: Record<string, (event: KeyboardEvent) => void> = {};
  for (const binding of KEY_BINDINGS) {
    const key = keyOf(binding, own);
    if (key !== null) bound[key] ??= (event) => run(event, acts[binding.action]);
  }
  return bound;
}

function actsOf({ switchboard, session }: Desk): Readonly<Record<KeyAction, () => void>> {
  return {
    'retrieve-oldest': () => switchboard.retrieveOldest(),
    answer: () => answer(switchboard),
    'hang-up': () => hangUp(switchboard),
    hold: () => toggleHold(switchboard),
    mute: () => toggleMute(switchboard),
    park: () => parkOnMe(switchboard),
    conference: () => talkingPhone(switchboard)?.toggleConference(),
    redial: () => redial(session),
    'park-list': () => document.getElementById('park-heading')?.focus(),
    dialler: () => document.querySelector<HTMLElement>('.dial-input')?.focus(),
  };
}

function run(event: KeyboardEvent, action: () => void): void {
  // A key that is held down acts once.
  event.preventDefault();
  if (!event.repeat) action();
}

/** AltGr writes characters, half-composed words are nobody's command, and a key that is being set does nothing yet; other keys work in fields as well. */
function isText(event: KeyboardEvent): boolean {
  const isSetting = event.target instanceof Element && event.target.closest('[data-listening]');
  return event.isComposing || event.getModifierState('AltGraph') || Boolean(isSetting);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

/** The account whose call one hears. */
function talkingPhone(switchboard: Switchboard): Phone | null {
  const call = callToPark(callsAtHand(switchboard));
  return call === null ? null : (switchboard.find(call.account)?.phone ?? null);
}

function parkOnMe(switchboard: Switchboard): void {
  const phone = talkingPhone(switchboard);
  const call = callToPark(callsAtHand(switchboard));
  if (phone !== null && call !== null)
    phone.park(call.id, { code: phone.state.getState().codes.park, note: null });
}
