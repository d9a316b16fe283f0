import { expect, test } from 'vitest';
import { ServerAccess } from '../../../electron/bridge/server-access.ts';
import type { KnownServer } from '../../../electron/profile-state.ts';
import type { Discovery } from '../../../shared/bridge/server-description.ts';
import type { SignIn } from '../../../shared/bridge/contract.ts';

const signIn: SignIn = { server: 'pbx.example', extension: '102', password: 'secret' };
const request = {
  webSocketUrl: 'wss://pbx.example/sip',
  apiBaseUrl: 'https://pbx.example',
  signIn,
};
const origins = ['wss://pbx.example', 'https://pbx.example'];
const unreachable: Discovery = { kind: 'failed', reason: 'refused', detail: '' };

const office = { typed: 'pbx.example', webSocketUrl: 'wss://pbx.example/sip', apiBaseUrl: null };
const home = { typed: 'home.example', webSocketUrl: 'wss://home.example/ws', apiBaseUrl: null };
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

function open(
  known: readonly KnownServer[] = [],
  discover: (server: string) => Discovery = () => unreachable,
) {
  const seen = { reloads: 0, remembered: [] as readonly KnownServer[] };
  const access = new ServerAccess({
    known,
    remember: (servers) => (seen.remembered = servers),
    discover: (server) => Promise.resolve(discover(server)),
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

test('a page that crashed in a call waits for nobody: the one after it has the policy already', () => {
  const { access, seen } = open();
  access.setBusy(true);
  expect(access.allow(request)).toEqual({ kind: 'reloading' });
  access.pageIsGone();
  access.setBusy(false);
  expect(seen.reloads).toBe(0);
  expect(access.keep([office])).toEqual({ kind: 'ready' });
  expect(access.allow({ ...request, webSocketUrl: 'wss://new.example/sip' })).toEqual({
    kind: 'reloading',
  });
  expect(seen.reloads).toBe(1);
});

test('a start waits for no account’s server: each is allowed at its last place', async () => {
  const asked: string[] = [];
  const { access } = open([office, home], (server) => {
    asked.push(server);
    return found;
  });
  await access.prepare(null);
  expect(asked).toEqual([]);
  expect(access.connect()).toEqual(['wss://pbx.example', 'wss://home.example']);
});

test('the server of a sign-in that was handed over is allowed before the page is loaded', async () => {
  const { access, seen } = open([home], () => found);
  await access.prepare(signIn);
  expect(access.connect()).toEqual(['wss://home.example', ...origins]);
  expect(seen.reloads).toBe(0);
  expect(seen.remembered).toEqual([
    home,
    {
      typed: 'pbx.example',
      webSocketUrl: 'wss://pbx.example/sip',
      apiBaseUrl: 'https://pbx.example',
    },
  ]);
  expect(access.takeSignIn()).toEqual(signIn);
});

test('a server that does not answer is allowed when the page asks for it', async () => {
  const { access } = open([home]);
  await access.prepare(signIn);
  expect(access.connect()).toEqual(['wss://home.example']);
  expect(access.takeSignIn()).toEqual(signIn);
});

test('two accounts with one typed server and different WebSockets stay two', async () => {
  const other = { ...office, webSocketUrl: 'wss://other.example/ws' };
  const { access } = open([other, office], () => found);
  await access.prepare(signIn);
  expect(access.connect()).toEqual(['wss://other.example', 'wss://pbx.example', origins[1]]);
});

test('the page may talk to the servers of all accounts in use', () => {
  expect(open([office, home]).access.connect()).toEqual([
    'wss://pbx.example',
    'wss://home.example',
  ]);
});

test('a second account adds its server and takes none away', () => {
  const { access, seen } = open([home]);
  expect(access.allow(request)).toEqual({ kind: 'reloading' });
  expect(access.connect()).toEqual(['wss://home.example', ...origins]);
  expect(seen.remembered.map(({ typed }) => typed)).toEqual(['home.example', 'pbx.example']);
});

test('while the reload waits for the end of a call, nobody is told that the page is ready', () => {
  const { access, seen } = open([home]);
  access.setBusy(true);
  expect(access.allow(request)).toEqual({ kind: 'reloading' });
  expect(access.allow(request)).toEqual({ kind: 'reloading' });
  expect(access.keep([home, office])).toEqual({ kind: 'reloading' });
  access.setBusy(false);
  expect(seen.reloads).toBe(1);
  expect(access.keep([home, office])).toEqual({ kind: 'ready' });
});

test('an account that left takes its server with it, without a reload', () => {
  const { access, seen } = open([office, home]);
  expect(access.keep([home])).toEqual({ kind: 'ready' });
  expect(seen.remembered).toEqual([home]);
  expect(access.connect()).toEqual(['wss://home.example']);
  expect(seen.reloads).toBe(0);
});
