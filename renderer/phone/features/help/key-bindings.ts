import type { MessageId } from '../../intl.ts';

/** What a key of the window can do; each can be given another key. */
export type KeyAction =
  | 'retrieve-oldest'
  | 'answer'
  | 'hang-up'
  | 'hold'
  | 'mute'
  | 'park'
  | 'conference'
  | 'redial'
  | 'park-list'
  | 'dialler';

export interface KeyBinding {
  readonly action: KeyAction;
  readonly words: MessageId;
  /** As `tinykeys` spells it, by the place on the keyboard: the same in every layout. */
  readonly usual: string;
}

export const KEY_BINDINGS: readonly KeyBinding[] = [
  { action: 'retrieve-oldest', words: 'keys.retrieveOldest', usual: 'Alt+KeyP' },
  { action: 'answer', words: 'keys.answer', usual: 'Alt+KeyA' },
  { action: 'hang-up', words: 'keys.hangUp', usual: 'Alt+KeyH' },
  { action: 'hold', words: 'keys.hold', usual: 'Alt+KeyO' },
  { action: 'mute', words: 'keys.mute', usual: 'Alt+KeyM' },
  { action: 'park', words: 'keys.park', usual: 'Alt+KeyK' },
  { action: 'conference', words: 'keys.conference', usual: 'Alt+KeyJ' },
  { action: 'redial', words: 'keys.redial', usual: 'Alt+KeyR' },
  { action: 'park-list', words: 'keys.parkList', usual: 'Alt+KeyL' },
  { action: 'dialler', words: 'keys.dialler', usual: 'Alt+KeyD' },
];

/** What the user changed: a combination, or `null` for none. */
export type OwnKeys = Readonly<Record<string, string | null>>;

/** The combination of an action; `null` when the user took it away. */
export function keyOf(binding: KeyBinding, own: OwnKeys): string | null {
  const changed = own[binding.action];
  return changed === undefined ? binding.usual : changed;
}

/** The other action that has the same combination: pressed, only the first of them would act. */
export function conflictOf(binding: KeyBinding, own: OwnKeys): KeyBinding | null {
  const key = keyOf(binding, own);
  if (key === null) return null;
  return (
    KEY_BINDINGS.find((other) => other.action !== binding.action && keyOf(other, own) === key) ??
    null
  );
}

/** `Alt+KeyP` as people write it: `Alt+P`. */
export const showKey = (key: string): string =>
  key.replace(/\b(?:Key|Digit|Numpad)(?=[A-Z0-9])/g, '').replace(/\bMeta\b/g, '⌘');

/** The part of a key event that is looked at. */
export interface PressedKey {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export type PressReading =
  | { readonly kind: 'combination'; readonly key: string }
  /** Only modifiers so far. */
  | { readonly kind: 'unfinished' }
  /** Escape: leave it as it was. */
  | { readonly kind: 'cancelled' }
  /** Backspace or Delete: no key at all. */
  | { readonly kind: 'none' }
  /** A key that writes, or that the phone needs as it is. */
  | { readonly kind: 'refused' };

const MODIFIERS = new Set(['Alt', 'Control', 'Meta', 'Shift', 'AltGraph']);
const FUNCTION_KEY = /^F(?:[1-9]|1\d|2[0-4])$/;
const RETRIEVES_BY_NUMBER = /^Alt\+Digit[1-9]$/;

/** Reads a press as a key of the window. A bare letter would be typed, so it takes Alt, Ctrl or a function key. */
export function readPress(event: PressedKey): PressReading {
  const early = readPlain(event);
  if (early !== null) return early;
  const key = [...modifiersOf(event, 'Control', 'Meta'), event.code].join('+');
  if (RETRIEVES_BY_NUMBER.test(key)) return { kind: 'refused' };
  return mayStand(event) ? { kind: 'combination', key } : { kind: 'refused' };
}

/** Reads a press as a global shortcut in Electron's spelling, e.g. `CommandOrControl+Alt+P`. */
export function readAccelerator(event: PressedKey): PressReading {
  const early = readPlain(event);
  if (early !== null) return early;
  const name = acceleratorKey(event);
  if (name === null || !mayStand(event)) return { kind: 'refused' };
  const key = [...modifiersOf(event, 'Control', 'Super'), name].join('+');
  return { kind: 'combination', key };
}

/** As it stands on the keys of this machine, e.g. `Ctrl+Alt+P`; `null` for none. */
export function showAccelerator(accelerator: string | null, platform: string): string | null {
  const isMac = platform.startsWith('Mac');
  const named = accelerator
    ?.replace(/\b(?:CommandOrControl|CmdOrCtrl)\b/g, isMac ? '⌘' : 'Ctrl')
    .replace(/\bControl\b/g, 'Ctrl')
    .replace(/\b(?:Command|Cmd)\b/g, '⌘')
    .replace(/\bSuper\b/g, isMac ? '⌘' : 'Super');
  return named ?? null;
}

function readPlain(event: PressedKey): PressReading | null {
  if (MODIFIERS.has(event.key)) return { kind: 'unfinished' };
  const bare = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (bare && event.key === 'Escape') return { kind: 'cancelled' };
  if (bare && (event.key === 'Backspace' || event.key === 'Delete')) return { kind: 'none' };
  return event.code === '' ? { kind: 'refused' } : null;
}

const mayStand = (event: PressedKey): boolean =>
  event.altKey || event.ctrlKey || event.metaKey || FUNCTION_KEY.test(event.code);

const modifiersOf = (event: PressedKey, control: string, meta: string): string[] => [
  ...(event.ctrlKey ? [control] : []),
  ...(event.metaKey ? [meta] : []),
  ...(event.altKey ? ['Alt'] : []),
  ...(event.shiftKey ? ['Shift'] : []),
];

/** Names that Electron's accelerators know (electronjs.org, "Keyboard Shortcuts"). */
const NAMED: Readonly<Record<string, string>> = {
  Space: 'Space',
  Enter: 'Enter',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Insert: 'Insert',
};

function acceleratorKey({ code }: PressedKey): string | null {
  const letter = /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1];
  if (letter !== undefined) return letter;
  return FUNCTION_KEY.test(code) ? code : (NAMED[code] ?? null);
}
