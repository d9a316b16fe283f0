import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JsonFile } from '../../../electron/system/json-file.ts';
import { KeyStore, secretsSchema } from '../../../electron/system/key-store.ts';
import type { SafeStorage } from '../../../electron/system/key-store.ts';
import { autostartLoginItem } from '../../../electron/system/login-item.ts';
import { ShortcutKeeper } from '../../../electron/system/shortcuts.ts';
import { badgeCount, trayMenu, trayPicture } from '../../../electron/system/tray-menu.ts';
import type { DesktopEvent } from '../../../shared/bridge/contract.ts';
import { clientParked, snapshotWith } from '../../e2e/desktop/snapshots.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'electron-system-'));

/** A key store that can be switched off; it "seals" by turning the text round. */
class FakeSafeStorage implements SafeStorage {
  backend = 'gnome_libsecret';
  available = true;

  isEncryptionAvailable(): boolean {
    return this.available;
  }
  getSelectedStorageBackend(): string {
    return this.backend;
  }
  encryptString(text: string): Buffer {
    return Buffer.from([...text].reverse().join(''));
  }
  decryptString(sealed: Buffer): string {
    return [...sealed.toString()].reverse().join('');
  }
}

function keyStore() {
  const safeStorage = new FakeSafeStorage();
  const path = join(folder(), 'secrets.json');
  const file = new JsonFile(path, secretsSchema, {});
  return { safeStorage, path, store: new KeyStore({ safeStorage, file, platform: 'linux' }) };
}

const secret = { accountKey: '102@pbx.example', password: 'correct horse', allowPlainText: false };

describe('the key store', () => {
  test('seals a password, gives it back, and forgets it', () => {
    const { store, path } = keyStore();
    expect(store.store(secret)).toEqual({ kind: 'stored' });
    expect(readFileSync(path, 'utf8')).not.toContain('correct horse');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(store.read(secret.accountKey)).toBe('correct horse');
    store.forget(secret.accountKey);
    expect(store.read(secret.accountKey)).toBeNull();
  });

  test('refuses plain text unless it was asked for', () => {
    const { store, safeStorage } = keyStore();
    safeStorage.backend = 'basic_text';
    expect(store.store(secret)).toEqual({ kind: 'refused', reason: 'no-key-store' });
    expect(store.store({ ...secret, allowPlainText: true })).toEqual({ kind: 'stored' });
    expect(store.read(secret.accountKey)).toBe('correct horse');
  });

  test('says that it is locked, and gives nothing while it is', () => {
    const { store, safeStorage } = keyStore();
    store.store(secret);
    safeStorage.available = false;
    expect(store.state()).toEqual({ kind: 'unavailable', reason: 'locked' });
    expect(store.read(secret.accountKey)).toBeNull();
  });

  test('starts empty from a file that is half-written', () => {
    const { store, path } = keyStore();
    store.store(secret);
    writeFileSync(path, '{"102@pbx');
    expect(store.read(secret.accountKey)).toBeNull();
    expect(store.store(secret)).toEqual({ kind: 'stored' });
  });
});

describe('the tray', () => {
  test('counts what is parked, up to nine, and never takes unknown for empty', () => {
    const many = Array.from({ length: 12 }, () => clientParked);
    expect(trayPicture(null)).toBe('none');
    expect(trayPicture(snapshotWith([]))).toBe('none');
    expect(trayPicture(snapshotWith([clientParked]))).toBe('1');
    expect(trayPicture(snapshotWith(many))).toBe('many');
    expect(trayPicture(snapshotWith([], { parkList: 'unknown' }))).toBe('unknown');
    expect(badgeCount(snapshotWith([clientParked], { parkList: 'unknown' }))).toBe(0);
  });

  test('counts all that wait, though it is told the names of the first alone', () => {
    expect(badgeCount(snapshotWith([clientParked], { waiting: 5_001 }))).toBe(5_001);
    expect(trayPicture(snapshotWith([], { waiting: 3 }))).toBe('3');
  });

  test('offers no retrieve while nobody knows what is parked', () => {
    const retrieves = (parkList: 'live' | 'unknown') =>
      trayMenu(snapshotWith([clientParked], { parkList })).filter(
        (line) => line.kind === 'event' && line.event.kind.startsWith('retrieve'),
      );
    expect(retrieves('live')).toHaveLength(2);
    expect(retrieves('unknown')).toEqual([]);
  });

  test('shows names from the network as text', () => {
    const [, , line] = trayMenu(
      snapshotWith([{ ...clientParked, callerName: 'A&B\n\u0007', callerNumber: '' }]),
    );
    expect(line).toMatchObject({ label: 'A&&B   · 102' });
  });

  test('offers answer while it rings, and mute and hang up while somebody talks', () => {
    const call = {
      callId: 'c',
      direction: 'incoming',
      name: '',
      number: '',
      recallSlot: null,
    } as const;
    const ringing = trayMenu(snapshotWith([], { calls: [{ ...call, state: 'ringing' }] }));
    expect(ringing).toContainEqual({
      kind: 'event',
      label: 'Answer',
      event: { kind: 'answer', callId: 'c' },
    });
    const talking = trayMenu(snapshotWith([], { calls: [{ ...call, state: 'talking' }] }));
    expect(talking).toContainEqual({
      kind: 'event',
      label: 'Mute',
      event: { kind: 'toggle-mute' },
    });
    expect(talking).toContainEqual({ kind: 'event', label: 'Hang up', event: { kind: 'hang-up' } });
  });
});

