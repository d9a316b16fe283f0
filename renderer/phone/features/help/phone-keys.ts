import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { isTalking } from '../../../../shared/phone/call.ts';
import type { MessageId } from '../../intl.ts';
import { redial } from '../dialer/redial.ts';
import type { Phone } from '../../model/phone.ts';
import { useSession, useSettings } from '../../session-context.tsx';

/** Every key of the phone, as the overview shows them. */
export const KEYS: readonly { readonly keys: string; readonly words: MessageId }[] = [
  { keys: 'Alt+1 … Alt+9', words: 'keys.retrieveNumber' },
  { keys: 'Alt+P', words: 'keys.retrieveOldest' },
  { keys: '1 … 9', words: 'keys.retrieveInList' },
  { keys: 'Enter', words: 'keys.retrieveCard' },
  { keys: 'S', words: 'keys.snoozeCard' },
  { keys: '↑ ↓', words: 'keys.moveCards' },
  { keys: 'Alt+A', words: 'keys.answer' },
  { keys: 'Alt+H', words: 'keys.hangUp' },
  { keys: 'Alt+O', words: 'keys.hold' },
  { keys: 'Alt+M', words: 'keys.mute' },
  { keys: 'Alt+K', words: 'keys.park' },
  { keys: 'Alt+J', words: 'keys.conference' },
  { keys: 'Alt+R', words: 'keys.redial' },
  { keys: 'Alt+L', words: 'keys.parkList' },
  { keys: 'Alt+D', words: 'keys.dialler' },
  { keys: '?', words: 'keys.help' },
];

/** Keys that work anywhere in the window. */
export function usePhoneKeys({ onHelp }: { onHelp(): void }): void {
  const session = useSession();
  const { phone } = session;
  const { helpKey } = useSettings();
  useEffect(() => {
    const numbers = Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [
        `Alt+Digit${number}`,
        (event: KeyboardEvent) => run(event, () => retrieveNumber(phone, number)),
      ]),
    );
    return tinykeys(
      window,
      {
        ...numbers,
        'Alt+KeyP': (event) => run(event, () => phone.retrieveOldest()),
        'Alt+KeyA': (event) => run(event, () => answer(phone)),
        'Alt+KeyH': (event) => run(event, () => hangUp(phone)),
        'Alt+KeyO': (event) => run(event, () => toggleHold(phone)),
        'Alt+KeyM': (event) => run(event, () => toggleMute(phone)),
        'Alt+KeyK': (event) => run(event, () => parkOnMe(phone)),
        'Alt+KeyJ': (event) => run(event, () => phone.toggleConference()),
        'Alt+KeyR': (event) => run(event, () => redial(session)),
        'Alt+KeyL': (event) => run(event, () => document.getElementById('park-heading')?.focus()),
        'Alt+KeyD': (event) =>
          run(event, () => document.querySelector<HTMLElement>('.dial-input')?.focus()),
        'Shift+?': (event) => {
          if (helpKey && !isTyping(event.target)) run(event, onHelp);
        },
        // On the way down: React Aria's fields and buttons let no key they know come up again.
      },
      { capture: true, ignore: isText },
    );
  }, [phone, session, helpKey, onHelp]);
}

function run(event: KeyboardEvent, action: () => void): void {
  // A key that is held down acts once.
  event.preventDefault();
  if (!event.repeat) action();
}

/** AltGr writes characters, and half-composed words are nobody's command; other keys work in fields as well. */
function isText(event: KeyboardEvent): boolean {
  return event.isComposing || event.getModifierState('AltGraph');
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

function retrieveNumber(phone: Phone, number: number): void {
  const card = phone.state.getState().board.cards.find((each) => each.number === number);
  if (card !== undefined) phone.retrieve(card.id);
}

const calls = (phone: Phone) => liveCalls(phone.state.getState().calls);

export function answer(phone: Phone): void {
  const call = calls(phone).find((each) => each.state.kind === 'incoming');
  if (call !== undefined) phone.call({ kind: 'answer', call: call.id });
}

/** The call one hears, else the one that is being set up, else the one that rings. */
export function hangUp(phone: Phone): void {
  const all = calls(phone);
  const { shownCall } = phone.state.getState();
  const call =
    // In a conference, the one that is shown large.
    all.find((each) => isTalking(each.state) && each.id === shownCall) ??
    all.find((each) => isTalking(each.state)) ??
    all.find((each) => each.state.kind !== 'held') ??
    all[0];
  if (call !== undefined) phone.call({ kind: 'hang-up', call: call.id });
}

export function toggleMute(phone: Phone): void {
  const call = calls(phone).find((each) => isTalking(each.state));
  if (call !== undefined)
    phone.call({ kind: call.microphone === 'muted' ? 'unmute' : 'mute', call: call.id });
}

function toggleHold(phone: Phone): void {
  const all = calls(phone);
  const active = all.find((each) => each.state.kind === 'active');
  const held = all.find((each) => each.state.kind === 'held');
  if (active !== undefined) phone.call({ kind: 'hold', call: active.id });
  else if (held !== undefined) phone.call({ kind: 'resume', call: held.id });
}

function parkOnMe(phone: Phone): void {
  const call = calls(phone).find((each) => each.state.kind === 'active');
  if (call !== undefined)
    phone.park(call.id, { code: phone.state.getState().codes.park, note: null });
}
