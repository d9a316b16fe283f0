import { expect, test } from 'vitest';
import {
  conflictOf,
  KEY_BINDINGS,
  keyOf,
  readAccelerator,
  showAccelerator,
  readPress,
  showKey,
} from '../../../../renderer/phone/features/help/key-bindings.ts';
import type {
  KeyBinding,
  PressedKey,
} from '../../../../renderer/phone/features/help/key-bindings.ts';

const press = (code: string, more: Partial<PressedKey> = {}): PressedKey => ({
  key: code,
  code,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...more,
});
const binding = (action: KeyBinding['action']): KeyBinding => {
  const found = KEY_BINDINGS.find((each) => each.action === action);
  if (found === undefined) throw new Error(action);
  return found;
};

test('no two keys are the same as long as nobody changed one', () => {
  for (const each of KEY_BINDINGS) expect(conflictOf(each, {})).toBeNull();
});

test('a changed key counts, a removed one is none, and the same key twice is told on both', () => {
  const own = { answer: 'Alt+KeyH', hold: null };
  expect(keyOf(binding('answer'), own)).toBe('Alt+KeyH');
  expect(keyOf(binding('hold'), own)).toBeNull();
  expect(conflictOf(binding('answer'), own)?.action).toBe('hang-up');
  expect(conflictOf(binding('hang-up'), own)?.action).toBe('answer');
  expect(conflictOf(binding('hold'), own)).toBeNull();
});

test('a press becomes a key of the window, by its place on the keyboard', () => {
  expect(readPress(press('KeyZ', { key: 'y', altKey: true }))).toEqual({
    kind: 'combination',
    key: 'Alt+KeyZ',
  });
  expect(readPress(press('F9'))).toEqual({ kind: 'combination', key: 'F9' });
  expect(showKey('Control+Alt+KeyZ')).toBe('Control+Alt+Z');
});

test('what would be typed, or takes a card by its number, is refused', () => {
  expect(readPress(press('KeyA'))).toEqual({ kind: 'refused' });
  expect(readPress(press('KeyA', { shiftKey: true }))).toEqual({ kind: 'refused' });
  expect(readPress(press('Digit3', { altKey: true }))).toEqual({ kind: 'refused' });
});

test('Escape leaves it, Backspace takes it away, a modifier alone waits', () => {
  expect(readPress(press('Escape'))).toEqual({ kind: 'cancelled' });
  expect(readPress(press('Backspace'))).toEqual({ kind: 'none' });
  expect(readPress(press('AltLeft', { key: 'Alt', altKey: true }))).toEqual({
    kind: 'unfinished',
  });
});

test('a global shortcut is spelled as Electron does', () => {
  expect(readAccelerator(press('KeyP', { ctrlKey: true, altKey: true }))).toEqual({
    kind: 'combination',
    key: 'Control+Alt+P',
  });
  expect(readAccelerator(press('ArrowUp', { metaKey: true }))).toEqual({
    kind: 'combination',
    key: 'Super+Up',
  });
  expect(readAccelerator(press('Quote', { altKey: true }))).toEqual({ kind: 'refused' });
});

test('a global shortcut is named on the screen as the keys of this machine are', () => {
  expect(showAccelerator('CommandOrControl+Alt+P', 'Linux x86_64')).toBe('Ctrl+Alt+P');
  expect(showAccelerator('CommandOrControl+Alt+P', 'MacIntel')).toBe('⌘+Alt+P');
  expect(showAccelerator('Control+Shift+F5', 'Win32')).toBe('Ctrl+Shift+F5');
  expect(showAccelerator(null, 'Win32')).toBeNull();
});
