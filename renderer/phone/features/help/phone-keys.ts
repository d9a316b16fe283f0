import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { isTalking } from '../../../../shared/phone/call.ts';
import type { MessageId } from '../../intl.ts';
import { KEY_BINDINGS, keyOf, type KeyAction, type OwnKeys } from './key-bindings.ts';
import { redial } from '../dialer/redial.ts';
import type { Session } from '../../model/session.ts';
import type { Phone } from '../../model/phone.ts';
import { useSession, useSettings } from '../../session-context.tsx';

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
  const { phone } = session;
  const { helpKey, ownKeys } = useSettings();
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
        ...boundKeys(session, ownKeys),
        'Shift+?': (event) => {
          if (helpKey && !isTyping(event.target)) run(event, onHelp);
        },
        // On the way down: React Aria's fields and buttons let no key they know come up again.
      },
      { capture: true, ignore: isText },
    );
  }, [phone, session, helpKey, ownKeys, onHelp]);
}

/** The first action that has a combination gets it. */
function boundKeys(session: Session, own: OwnKeys): Record<string, (event: KeyboardEvent) => void> {
  const acts = actsOf(session);
  const bound: Record<string, (event: KeyboardEvent) => void> = {};
  for (const binding of KEY_BINDINGS) {
    const key = keyOf(binding, own);
    if (key !== null) bound[key] ??= (event) => run(event, acts[binding.action]);
  }
  return bound;
}

function actsOf(session: Session): Readonly<Record<KeyAction, () => void>> {
  const { phone } = session;
  return {
    'retrieve-oldest': () => phone.retrieveOldest(),
    answer: () => answer(phone),
    'hang-up': () => hangUp(phone),
    hold: () => toggleHold(phone),
    mute: () => toggleMute(phone),
    park: () => parkOnMe(phone),
    conference: () => phone.toggleConference(),
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