describe('global keys', () => {
  /** Keys of a desktop, of which others may hold some. */
  class FakeShortcuts {
    readonly runs = new Map<string, () => void>();
    readonly taken = new Set<string>();

    register(accelerator: string, run: () => void): boolean {
      if (accelerator.includes('?')) throw new TypeError('conversion failure');
      if (this.taken.has(accelerator)) return false;
      this.runs.set(accelerator, run);
      return true;
    }
    unregister(accelerator: string): void {
      this.runs.delete(accelerator);
    }
  }

  const none = { answer: null, 'hang-up': null, 'toggle-mute': null, 'retrieve-oldest': null };

  function open(options: { secondary?: boolean; wayland?: boolean } = {}) {
    const shortcuts = new FakeShortcuts();
    const events: DesktopEvent[] = [];
    const keeper = new ShortcutKeeper({
      shortcuts,
      send: (event) => events.push(event),
      secondary: options.secondary ?? false,
      wayland: options.wayland ?? false,
    });
    return { shortcuts, events, keeper };
  }

  test('fire their action, and only report while they are being tried', () => {
    const { shortcuts, events, keeper } = open();
    keeper.set({ ...none, 'retrieve-oldest': 'Alt+R' });
    shortcuts.runs.get('Alt+R')?.();
    keeper.test(true);
    shortcuts.runs.get('Alt+R')?.();
    expect(events).toEqual([
      { kind: 'retrieve-oldest', source: 'shortcut' },
      { kind: 'shortcut-pressed', action: 'retrieve-oldest' },
    ]);
  });

  test('say what became of each', () => {
    const { shortcuts, keeper } = open();
    shortcuts.taken.add('Alt+A');
    const states = keeper.set({
      answer: 'Alt+A',
      'hang-up': '?',
      'toggle-mute': 'Alt+M',
      'retrieve-oldest': 'Alt+M',
    });
    expect(states).toEqual({
      answer: { kind: 'taken' },
      'hang-up': { kind: 'invalid' },
      'toggle-mute': { kind: 'registered' },
      'retrieve-oldest': { kind: 'taken' },
    });
  });

  test('are uncertain on Wayland, off for a secondary profile, and given back', () => {
    expect(open({ wayland: true }).keeper.set({ ...none, answer: 'Alt+A' }).answer).toEqual({
      kind: 'uncertain',
    });
    expect(open({ secondary: true }).keeper.set({ ...none, answer: 'Alt+A' }).answer).toEqual({
      kind: 'off',
    });
    const { shortcuts, keeper } = open();
    keeper.set({ ...none, answer: 'Alt+A' });
    keeper.dispose();
    expect(shortcuts.runs.size).toBe(0);
  });
});

describe('starting at login on Linux', () => {
  test('writes one entry per profile, and takes it away again', () => {
    const options = {
      folder: folder(),
      executable: '/opt/Park line/parkline',
      args: ['--profile', '101'],
      name: 'p',
    };
    const item = autostartLoginItem(options);
    expect(item.read()).toEqual({ startAtLogin: false, startMinimised: false });
    item.write({ startAtLogin: true, startMinimised: true });
    const entry = readFileSync(join(options.folder, 'p.desktop'), 'utf8');
    expect(entry).toContain('Exec="/opt/Park line/parkline" "--profile" "101" "--minimised"');
    expect(item.read()).toEqual({ startAtLogin: true, startMinimised: true });
    item.write({ startAtLogin: false, startMinimised: false });
    expect(item.read().startAtLogin).toBe(false);
  });
});
