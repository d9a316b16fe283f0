import { expect, test } from 'vitest';
import { ServerAccess } from '../../../electron/bridge/server-access.ts';
import type { KnownServer } from '../../../electron/profile-state.ts';
import type { Discovery, SignIn } from '../../../shared/bridge/contract.ts';

const signIn: SignIn = { server: 'pbx.example', extension: '102', password: 'secret' };
const request = {
  webSocketUrl: 'wss://pbx.example/sip',
  apiBaseUrl: 'https://pbx.example',
  signIn,
};
const origins = ['wss://pbx.example', 'https://pbx.example'];
const unreachable: Discovery = { kind: 'failed', reason: 'refused', detail: '' };

function open(known: KnownServer | null = null, discovery: Discovery = unreachable) {
  const seen = { reloads: 0, remembered: [] as KnownServer[] };
  const access = new ServerAccess({
    known,
    remember: (server) => seen.remembered.push(server),
    discover: () => Promise.resolve(discovery),
    reload: () => (seen.reloads += 1),
  });
  return { access, seen };
}

test('before an account is known the page may connect to nobody', () => {
  expect(open().access.connect()).toEqual([]);
});

test('a new server is allowed by one reload, and the sign-in survives it once', () => {
  const { access, seen } = open();
  expect(access.allow(request)).toEqual({ kind: 'reloading' });
  expect(seen.reloads).toBe(1);
  expect(access.connect()).toEqual(origins);
  expect(access.takeSignIn()).toEqual(signIn);
  expect(access.takeSignIn()).toBeNull();
  expect(access.allow(request)).toEqual({ kind: 'ready' });
  expect(seen.reloads).toBe(1);
});

test('nobody is cut off by a reload: it waits for the end of the call', () => {
  const { access, seen } = open();
  access.setBusy(true);
  expect(access.allow(request)).toEqual({ kind: 'reloading' });
  expect(seen.reloads).toBe(0);
  access.setBusy(false);
  access.setBusy(false);
  expect(seen.reloads).toBe(1);
});

test('a known server is asked again at the start, and keeps its place when it does not answer', async () => {
  const known = { typed: 'pbx.example', webSocketUrl: 'wss://old.example/sip', apiBaseUrl: null };
  const { access } = open(known);
  await access.prepare(null);
  expect(access.connect()).toEqual(['wss://old.example']);
});

test('a server that has moved is allowed before the page is loaded', async () => {
  const known = { typed: 'pbx.example', webSocketUrl: 'wss://old.example/sip', apiBaseUrl: null };
  const found: Discovery = {
    kind: 'found',
    server: {
      webSocketUrl: 'wss://pbx.example/sip',
      domain: 'pbx.example',
      displayName: '',
      apiVersion: '1',
      oldestAppVersion: null,
      apiBaseUrl: 'https://pbx.example',
      hasIceServers: false,
      demo: false,
    },
  };
  const { access, seen } = open(known, found);
  await access.prepare(null);
  expect(access.connect()).toEqual(origins);
  expect(seen.reloads).toBe(0);
  expect(seen.remembered.at(-1)?.typed).toBe('pbx.example');
});
