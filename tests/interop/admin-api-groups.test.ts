import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  availableMembersSchema,
  parkGroupListSchema,
  parkGroupSchema,
  type ParkGroupView,
} from '../../shared/config/admin/park-groups.ts';
import { auditPageSchema } from '../../shared/config/admin/audit.ts';
import {
  ringGroupListSchema,
  ringGroupSchema,
  type RingGroupView,
} from '../../shared/config/admin/ring-groups.ts';
import { settingsViewSchema } from '../../shared/config/admin/tenants.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import type { DirectoryChange } from '../../shared/server/ports/directory.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { AdminClient, PASSWORD } from './kit/admin-client.ts';
import {
  addUsers,
  loopbackConfig,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';

let dataDir: string;
let server: ParkServer;
let ada: AdminClient;
let ben: AdminClient;
let base: string;

beforeAll(async () => {
  dataDir = temporaryDirectory();
  server = await startServer(loopbackConfig(dataDir), {
    clock: new FakeClock(Date.UTC(2026, 0, 2)),
  });
  ada = new AdminClient(server.httpUrl ?? '');
  ben = new AdminClient(server.httpUrl ?? '');
  await ada.setUp(server.setupUrl);
  await ada.ask('POST', '/admins', { name: 'ben', password: PASSWORD, role: 'system' });
  await ben.signIn('ben');
  base = `/tenants/${server.directory.tenants()[0]?.id}`;
});

afterAll(async () => {
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
});

beforeEach(() => {
  const tenant = server.provisioning.tenant();
  if (!tenant.ok) throw new Error(tenant.error.kind);
  const { directory, groups, provisioning } = server;
  const { id } = tenant.value;
  for (const group of directory.parkGroups(id)) groups.removeParkGroup(tenant.value, group.id);
  for (const group of directory.ringGroups(id)) groups.removeRingGroup(tenant.value, group.id);
  for (const user of directory.users(id)) provisioning.removeUser(tenant.value, user.extension);
  addUsers(server, '101', '102', '103', '104');
});

const addGroup = (body: object): Promise<ParkGroupView> =>
  ada.get(`${base}/park-groups`, parkGroupSchema, { method: 'POST', body });
const addRing = (body: object): Promise<RingGroupView> =>
  ada.get(`${base}/ring-groups`, ringGroupSchema, { method: 'POST', body });
const extensionsOf = (group: Pick<ParkGroupView, 'members'>) =>
  group.members.map(({ extension }) => extension);

describe('a Call Park group', () => {
  it('is added with its members in order, and the directory has it at once', async () => {
    const changes: DirectoryChange['kind'][] = [];
    const watching = server.directory.onChanged(({ kind }) => changes.push(kind));
    const group = await addGroup({ name: '  Sales ', members: ['103', '101'] });
    watching.dispose();
    expect(group).toMatchObject({
      name: 'Sales',
      members: [
        { extension: '103', displayName: 'User 103' },
        { extension: '101', displayName: 'User 101' },
      ],
      recall: { timerMs: 300_000, retryMs: 10_000, destination: { kind: 'parker' } },
      version: 1,
      changedBy: 'ada',
      warnings: [],
    });
    expect(changes).toEqual(['park-group-changed']);
    const tenantId = server.directory.tenants()[0]?.id;
    const [stored] = server.directory.parkGroups(tenantId ?? fail());
    expect(stored?.members).toEqual(['103', '101']);
  });

  it('is renamed, reordered and given other rules, one at a time or all at once', async () => {
    const { id } = await addGroup({ name: 'Sales', members: ['101', '102'] });
    const path = `${base}/park-groups/${id}`;
    const patch = (body: object) => ada.get(path, parkGroupSchema, { method: 'PATCH', body });
    expect(await patch({ name: 'Front desk', version: 1 })).toMatchObject({ version: 2 });
    expect(extensionsOf(await patch({ members: ['102', '101', '103'], version: 2 }))).toEqual([
      '102',
      '101',
      '103',
    ]);
    const ring = await addRing({ name: 'All', members: ['104'] });
    const destination = { kind: 'parker-then-ring-group', ringGroupId: ring.id, waitMs: 60_000 };
    const changed = await patch({ recall: { timerMs: 90_000, destination }, version: 3 });
    expect(changed).toMatchObject({
      name: 'Front desk',
      recall: { timerMs: 90_000, retryMs: 10_000, destination },
      version: 4,
    });
    expect(await ada.get(path, parkGroupSchema)).toEqual(changed);
  });

  it('is deleted', async () => {
    const { id } = await addGroup({ name: 'Sales' });
    expect((await ada.ask('DELETE', `${base}/park-groups/${id}`)).status).toBe(204);
    expect(await ada.refused('GET', `${base}/park-groups/${id}`)).toMatchObject({ status: 404 });
    expect(await ada.refused('DELETE', `${base}/park-groups/${id}`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['no name', { name: '   ' }, 422, 'name-empty', 'name'],
    ['a name of 65 characters', { name: 'x'.repeat(65) }, 422, 'name-too-long', 'name'],
    ['a control character', { name: 'a\u0007b' }, 422, 'name-unprintable', 'name'],
    ['text that runs backwards', { name: 'a\u202eb' }, 422, 'name-unprintable', 'name'],
    ['a name that is taken', { name: 'SALES' }, 409, 'name-taken', 'name'],
    ['a member twice', { name: 'New', members: ['103', '103'] }, 422, 'member-twice', 'members'],
    ['a member nobody knows', { name: 'New', members: ['999'] }, 422, 'member-unknown', 'members'],
    [
      'a word for a member',
      { name: 'New', members: ['bob'] },
      422,
      'not-an-extension',
      'members.0',
    ],
    ['a number for a member', { name: 'New', members: [103] }, 422, 'bad-value', 'members.0'],
    [
      'a timer of half a second',
      { name: 'New', recall: { timerMs: 500 } },
      422,
      'bad-value',
      'recall.timerMs',
    ],
    [
      'a timer in words',
      { name: 'New', recall: { timerMs: '5m' } },
      422,
      'bad-value',
      'recall.timerMs',
    ],
    [
      'a ring group that is none',
      { name: 'New', recall: { destination: { kind: 'ring-group', ringGroupId: 'nope' } } },
      409,
      'ring-group-missing',
      'ringGroupId',
    ],
    ['an unknown key', { name: 'New', colour: 'red' }, 422, 'bad-value', undefined],
  ])('with %s is refused in its field', async (...[, body, status, error, field]) => {
    await addGroup({ name: 'Sales', members: ['101'] });
    const refused = await ada.refused('POST', `${base}/park-groups`, body);
    expect(refused).toMatchObject({ status, error, message: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(refused.field).toBe(field);
    const { total } = await ada.get(`${base}/park-groups`, parkGroupListSchema);
    expect(total).toBe(1);
  });

  it('takes nobody who is in another group, and says in which', async () => {
    await addGroup({ name: 'Sales', members: ['101'] });
    const body = { name: 'Service', members: ['102', '101'] };
    expect(await ada.refused('POST', `${base}/park-groups`, body)).toMatchObject({
      status: 409,
      error: 'in-other-group',
      field: 'members',
      message: expect.stringContaining('"Sales"'),
      details: { extension: '101', group: 'Sales' },
    });
    const { id } = await addGroup({ name: 'Service' });
    const available = `${base}/park-groups/available-members?for=${id}`;
    const { members } = await ada.get(available, availableMembersSchema);
    expect(members.map(({ extension }) => extension)).toEqual(['102', '103', '104']);
  });

  it('saved by two admins at once is overwritten by neither; the second is told who was first', async () => {
    const { id } = await addGroup({ name: 'Sales', members: ['101'] });
    const path = `${base}/park-groups/${id}`;
    const bens = { members: ['101', '102'], version: 1 };
    expect((await ben.ask('PATCH', path, bens)).status).toBe(200);
    const adas = { name: 'Marketing', members: ['103'], version: 1 };
    expect(await ada.refused('PATCH', path, adas)).toMatchObject({
      status: 409,
      error: 'changed-meanwhile',
      message:
        'ben changed it on 2026-01-02 00:00:00 UTC, after you opened it. Nothing was overwritten.',
      details: { changed: { by: 'ben', at: Date.UTC(2026, 0, 2), version: 2 } },
    });
    const now = await ada.get(path, parkGroupSchema);
    expect([now.name, extensionsOf(now), now.changedBy]).toEqual(['Sales', ['101', '102'], 'ben']);
  });

  it('loses a member who is deleted, and whoever has it open hears of it', async () => {
    const { id } = await addGroup({ name: 'Sales', members: ['101', '102'] });
    await addRing({ name: 'All', members: ['102', '103'] });
    const order: string[] = [];
    const watching = server.directory.onChanged(({ kind }) => order.push(kind));
    expect((await ben.ask('DELETE', `${base}/users/102`)).status).toBe(204);
    watching.dispose();
    expect(order).toEqual(['user-removed', 'ring-group-changed', 'park-group-changed']);
    const path = `${base}/park-groups/${id}`;
    const now = await ada.get(path, parkGroupSchema);
    expect([extensionsOf(now), now.version, now.changedBy]).toEqual([['101'], 2, 'ben']);
    expect(await ada.refused('PATCH', path, { name: 'S', version: 1 })).toMatchObject({
      error: 'changed-meanwhile',
    });
  });

  it('warns when the ring group it recalls to is emptied or deleted, and stays as it is', async () => {
    const ring = await addRing({ name: 'All', members: ['104'] });
    const recall = { destination: { kind: 'ring-group', ringGroupId: ring.id } };
    const { id } = await addGroup({ name: 'Sales', members: ['101'], recall });
    const path = `${base}/park-groups/${id}`;
    const ringPath = `${base}/ring-groups/${ring.id}`;
    await ada.ask('PATCH', ringPath, { members: [], version: 1 });
    expect(await ada.get(path, parkGroupSchema)).toMatchObject({ warnings: ['ring-group-empty'] });
    expect((await ada.ask('DELETE', ringPath)).status).toBe(204);
    expect(await ada.get(path, parkGroupSchema)).toMatchObject({
      recall,
      warnings: ['ring-group-missing'],
    });
    expect((await ada.ask('PATCH', path, { name: 'Still saves', version: 1 })).status).toBe(200);
    const { groups } = await ada.get(`${base}/park-groups`, parkGroupListSchema);
    expect(groups).toMatchObject([{ ringGroupName: null, warnings: ['ring-group-missing'] }]);
  });

  it('is on record with what it was and became', async () => {
    const { id } = await addGroup({ name: 'Sales', members: ['101'] });
    await ben.ask('PATCH', `${base}/park-groups/${id}`, { name: 'Service', version: 1 });
    const { lines } = await ada.get('/audit?limit=1', auditPageSchema);
    expect(lines).toMatchObject([
      {
        admin: 'ben',
        action: 'park-group.changed',
        subject: 'Service',
        before: { name: 'Sales', members: ['101'] },
        after: { name: 'Service', members: ['101'] },
        address: '127.0.0.1',
      },
    ]);
  });
});

describe('a ring group', () => {
  it('is added with the defaults of the field', async () => {
    expect(await addRing({ name: 'Service' })).toMatchObject({
      extension: null,
      members: [],
      strategy: 'ring-all',
      ringMs: 20_000,
      noAnswer: { kind: 'hang-up' },
      warnings: ['no-members'],
      version: 1,
    });
  });

  it('is dialled by a number of its own', async () => {
    const tenantId = server.directory.tenants()[0]?.id ?? fail();
    const { id } = await addRing({ name: 'Service', extension: '200', members: ['101'] });
    expect(server.directory.ringGroupByNumber(tenantId, '200')?.id).toBe(id);
    for (const extension of ['101', '200']) {
      const body = { name: 'Other', extension };
      expect(await ada.refused('POST', `${base}/ring-groups`, body)).toMatchObject({
        status: 409,
        error: 'number-taken',
        field: 'extension',
      });
    }
    const user = { extension: '200', displayName: 'Zoe' };
    expect(await ada.refused('POST', `${base}/users`, user)).toMatchObject({
      error: 'number-taken',
      message: expect.stringContaining('"Service"'),
    });
    const path = `${base}/ring-groups/${id}`;
    const bare = { extension: null, version: 1 };
    expect(await ada.get(path, ringGroupSchema, { method: 'PATCH', body: bare })).toMatchObject({
      extension: null,
      version: 2,
    });
    expect((await ada.ask('POST', `${base}/users`, user)).status).toBe(201);
  });

  it.each([
    ['a ring time of 4 s', { ringMs: 4000 }, 422, 'bad-value', 'ringMs'],
    ['a ring time of 301 s', { ringMs: 301_000 }, 422, 'bad-value', 'ringMs'],
    ['an unknown strategy', { strategy: 'random' }, 422, 'bad-value', 'strategy'],
    ['a name that is taken', { name: 'service' }, 409, 'name-taken', 'name'],
    ['an unknown member', { members: ['555'] }, 422, 'member-unknown', 'members'],
    [
      'nobody to send the call on to',
      { noAnswer: { kind: 'extension', extension: '555' } },
      422,
      'no-answer-unknown',
      'noAnswer',
    ],
    [
      'no such ring group to send the call on to',
      { noAnswer: { kind: 'ring-group', ringGroupId: 'nope' } },
      409,
      'ring-group-missing',
      'ringGroupId',
    ],
  ])('with %s is refused in its field', async (...[, body, status, error, field]) => {
    await addRing({ name: 'Service' });
    const refused = await ada.refused('POST', `${base}/ring-groups`, { name: 'New', ...body });
    expect([refused.status, refused.error, refused.field]).toEqual([status, error, field]);
  });

  it('does not send calls on to itself', async () => {
    const { id } = await addRing({ name: 'Service' });
    const body = { noAnswer: { kind: 'ring-group', ringGroupId: id }, version: 1 };
    expect(await ada.refused('PATCH', `${base}/ring-groups/${id}`, body)).toMatchObject({
      error: 'no-answer-itself',
    });
  });

  it('tells who uses it, and is changed by one admin at a time', async () => {
    const ring = await addRing({ name: 'Service', members: ['101'] });
    const recall = { destination: { kind: 'ring-group', ringGroupId: ring.id } };
    await addGroup({ name: 'Sales', recall });
    const { groups } = await ada.get(`${base}/ring-groups`, ringGroupListSchema);
    expect(groups).toMatchObject([{ usedBy: ['Sales'], usedByTenant: false }]);
    const path = `${base}/ring-groups/${ring.id}`;
    expect((await ben.ask('PATCH', path, { strategy: 'longest-idle', version: 1 })).status).toBe(
      200,
    );
    expect(await ada.refused('PATCH', path, { ringMs: 9000, version: 1 })).toMatchObject({
      error: 'changed-meanwhile',
      details: { changed: { by: 'ben' } },
    });
  });
});

describe('settings', () => {
  it('hold at once, are saved whole, and by one admin at a time', async () => {
    const before = await ada.get(`${base}/settings`, settingsViewSchema);
    const settings = {
      ...before.settings,
      featureCodes: { ...before.settings.featureCodes, park: '*70' },
      retrieveBy: 'group',
    };
    const body = { settings, version: before.version };
    const saved = await ada.get(`${base}/settings`, settingsViewSchema, { method: 'PUT', body });
    expect(saved).toMatchObject({ version: before.version + 1, changedBy: 'ada' });
    expect(server.directory.tenants()[0]?.settings).toMatchObject({
      featureCodes: { park: '*70' },
      retrieveBy: 'group',
    });
    expect(await ben.refused('PUT', `${base}/settings`, body)).toMatchObject({
      status: 409,
      error: 'changed-meanwhile',
      details: { changed: { by: 'ada' } },
    });
    const { lines } = await ada.get('/audit?limit=1', auditPageSchema);
    expect(lines).toMatchObject([
      {
        action: 'settings.changed',
        after: { retrieveBy: 'group' },
        before: { retrieveBy: 'tenant' },
      },
    ]);
  });

  it.each([
    ['two codes that are the same', { featureCodes: { park: '*58' } }, 'settings.featureCodes'],
    ['a code of letters', { featureCodes: { park: 'park' } }, 'settings.featureCodes.park'],
    ['a cap of none', { parkedCallsPerExtension: 0 }, 'settings.parkedCallsPerExtension'],
    ['an unknown key', { colour: 'red' }, 'settings'],
  ])('with %s are refused in the field', async (_what, settings, field) => {
    const { version } = await ada.get(`${base}/settings`, settingsViewSchema);
    const refused = await ada.refused('PUT', `${base}/settings`, { settings, version });
    expect([refused.status, refused.field]).toEqual([422, field]);
  });

  it('name no ring group that does not exist', async () => {
    const { version } = await ada.get(`${base}/settings`, settingsViewSchema);
    const recall = { destination: { kind: 'ring-group', ringGroupId: 'nope' } };
    const body = { settings: { recall }, version };
    expect(await ada.refused('PUT', `${base}/settings`, body)).toMatchObject({
      status: 409,
      error: 'ring-group-missing',
    });
  });
});

it('lists and searches 200 groups of 50 members quickly', async () => {
  const csv = Array.from({ length: 10_000 }, (_, n) => `${10_000 + n},secret,Person ${n}`);
  const body = `extension,password,name\n${csv.join('\n')}\n`;
  const headers = { 'Content-Type': 'text/csv' };
  expect((await ada.send('POST', `${base}/users/import`, { body, headers })).status).toBe(200);
  const tenant = server.provisioning.tenant();
  if (!tenant.ok) throw new Error(tenant.error.kind);
  for (let group = 0; group < 200; group += 1) {
    const members = Array.from({ length: 50 }, (_, n) => `${10_000 + group * 50 + n}`);
    await addGroup({ name: `Group ${group}`, members });
  }
  const started = performance.now();
  const all = await ada.get(`${base}/park-groups?limit=200`, parkGroupListSchema);
  const found = await ada.get(`${base}/park-groups?search=15017`, parkGroupListSchema);
  const people = await ada.get(`${base}/park-groups?search=person%209999`, parkGroupListSchema);
  const took = performance.now() - started;
  expect(all).toMatchObject({ total: 200 });
  expect(all.groups.map(({ name }) => name).slice(0, 3)).toEqual(['Group 0', 'Group 1', 'Group 2']);
  expect(found.groups.map(({ name }) => name)).toEqual(['Group 100']);
  expect(people.groups.map(({ name }) => name)).toEqual(['Group 199']);
  expect(took).toBeLessThan(1000);
});

function fail(): never {
  throw new Error('there is no tenant');
}
