import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adminListSchema, adminSchema } from '../../shared/config/admin/admins.ts';
import { auditPageSchema } from '../../shared/config/admin/audit.ts';
import { setupStateSchema } from '../../shared/config/admin/sessions.ts';
import { tenantListSchema } from '../../shared/config/admin/tenants.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { AdminClient, PASSWORD, refusalOf } from './kit/admin-client.ts';
import {
  loopbackConfig,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';

const HOUR = 3_600_000;

let dataDir: string;
let clock: FakeClock;
let server: ParkServer;
let admin: AdminClient;

async function begin(): Promise<void> {
  dataDir = temporaryDirectory();
  clock = new FakeClock(Date.now());
  server = await startServer(loopbackConfig(dataDir), { clock });
  admin = browser();
}

/** One that has its first admin, who is signed in: passwords cost time. */
async function beginSignedIn(): Promise<void> {
  await begin();
  await admin.setUp(server.setupUrl);
}

async function end(): Promise<void> {
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
}

function browser(): AdminClient {
  return new AdminClient(server.httpUrl ?? '');
}

async function audited(): Promise<readonly string[]> {
  const { lines } = await admin.get('/audit', auditPageSchema);
  return lines.map(({ action }) => action);
}

describe('the first admin', () => {
  beforeEach(begin);
  afterEach(end);

  it('is made once, with the token of the URL that the server gives at its start', async () => {
    expect(server.setupUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/portal\/#setup=[\w-]{32}$/);
    expect(await admin.get('/setup', setupStateSchema)).toEqual({ needed: true });
    const url = server.setupUrl;
    const session = await admin.setUp(url);
    expect(session).toMatchObject({ name: 'ada', role: 'system', tenants: [{ name: 'default' }] });
    expect(server.setupUrl).toBeUndefined();
    expect(await admin.get('/setup', setupStateSchema)).toEqual({ needed: false });
    const again = { token: url?.split('=')[1], name: 'eve', password: PASSWORD };
    expect(await browser().refused('POST', '/setup', again)).toMatchObject({
      status: 409,
      error: 'setup-over',
    });
  });

  it('is not made with another token, nor with a password that is too short', async () => {
    const wrong = { token: 'x'.repeat(32), name: 'eve', password: PASSWORD };
    expect(await admin.refused('POST', '/setup', wrong)).toMatchObject({
      status: 403,
      error: 'wrong-token',
    });
    const token = server.setupUrl?.split('=')[1];
    const short = { token, name: 'ada', password: 'eleven char' };
    expect(await admin.refused('POST', '/setup', short)).toMatchObject({
      status: 422,
      error: 'bad-password',
      field: 'password',
    });
    expect(server.setupUrl).toBeDefined();
  });
});

describe('a session', () => {
  beforeEach(beginSignedIn);
  afterEach(end);

  it('is a cookie that no script reads and no other site sends', async () => {
    const answer = await browser().ask('POST', '/session', { name: 'ADA', password: PASSWORD });
    const cookie = answer.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/^parkline_admin=[\w-]{43};.*HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain('Secure');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });

  it('is not begun with a wrong name or password, and the answer is the same for both', async () => {
    const wrong = { status: 401, error: 'wrong-credentials', message: expect.any(String) };
    const password = await browser().refused('POST', '/session', { name: 'ada', password: 'x' });
    const name = await browser().refused('POST', '/session', { name: 'bob', password: 'x' });
    expect(password).toEqual(wrong);
    expect(name).toEqual(password);
  });

  it('is refused unread after five wrong passwords, for a while', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      await browser().refused('POST', '/session', { name: 'ada', password: 'x' });
    }
    const right = { name: 'ada', password: PASSWORD };
    const answer = await browser().ask('POST', '/session', right);
    expect(refusalOf(answer)).toMatchObject({ status: 429, error: 'too-many-attempts' });
    expect(answer.headers.get('Retry-After')).toBe('300');
    clock.advance(300_000);
    await browser().signIn('ada');
  });

  it('ends by signing out', async () => {
    const copy = browser();
    Object.assign(copy, { cookie: admin.cookie, csrf: admin.csrf });
    expect((await admin.ask('DELETE', '/session')).status).toBe(204);
    expect(await copy.refused('GET', '/session')).toMatchObject({ status: 401 });
  });

  it('ends after eight idle hours, and after a day in any case', async () => {
    clock.advance(8 * HOUR - 1);
    expect((await admin.ask('GET', '/session')).status).toBe(200);
    clock.advance(8 * HOUR - 1);
    expect((await admin.ask('GET', '/session')).status).toBe(200);
    clock.advance(8 * HOUR);
    expect(await admin.refused('GET', '/session')).toMatchObject({ status: 401 });
    await admin.signIn('ada');
    for (let hours = 0; hours < 20; hours += 5) {
      clock.advance(5 * HOUR);
      expect((await admin.ask('GET', '/session')).status).toBe(200);
    }
    clock.advance(4 * HOUR);
    expect(await admin.refused('GET', '/session')).toMatchObject({ error: 'not-signed-in' });
  });

  it('cannot be had without a cookie, with a forged one, or with nonsense', async () => {
    const stranger = browser();
    for (const cookie of ['', `parkline_admin=${'A'.repeat(43)}`, 'parkline_admin=%00%ff']) {
      stranger.cookie = cookie;
      for (const path of ['/session', '/tenants', '/admins', '/audit', '/tenants/x/users']) {
        expect(await stranger.refused('GET', path)).toMatchObject({ status: 401 });
      }
    }
  });

  it('survives a restart of the server', async () => {
    const { port } = new URL(server.httpUrl ?? '');
    await server.close({ graceMs: 0 });
    const config = {
      ...loopbackConfig(dataDir),
      http: { address: '127.0.0.1', port: Number(port) },
    };
    server = await startServer(config, { clock });
    expect((await admin.ask('GET', '/session')).status).toBe(200);
    expect(server.setupUrl).toBeUndefined();
  });

  it('changes its own password with the old one; other sessions end, this one goes on', async () => {
    const other = browser();
    await other.signIn('ada');
    const wrong = { current: 'not it at all', password: 'another password' };
    expect(await admin.refused('PUT', '/session/password', wrong)).toMatchObject({
      status: 422,
      field: 'current',
    });
    const right = { current: PASSWORD, password: 'another password' };
    expect((await admin.ask('PUT', '/session/password', right)).status).toBe(204);
    expect((await admin.ask('GET', '/session')).status).toBe(200);
    expect(await other.refused('GET', '/session')).toMatchObject({ status: 401 });
    await browser().signIn('ada', 'another password');
  });
});

