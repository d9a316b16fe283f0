import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ServerConfigInput } from '../../shared/config/server-config.ts';
import { epochMs, makeParkId, type Extension } from '../../shared/domain/ids.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import type { JournalStep } from '../../shared/server/ports/journal.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';
import { answerDigest, WirePhone } from './kit/wire-phone.ts';

const errorBody = z.object({ error: z.string(), message: z.string() });
const session = z.object({ token: z.string(), expiresAt: z.number() });

let dataDir: string;
let server: ParkServer;
let clock: FakeClock;

function appRoot(): string {
  return join(dataDir, 'app');
}

beforeEach(async () => {
  dataDir = temporaryDirectory();
  mkdirSync(join(appRoot(), 'assets'), { recursive: true });
  writeFileSync(
    join(appRoot(), 'index.html'),
    '<script nonce="__CSP_NONCE__" src="assets/app-1a2b3c4d.js"></script>',
  );
  mkdirSync(join(appRoot(), 'portal'));
  writeFileSync(join(appRoot(), 'portal', 'index.html'), '<p nonce="__CSP_NONCE__">portal</p>');
  writeFileSync(join(appRoot(), 'assets', 'app-1a2b3c4d.js'), 'export {};');
  writeFileSync(join(dataDir, 'secret.txt'), 'not for the web');
  clock = new FakeClock(Date.now());
  server = await startServer(loopbackConfig(join(dataDir, 'data')), {
    clock,
    browserAppRoot: appRoot(),
  });
  addUsers(server, '101', '102', '103');
});

afterEach(async () => {
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.httpUrl}${path}`, init);
}

async function challenge(headers: Record<string, string> = {}): Promise<string> {
  const response = await ask('/api/phone/session', { method: 'POST', headers });
  expect(response.status).toBe(401);
  return response.headers.get('X-WWW-Authenticate') ?? '';
}

async function signIn(extension: string, password = `secret-${extension}`): Promise<Response> {
  const uri = '/api/phone/session';
  const login = { username: extension, password, method: 'POST', uri };
  const authorization = answerDigest(await challenge(), login);
  return ask(uri, { method: 'POST', headers: { Authorization: authorization } });
}

async function tokenOf(extension: string): Promise<string> {
  return session.parse(await (await signIn(extension)).json()).token;
}

function get(path: string, token: string): Promise<Response> {
  return ask(path, { headers: { Authorization: `Bearer ${token}` } });
}

async function json(response: Response): Promise<unknown> {
  return response.json();
}

describe('for monitoring', () => {
  it('is healthy when it serves', async () => {
    const response = await ask('/healthz');
    expect(response.status).toBe(200);
    expect(await json(response)).toEqual({ status: 'ready' });
  });

  it('counts registrations for Prometheus', async () => {
    const phone = await WirePhone.udp(portOf(server, 'udp'));
    await phone.register({ extension: '101', password: 'secret-101' });
    const text = await (await ask('/metrics')).text();
    expect(text).toMatch(/^parkline_registrations 1$/m);
    expect(text).toMatch(/^parkline_authentications_total\{outcome="ok"\} 1$/m);
    await phone.close();
  });
});

describe('discovery', () => {
  it('says where the WebSocket is, to any origin', async () => {
    const response = await ask('/.well-known/parkline', { headers: { Origin: 'https://a.test' } });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(await json(response)).toEqual({
      webSocketUrl: `ws://127.0.0.1:${portOf(server, 'ws')}/`,
      domain: '127.0.0.1',
      displayName: 'default',
      apiVersion: '1.0',
      oldestAppVersion: null,
      apiBaseUrl: server.httpUrl,
      hasIceServers: false,
      demo: false,
    });
  });

  it('names the WebSocket on its own port when there is no other', async () => {
    const { listen, ...config }: ServerConfigInput = loopbackConfig(join(dataDir, 'other'));
    const other = await startServer({ ...config, listen: listen.slice(0, 1) });
    const response = await fetch(`${other.httpUrl}/.well-known/parkline`);
    const url = `${other.httpUrl?.replace('http', 'ws')}/sip`;
    expect(await json(response)).toMatchObject({ webSocketUrl: url });
    await other.close({ graceMs: 0 });
  });
});

