import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parkGroupListSchema, parkGroupSchema } from '../../shared/config/admin/park-groups.ts';
import { ringGroupSchema } from '../../shared/config/admin/ring-groups.ts';
import type { Tenant } from '../../shared/server/ports/directory.ts';
import { AdminClient, PASSWORD } from './kit/admin-client.ts';
import { Exchange } from './kit/exchange.ts';

const routesSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

let exchange: Exchange;
let system: AdminClient;
let acmeAdmin: AdminClient;
let acme: Tenant;
let other: Tenant;
/** What there is in the tenant that the admin of `acme` must not learn of. */
const there = { id: '', ring: '', device: '' };

beforeAll(async () => {
  exchange = await Exchange.start(['101', '102'], {}, { domains: ['acme.test'] });
  exchange.addTenant('other', ['other.test'], ['101', '102', '777']);
  const [first, second] = exchange.server.directory.tenants();
  if (first === undefined || second === undefined) throw new Error('two tenants');
  acme = first.domains.includes('acme.test') ? first : second;
  other = acme === first ? second : first;
  const url = exchange.server.httpUrl ?? '';
  system = new AdminClient(url);
  await system.setUp(exchange.server.setupUrl);
  const account = { name: 'acme-admin', password: PASSWORD, role: 'tenant', tenantId: acme.id };
  await system.ask('POST', '/admins', account);
  acmeAdmin = new AdminClient(url);
  await acmeAdmin.signIn('acme-admin');
  await fill();
});

afterAll(() => exchange.close());

async function fill(): Promise<void> {
  await exchange.signedIn('777', { domain: 'other.test' });
  const user = exchange.server.directory.user(other.id, '777');
  there.device = exchange.server.registrar.all(other.id)[0]?.id ?? '';
  expect([user?.tenantId, there.device.length > 0]).toEqual([other.id, true]);
  const group = { method: 'POST', body: { name: 'Sales', members: ['101'] } };
  const ring = { method: 'POST', body: { name: 'Service', members: ['102'], extension: '300' } };
  const path = `/tenants/${other.id}`;
  there.id = (await system.get(`${path}/park-groups`, parkGroupSchema, group)).id;
  there.ring = (await system.get(`${path}/ring-groups`, ringGroupSchema, ring)).id;
}

/** Every route of a tenant, as the document names them. */
async function routes(): Promise<readonly (readonly [method: string, path: string])[]> {
  const document = routesSchema.parse(await (await system.send('GET', '/openapi.json')).json());
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/tenants/{tenant}'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method, path] as const));
}

function filled(path: string, tenant: string, thing: string): string {
  return path
    .replace('{tenant}', tenant)
    .replace('{extension}', '777')
    .replace('devices/{id}', `devices/${there.device}`)
    .replace('ring-groups/{id}', `ring-groups/${thing === '' ? there.ring : thing}`)
    .replace('{id}', thing === '' ? there.id : thing);
}

/** A body that the route would take in the own tenant. */
function bodyFor(method: string, path: string): RequestInit {
  if (method === 'get' || method === 'delete') return {};
  if (path.endsWith('/music')) return typed('audio/wav', 'RIFF');
  if (path.endsWith('/import')) return typed('text/csv', 'extension,password,name');
  if (/users\/\w+$/.test(path)) return typed('application/json', '{"displayName":"x"}');
  if (path.endsWith('/password')) return typed('application/json', '{}');
  return typed('application/json', '{"version":1}');
}

function typed(type: string, body: string): RequestInit {
  return { body, headers: { 'Content-Type': type } };
}

async function answer(method: string, path: string): Promise<{ status: number; text: string }> {
  const response = await acmeAdmin.send(method.toUpperCase(), path, bodyFor(method, path));
  return { status: response.status, text: await response.text() };
}

describe('an admin of one tenant', () => {
  it('gets from every route of the other tenant what a tenant that does not exist answers', async () => {
    const all = await routes();
    expect(all.length).toBeGreaterThan(30);
    for (const [method, path] of all) {
      const real = await answer(method, filled(path, other.id, ''));
      const none = await answer(method, filled(path, 'there-is-none', ''));
      expect([method, path, real]).toEqual([method, path, none]);
      expect(real.status).toBe(404);
      expect(real.text).not.toMatch(/other|Sales|Service|777/);
    }
  });

  it('cannot reach a thing of the other tenant through the own one', async () => {
    const things = (await routes()).filter(([, path]) => /\{(id|extension)\}/.test(path));
    expect(things.length).toBeGreaterThan(8);
    for (const [method, path] of things) {
      const at = filled(path, acme.id, '');
      const real = await answer(method, at);
      expect([method, at, real.status]).toEqual([method, at, 404]);
      expect(real.text).not.toMatch(/other|Sales|Service|777/);
    }
    expect(exchange.server.directory.parkGroups(other.id)).toHaveLength(1);
    expect(exchange.server.directory.user(other.id, '777')).toBeDefined();
  });

  it('has the same extensions, numbers and group names without hearing of the others', async () => {
    const path = `/tenants/${acme.id}`;
    const group = { name: 'Sales', members: ['101'] };
    expect((await acmeAdmin.ask('POST', `${path}/park-groups`, group)).status).toBe(201);
    const ring = { name: 'Service', members: ['101'], extension: '300' };
    expect((await acmeAdmin.ask('POST', `${path}/ring-groups`, ring)).status).toBe(201);
    const { groups } = await acmeAdmin.get(`${path}/park-groups`, parkGroupListSchema);
    expect(groups).toMatchObject([{ name: 'Sales', memberCount: 1 }]);
    expect(groups[0]?.id).not.toBe(there.id);
  });

  it('cannot take a user or a ring group of the other tenant for a group', async () => {
    const path = `/tenants/${acme.id}/park-groups`;
    const stranger = await acmeAdmin.refused('POST', path, { name: 'New', members: ['777'] });
    const nobody = await acmeAdmin.refused('POST', path, { name: 'New', members: ['778'] });
    expect(stranger).toMatchObject({ error: 'member-unknown' });
    expect(stranger.message.replace('777', '778')).toBe(nobody.message);
    const recall = { destination: { kind: 'ring-group', ringGroupId: there.ring } };
    expect(await acmeAdmin.refused('POST', path, { name: 'New', recall })).toMatchObject({
      error: 'ring-group-missing',
    });
  });

  it('is not told of what happens in the other tenant', async () => {
    const stop = new AbortController();
    const response = await acmeAdmin.send('GET', `/tenants/${acme.id}/events`, {
      signal: stop.signal,
    });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toContain('event: snapshot');
    await system.ask('POST', `/tenants/${other.id}/park-groups`, { name: 'Secret' });
    await exchange.signedIn('102', { domain: 'other.test' });
    await system.ask('POST', `/tenants/${acme.id}/park-groups`, { name: 'Ours' });
    const next = new TextDecoder().decode((await reader?.read())?.value);
    expect(next).toContain('id: 2\n');
    expect(next).toContain('"what":"park-groups"');
    stop.abort();
  });
});