describe('a page of another site', () => {
  beforeAll(beginSignedIn);
  afterAll(end);

  const body = JSON.stringify({ name: 'acme', domains: ['a.test'] });
  const json = { 'Content-Type': 'application/json' };

  it.each([
    ['by its origin', { ...json, Origin: 'https://evil.example' }],
    ['by an opaque origin', { ...json, Origin: 'null' }],
    ['by what the browser says', { ...json, 'Sec-Fetch-Site': 'cross-site' }],
    ['by a neighbour port', { ...json, 'Sec-Fetch-Site': 'same-site' }],
    ['by a missing token', { ...json, 'X-Parkline-CSRF': '' }],
    ['by a wrong token', { ...json, 'X-Parkline-CSRF': 'x'.repeat(43) }],
  ])('is known %s, and changes nothing', async (_how, headers) => {
    const response = await admin.send('POST', '/tenants', { body, headers });
    expect([response.status, await response.json()]).toMatchObject([403, { error: 'cross-site' }]);
    expect(server.directory.tenants()).toHaveLength(1);
  });

  it('cannot sign anybody in', async () => {
    const headers = { ...json, Origin: 'https://evil.example' };
    const credentials = JSON.stringify({ name: 'ada', password: PASSWORD });
    const response = await browser().send('POST', '/session', { body: credentials, headers });
    expect([response.status, response.headers.get('Set-Cookie')]).toEqual([403, null]);
  });

  it('may not read an answer either: there is no CORS', async () => {
    for (const origin of ['https://evil.example', 'http://localhost:5173', 'app://parkline']) {
      const response = await admin.send('GET', '/session', { headers: { Origin: origin } });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
  });
});

describe('bad input', () => {
  beforeAll(beginSignedIn);
  afterAll(end);

  it.each([
    ['half a JSON', '{"name":', 'application/json', 400, 'bad-request'],
    ['a form', 'name=acme', 'application/x-www-form-urlencoded', 415, 'wrong-type'],
    ['text', '{"name":"acme"}', 'text/plain', 415, 'wrong-type'],
    ['an array', '[]', 'application/json', 422, 'bad-value'],
    ['a number for a name', '{"name":1}', 'application/json', 422, 'bad-value'],
    ['an unknown key', '{"name":"acme","admin":true}', 'application/json', 422, 'bad-value'],
    [
      'a huge body',
      JSON.stringify({ name: 'x'.repeat(300_000) }),
      'application/json',
      413,
      'too-large',
    ],
  ])('%s is refused with a reason', async (...[, body, type, status, error]) => {
    const response = await admin.send('POST', '/tenants', {
      body,
      headers: { 'Content-Type': type },
    });
    expect([response.status, await response.json()]).toMatchObject([status, { error }]);
    expect(server.directory.tenants()).toHaveLength(1);
  });

  it('an address that names nothing is answered so', async () => {
    for (const path of ['/nothing', '/tenants/x', '/tenants/%00/users', '/tenants/x/nothing']) {
      expect(await admin.refused('GET', path)).toMatchObject({ status: 404, error: 'not-found' });
    }
  });
});

describe('admins', () => {
  beforeAll(beginSignedIn);
  afterAll(end);

  it('are added, listed, changed and removed by a system admin, and every step is on record', async () => {
    const tenantId = server.directory.tenants()[0]?.id ?? '';
    const bob = { name: 'bob', password: PASSWORD, role: 'tenant', tenantId };
    const added = await admin.get('/admins', adminSchema, { method: 'POST', body: bob });
    expect(added).toMatchObject({ name: 'bob', role: 'tenant', tenantId, lastSeenAt: null });
    const { admins } = await admin.get('/admins', adminListSchema);
    expect(admins.map(({ name }) => name)).toEqual(['ada', 'bob']);
    expect(JSON.stringify(admins)).not.toContain('scrypt');
    const change = { name: 'robert', role: 'system' };
    const changed = await admin.get(`/admins/${added.id}`, adminSchema, {
      method: 'PATCH',
      body: change,
    });
    expect(changed).toMatchObject({ name: 'robert', role: 'system', tenantId: null });
    expect((await admin.ask('DELETE', `/admins/${added.id}`)).status).toBe(204);
    expect((await audited()).slice(0, 3)).toEqual([
      'admin.removed',
      'admin.changed',
      'admin.added',
    ]);
  });

  it('have names of their own, and one system admin stays', async () => {
    const twice = { name: 'Ada', password: PASSWORD, role: 'system' };
    expect(await admin.refused('POST', '/admins', twice)).toMatchObject({
      status: 409,
      error: 'name-taken',
      field: 'name',
    });
    const { admins } = await admin.get('/admins', adminListSchema);
    const path = `/admins/${admins[0]?.id}`;
    expect(await admin.refused('DELETE', path)).toMatchObject({ status: 409, error: 'last-admin' });
    const tenantId = server.directory.tenants()[0]?.id;
    const demoted = { role: 'tenant', tenantId };
    expect(await admin.refused('PATCH', path, demoted)).toMatchObject({ error: 'last-admin' });
    const nowhere = { name: 'eve', password: PASSWORD, role: 'tenant', tenantId: 'none' };
    expect(await admin.refused('POST', '/admins', nowhere)).toMatchObject({ field: 'tenantId' });
  });

  it('of one tenant see and change that one alone', async () => {
    server.provisioning.setDomains(server.directory.tenants()[0] ?? never(), ['a.test']);
    server.provisioning.addTenant('other', ['b.test']);
    const own = server.directory.tenants().find(({ name }) => name === 'default');
    const other = server.directory.tenants().find(({ name }) => name === 'other');
    const bob = { name: 'carol', password: PASSWORD, role: 'tenant', tenantId: own?.id };
    await admin.ask('POST', '/admins', bob);
    const tenantAdmin = browser();
    expect(await tenantAdmin.signIn('carol')).toMatchObject({ tenants: [{ id: own?.id }] });
    const { tenants } = await tenantAdmin.get('/tenants', tenantListSchema);
    expect(tenants.map(({ name }) => name)).toEqual(['default']);
    for (const [method, path] of [
      ['GET', '/admins'],
      ['POST', '/admins'],
      ['POST', '/tenants'],
      ['PATCH', `/tenants/${own?.id}`],
      ['DELETE', `/tenants/${own?.id}`],
    ] as const) {
      expect(
        await tenantAdmin.refused(method, path, method === 'GET' ? undefined : {}),
      ).toMatchObject({ status: 403 });
    }
    expect(await tenantAdmin.refused('DELETE', `/tenants/${other?.id}`)).toMatchObject({
      status: 404,
    });
    const { lines } = await tenantAdmin.get('/audit', auditPageSchema);
    expect(lines.every(({ tenantId }) => tenantId === own?.id)).toBe(true);
  });
});

describe('tenants', () => {
  beforeAll(beginSignedIn);
  afterAll(end);

  it('are added and removed, and told apart by their domains', async () => {
    const bare = { name: 'acme', domains: ['acme.test'] };
    expect(await admin.refused('POST', '/tenants', bare)).toMatchObject({
      status: 409,
      error: 'domains-needed',
      field: 'domains',
    });
    const [first] = server.directory.tenants();
    const domains = { domains: ['First.TEST'] };
    expect((await admin.ask('PATCH', `/tenants/${first?.id}`, domains)).status).toBe(200);
    expect((await admin.ask('POST', '/tenants', bare)).status).toBe(201);
    const wrong = { name: 'Bad Name', domains: ['x.test'] };
    expect(await admin.refused('POST', '/tenants', wrong)).toMatchObject({ field: 'name' });
    const taken = { name: 'third', domains: ['first.test'] };
    expect(await admin.refused('POST', '/tenants', taken)).toMatchObject({ error: 'domain-taken' });
    const acme = server.directory.tenants().find(({ id }) => id !== first?.id);
    expect((await admin.ask('DELETE', `/tenants/${acme?.id}`)).status).toBe(204);
    expect(await admin.refused('DELETE', `/tenants/${first?.id}`)).toMatchObject({
      error: 'last-tenant',
    });
    expect((await audited()).slice(0, 3)).toEqual([
      'tenant.removed',
      'tenant.added',
      'tenant.domains-changed',
    ]);
  });
});

describe('the OpenAPI document', () => {
  beforeAll(begin);
  afterAll(end);

  it('names every route with its fields, units and refusals, and is read without a session', async () => {
    const document = z
      .object({ components: schemas, paths: z.record(z.string(), z.record(z.string(), operation)) })
      .parse(await (await admin.send('GET', '/openapi.json')).json());
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes).toContain('patch /tenants/{tenant}/park-groups/{id}');
    expect(routes).toContain('get /tenants/{tenant}/events');
    expect(routes.length).toBeGreaterThanOrEqual(45);
    const patch = document.paths['/tenants/{tenant}/park-groups/{id}']?.['patch'];
    expect(patch?.responses['409']).toMatchObject({
      description: expect.stringContaining('changed-meanwhile'),
    });
    expect(JSON.stringify(document)).not.toContain('/api/phone');
    expect(document.components.schemas['ParkGroupChange']?.required).toEqual(['version']);
  });
});

const schemas = z.object({
  schemas: z.record(z.string(), z.object({ required: z.array(z.string()).optional() })),
});
const operation = z.object({
  summary: z.string().min(5),
  responses: z.record(z.string(), z.object({ description: z.string().min(3) })),
});

function never(): never {
  throw new Error('there is no tenant');
}