describe('a session', () => {
  it('is opened with the SIP credentials and lasts twelve hours', async () => {
    const response = await signIn('101');
    expect(response.status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const { token, expiresAt } = session.parse(await json(response));
    expect(expiresAt - clock.now()).toBe(12 * 3_600_000);
    expect((await get('/api/phone/me', token)).status).toBe(200);
    clock.advance(12 * 3_600_000);
    expect((await get('/api/phone/me', token)).status).toBe(401);
  });

  it('is refused with a sentence for a wrong password', async () => {
    const response = await signIn('101', 'guess');
    expect(response.status).toBe(401);
    expect(errorBody.parse(await json(response)).message).toBe(
      'The extension or the password is wrong.',
    );
  });

  it('offers no password box to the browser when the phone asks for that', async () => {
    const headers = { 'X-Requested-With': 'parkline' };
    const response = await ask('/api/phone/session', { method: 'POST', headers });
    expect(response.headers.get('WWW-Authenticate')).toBeNull();
    expect(response.headers.get('X-WWW-Authenticate')).toContain('Digest realm=');
  });

  it('takes no answer twice', async () => {
    const uri = '/api/phone/session';
    const login = { username: '101', password: 'secret-101', method: 'POST', uri };
    const headers = { Authorization: answerDigest(await challenge(), login) };
    expect((await ask(uri, { method: 'POST', headers })).status).toBe(200);
    const replayed = await ask(uri, { method: 'POST', headers });
    expect(replayed.status).toBe(401);
    expect(replayed.headers.get('X-WWW-Authenticate')).toContain('stale=true');
  });

  it('ends when the phone signs out', async () => {
    const token = await tokenOf('101');
    const headers = { Authorization: `Bearer ${token}` };
    const ended = await ask('/api/phone/session', { method: 'DELETE', headers });
    expect(ended.status).toBe(204);
    expect((await get('/api/phone/me', token)).status).toBe(401);
  });

  it('ends with the password and with the user', async () => {
    const [bob, alice] = [await tokenOf('101'), await tokenOf('102')];
    const tenant = server.provisioning.tenant();
    if (!tenant.ok) throw new Error('no tenant');
    server.provisioning.setPassword(tenant.value, '101', 'another');
    server.provisioning.removeUser(tenant.value, '102');
    expect((await get('/api/phone/me', bob)).status).toBe(401);
    expect((await get('/api/phone/me', alice)).status).toBe(401);
  });

  it('outlives a restart of the server', async () => {
    const token = await tokenOf('101');
    await server.close({ graceMs: 0 });
    server = await startServer(loopbackConfig(join(dataDir, 'data')), { clock });
    expect((await get('/api/phone/me', token)).status).toBe(200);
    const headers = { Authorization: `Bearer ${token}` };
    await ask('/api/phone/session', { method: 'DELETE', headers });
    await server.close({ graceMs: 0 });
    server = await startServer(loopbackConfig(join(dataDir, 'data')), { clock });
    expect((await get('/api/phone/me', token)).status).toBe(401);
  });

  it('cannot be forged', async () => {
    const token = await tokenOf('101');
    const [id, end, salt, signature = ''] = token.split('.');
    const later = (Number.parseInt(end ?? '', 36) + 1).toString(36);
    expect((await get('/api/phone/me', [id, later, salt, signature].join('.'))).status).toBe(401);
    const made = createHash('sha256').update(randomBytes(8)).digest('base64url');
    expect((await get('/api/phone/me', [id, end, salt, made].join('.'))).status).toBe(401);
    expect((await get('/api/phone/me', 'rubbish')).status).toBe(401);
  });
});

describe('a signed-in phone', () => {
  it('learns who it is and the codes of its tenant', async () => {
    const response = await get('/api/phone/me', await tokenOf('101'));
    expect(await json(response)).toEqual({
      extension: '101',
      displayName: 'User 101',
      tenant: 'default',
      domain: '127.0.0.1',
      featureCodes: { park: '*68', parkGroup: '*58', retrieve: '*88', snooze: '*89' },
      group: null,
      doNotDisturb: false,
      forwarding: { always: null, busy: null, noAnswer: null },
    });
  });

  it('is told that a call which is not parked cannot be snoozed', async () => {
    for (const parkId of ['a'.repeat(26), 'rubbish']) {
      const path = `/api/phone/parked-calls/${encodeURIComponent(parkId)}/snooze`;
      expect((await ask(path, { method: 'POST' })).status).toBe(401);
      const headers = { Authorization: `Bearer ${await tokenOf('101')}` };
      expect((await ask(path, { method: 'POST', headers })).status).toBe(404);
    }
  });

  it('sees the directory with who is signed in', async () => {
    const phone = await WirePhone.udp(portOf(server, 'udp'));
    await phone.register({ extension: '102', password: 'secret-102' });
    const response = await get('/api/phone/directory', await tokenOf('101'));
    expect(await json(response)).toEqual({
      entries: [
        { extension: '101', displayName: 'User 101', registered: false, doNotDisturb: false },
        { extension: '102', displayName: 'User 102', registered: true, doNotDisturb: false },
        { extension: '103', displayName: 'User 103', registered: false, doNotDisturb: false },
      ],
    });
    await phone.close();
  });

  it('sees the history of the parked calls in its scope, newest first, and of no others', async () => {
    const steps: JournalStep[] = [{ kind: 'parked' }, { kind: 'retrieved', by: extension('103') }];
    const parkId = appendToJournal(steps);
    const history = async (who: string, query = '') =>
      z
        .object({ entries: z.array(z.looseObject({ kind: z.string() })) })
        .parse(await json(await get(`/api/phone/park-history${query}`, await tokenOf(who))));

    for (const who of ['101', '102', '103']) {
      expect((await history(who)).entries.map(({ kind }) => kind)).toEqual(['retrieved', 'parked']);
    }
    expect((await history('103')).entries[0]).toEqual({
      parkId,
      at: clock.now() + 1,
      kind: 'retrieved',
      slot: '102',
      parker: '101',
      callerName: 'Client',
      callerNumber: '003386002678',
      by: 'User 103',
      note: null,
    });
    expect((await history('103', '?limit=1')).entries).toHaveLength(1);
    addUsers(server, '104');
    expect((await history('104')).entries).toEqual([]);
  });

  it('is told what is wrong with a question', async () => {
    const response = await get('/api/phone/park-history?limit=many', await tokenOf('101'));
    expect(response.status).toBe(400);
    expect(errorBody.parse(await json(response)).message).toMatch(/^limit: /);
  });

  it('gets no ICE servers when none are configured', async () => {
    const response = await get('/api/phone/ice-servers', await tokenOf('101'));
    expect(await json(response)).toEqual({ iceServers: [] });
  });

  it('gets TURN credentials that end by themselves, and everybody learns that there are some', async () => {
    await server.close({ graceMs: 0 });
    const iceServers = [{ urls: ['turn:turn.test'], secret: 'north', credentialSeconds: 600 }];
    const config = { ...loopbackConfig(join(dataDir, 'data')), iceServers };
    server = await startServer(config, { clock });
    const discovery = z.object({ hasIceServers: z.boolean() });
    const described = await json(await ask('/.well-known/parkline'));
    expect(discovery.parse(described).hasIceServers).toBe(true);
    const response = await get('/api/phone/ice-servers', await tokenOf('101'));
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const ends = Math.floor(clock.now() / 1000) + 600;
    expect(await json(response)).toEqual({
      iceServers: [
        {
          urls: ['turn:turn.test'],
          username: expect.stringMatching(new RegExp(`^${ends}:`)),
          credential: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
        },
      ],
    });
  });

  it('has no demo caller on a server that is no demo', async () => {
    const headers = { Authorization: `Bearer ${await tokenOf('101')}` };
    const response = await ask('/api/phone/demo-call', { method: 'POST', headers });
    expect(response.status).toBe(404);
    expect(errorBody.parse(await json(response)).error).toBe('no-demo');
  });
});

function extension(text: string): Extension {
  const [tenant] = server.directory.tenants();
  const user = tenant && server.directory.user(tenant.id, text);
  if (user === undefined) throw new Error(`no user ${text}`);
  return user.extension;
}

function appendToJournal(steps: readonly JournalStep[]): string {
  const [tenant] = server.directory.tenants();
  if (tenant === undefined) throw new Error('no tenant');
  const parkId = makeParkId(randomBytes(16));
  steps.forEach((step, index) =>
    server.journal.append({
      at: epochMs(clock.now() + index),
      tenantId: tenant.id,
      parkId,
      slot: extension('102'),
      parker: extension('101'),
      caller: { name: 'Client', number: '003386002678', anonymous: false },
      step,
    }),
  );
  return parkId;
}

describe('do-not-disturb', () => {
  const say = async (who: string, body: unknown) => {
    const headers = {
      Authorization: `Bearer ${await tokenOf(who)}`,
      'Content-Type': 'application/json',
    };
    return ask('/api/phone/me', { method: 'PUT', headers, body: JSON.stringify(body) });
  };
  const told = z.object({ doNotDisturb: z.boolean() });
  const entries = z.object({ entries: z.array(z.looseObject({ doNotDisturb: z.boolean() })) });
  const inDirectory = async () =>
    entries
      .parse(await json(await get('/api/phone/directory', await tokenOf('101'))))
      .entries.filter(({ doNotDisturb }) => doNotDisturb)
      .map((entry) => entry['extension']);
  let phone: WirePhone;
  beforeEach(async () => {
    phone = await WirePhone.udp(portOf(server, 'udp'));
    await phone.register({ extension: '102', password: 'secret-102' });
  });
  afterEach(() => phone.close());

  it('is shown to colleagues and to the user until another word', async () => {
    expect((await say('102', { doNotDisturb: true })).status).toBe(204);
    expect(await inDirectory()).toEqual(['102']);
    const me = await json(await get('/api/phone/me', await tokenOf('102')));
    expect(told.parse(me).doNotDisturb).toBe(true);
    expect((await say('102', { doNotDisturb: false })).status).toBe(204);
    expect(await inDirectory()).toEqual([]);
  });

  it('is forgotten with the user’s last registration', async () => {
    await say('102', { doNotDisturb: true });
    await phone.register({ extension: '102', password: 'secret-102', expires: 0 });
    await phone.register({ extension: '102', password: 'secret-102' });
    expect(await inDirectory()).toEqual([]);
  });

  it('is not kept for a user who is signed out', async () => {
    expect((await say('103', { doNotDisturb: true })).status).toBe(204);
    expect(await inDirectory()).toEqual([]);
  });

  it.each([{}, { doNotDisturb: 'yes' }, null])('takes nothing but yes or no: %j', async (body) => {
    const response = await say('102', body);
    expect(response.status).toBe(400);
    expect(errorBody.parse(await json(response)).error).toBe('bad-request');
    expect(await inDirectory()).toEqual([]);
  });

  it('is nobody’s to say without a session', async () => {
    const body = JSON.stringify({ doNotDisturb: true });
    const headers = { 'Content-Type': 'application/json' };
    const response = await ask('/api/phone/me', { method: 'PUT', headers, body });
    expect(response.status).toBe(401);
  });

  it('may be said by the desktop app, whose page is of another origin', async () => {
    const headers = { Origin: 'app://parkline', 'Access-Control-Request-Method': 'PUT' };
    const response = await ask('/api/phone/me', { method: 'OPTIONS', headers });
    expect(response.headers.get('Access-Control-Allow-Methods')).toContain('PUT');
  });
});

describe('pages of other houses', () => {
  const preflight = (origin: string) =>
    ask('/api/phone/me', {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
    });

  it.each(['app://parkline', 'http://localhost:5173', 'http://127.0.0.1:4000'])(
    'of this house may ask: %s',
    async (origin) => {
      const response = await preflight(origin);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(origin);
    },
  );

  it.each(['https://evil.test', 'http://localhost.evil.test', 'null'])(
    'may not: %s',
    async (origin) => {
      const response = await preflight(origin);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
    },
  );
});

describe('the browser app', () => {
  it('comes with a strict policy and a fresh nonce each time', async () => {
    const [first, second] = [await ask('/'), await ask('/')];
    const policy = first.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${portOf(server, 'ws')}`);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    expect(await first.text()).toContain(`nonce="${nonce}"`);
    expect(await second.text()).not.toContain(nonce);
    expect(first.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(first.headers.get('X-Frame-Options')).toBe('DENY');
  });

  it('has the admin’s portal beside it, under the same policy', async () => {
    const short = await ask('/portal', { redirect: 'manual' });
    expect([short.status, short.headers.get('Location')]).toEqual([302, '/portal/']);
    const page = await ask('/portal/');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    const nonce = /'nonce-([^']+)'/.exec(page.headers.get('Content-Security-Policy') ?? '')?.[1];
    expect(await page.text()).toBe(`<p nonce="${nonce}">portal</p>`);
  });

  it('serves files with their type, hashed ones for ever', async () => {
    const response = await ask('/assets/app-1a2b3c4d.js');
    expect(response.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('Cache-Control')).toContain('immutable');
    const tag = response.headers.get('ETag') ?? '';
    const again = await ask('/assets/app-1a2b3c4d.js', { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(304);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
  ])('never leaves its directory: %s', async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(errorBody.parse(await json(response)).error).toBe('not-found');
  });
});

it('documents the phone’s interface', async () => {
  const document = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await json(await ask('/api/openapi.json')));
  expect(Object.keys(document.paths)).toContain('/api/phone/park-history');
  expect(document.paths['/api/phone/me']).toHaveProperty('put');
});

it('refuses a request that is too large', async () => {
  const response = await ask('/api/phone/session', { method: 'POST', body: 'x'.repeat(100_000) });
  expect(response.status).toBe(413);
});

describe('behind an HTTPS proxy', () => {
  const publicUrl = 'https://phones.example.org';

  beforeEach(async () => {
    await server.close({ graceMs: 0 });
    const config = { ...loopbackConfig(join(dataDir, 'data')), publicUrl };
    server = await startServer(config, { clock, browserAppRoot: appRoot() });
  });

  it('tells phones the proxy’s address everywhere', async () => {
    expect(await json(await ask('/.well-known/parkline'))).toMatchObject({
      webSocketUrl: 'wss://phones.example.org/sip',
      apiBaseUrl: publicUrl,
      domain: 'phones.example.org',
    });
    const page = await ask('/');
    expect(page.headers.get('Content-Security-Policy')).toContain('wss://phones.example.org');
    const phone = await WirePhone.udp(portOf(server, 'udp'));
    const registered = await phone.register({ extension: '101', password: 'secret-101' });
    expect(registered.get('X-Parkline-Api')).toBe(publicUrl);
    await phone.close();
  });

  it('takes the WebSocket that the proxy passes on', async () => {
    const url = `${server.httpUrl?.replace('http', 'ws')}/sip`;
    const phone = await WirePhone.webSocket(url);
    expect((await phone.register({ extension: '101', password: 'secret-101' })).status).toBe(200);
    await phone.close();
  });
});

describe('with several tenants', () => {
  it('signs in by the host name alone, and says so where there is none', async () => {
    const { provisioning, directory } = server;
    const [first] = directory.tenants();
    if (first === undefined) throw new Error('no tenant');
    provisioning.setDomains(first, ['127.0.0.1']);
    expect(provisioning.addTenant('globex', ['globex.test']).ok).toBe(true);
    expect((await signIn('101')).status).toBe(200);
    provisioning.setDomains(first, ['acme.test']);
    const refused = await ask('/api/phone/session', { method: 'POST' });
    expect(refused.status).toBe(404);
    expect(errorBody.parse(await json(refused))).toEqual({
      error: 'unknown-domain',
      message: 'No telephone system is served under the name 127.0.0.1.',
    });
  });
});

describe('where a user’s calls go', () => {
  const told = z.object({ forwarding: z.unknown() });
  const nowhere = { always: null, busy: null, noAnswer: null };
  const say = async (forwarding: unknown) =>
    ask('/api/phone/me', {
      method: 'PUT',
      headers: {
        Authorization: `Bearer ${await tokenOf('101')}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ forwarding }),
    });
  const kept = async () =>
    told.parse(await json(await get('/api/phone/me', await tokenOf('101')))).forwarding;

  it('is kept over a restart', async () => {
    const wish = { ...nowhere, busy: '102', noAnswer: { to: '103', afterMs: 15_000 } };
    expect((await say(wish)).status).toBe(204);
    await server.close({ graceMs: 0 });
    server = await startServer(loopbackConfig(join(dataDir, 'data')), { clock });
    expect(await kept()).toEqual(wish);
    expect((await say(nowhere)).status).toBe(204);
    expect(await kept()).toEqual(nowhere);
  });

  it.each([
    ['*68102', 'feature-code'],
    ['#1', 'feature-code'],
    ['101', 'own-number'],
    ['999', 'no-such-number'],
  ])('is never %s: %s', async (always, error) => {
    const response = await say({ ...nowhere, always });
    expect(response.status).toBe(422);
    expect(errorBody.parse(await json(response)).error).toBe(error);
    expect(await kept()).toEqual(nowhere);
  });

  it('is not after a second of ringing', async () => {
    const response = await say({ ...nowhere, noAnswer: { to: '102', afterMs: 1_000 } });
    expect(response.status).toBe(422);
    expect((await say({ always: 102 })).status).toBe(400);
  });
});
