import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deviceListSchema,
  importResultSchema,
  savedUserSchema,
  userListSchema,
  userSchema,
} from '../../shared/config/admin/users.ts';
import { AdminClient, refusalOf } from './kit/admin-client.ts';
import { Exchange } from './kit/exchange.ts';

let exchange: Exchange;
let ada: AdminClient;
let base: string;

beforeAll(async () => {
  exchange = await Exchange.start(['101', '102', '103']);
  ada = new AdminClient(exchange.server.httpUrl ?? '');
  await ada.setUp(exchange.server.setupUrl);
  base = `/tenants/${exchange.tenant.id}`;
});

afterAll(() => exchange.close());

async function post(path: string, csv: string | Uint8Array<ArrayBuffer>, type = 'text/csv') {
  const response = await ada.send('POST', path, { body: csv, headers: { 'Content-Type': type } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a user', () => {
  it('is listed by page and found by name and extension', async () => {
    const page = await ada.get(`${base}/users?limit=2&page=2`, userListSchema);
    expect(page).toMatchObject({ users: [{ extension: '103' }], total: 3 });
    const byName = await ada.get(`${base}/users?search=user%20102`, userListSchema);
    expect(byName.users).toEqual([
      { extension: '102', displayName: 'User 102', devices: 0, parkGroup: null },
    ]);
    expect(await ada.get(`${base}/users?search=10`, userListSchema)).toMatchObject({ total: 3 });
  });

  it('is added with a password that is shown once, or with a given one', async () => {
    const made = await ada.get(`${base}/users`, savedUserSchema, {
      method: 'POST',
      body: { extension: '150', displayName: ' Zoe ' },
    });
    expect(made.user).toMatchObject({ extension: '150', displayName: 'Zoe' });
    expect(made.madePassword).toMatch(/^[a-z2-9]{20}$/);
    const given = await ada.get(`${base}/users`, savedUserSchema, {
      method: 'POST',
      body: { extension: '151', password: 'secret-151' },
    });
    expect(given.madePassword).toBeNull();
    await exchange.signedIn('151');
    expect(await ada.get(`${base}/users?search=151`, userListSchema)).toMatchObject({
      users: [{ devices: 1 }],
    });
  });

  it.each([
    ['an extension that exists', { extension: '101' }, 409, 'number-taken', 'extension'],
    ['letters', { extension: 'bob' }, 422, 'not-an-extension', 'extension'],
    ['a number', { extension: 160 }, 422, 'bad-value', 'extension'],
    ['sixteen digits', { extension: '1234567890123456' }, 422, 'not-an-extension', 'extension'],
    [
      'a bell',
      { extension: '160', displayName: 'a\u0007' },
      422,
      'name-unprintable',
      'displayName',
    ],
    [
      '65 characters',
      { extension: '160', displayName: 'x'.repeat(65) },
      422,
      'bad-value',
      'displayName',
    ],
    ['an empty password', { extension: '160', password: '' }, 422, 'bad-password', 'password'],
    [
      'a long password',
      { extension: '160', password: 'x'.repeat(129) },
      422,
      'bad-password',
      'password',
    ],
  ])('with %s is refused', async (...[, body, status, error, field]) => {
    const refused = await ada.refused('POST', `${base}/users`, body);
    expect([refused.status, refused.error, refused.field]).toEqual([status, error, field]);
  });

  it('is renamed and deleted', async () => {
    exchange.addUser('170', 'Old name');
    const path = `${base}/users/170`;
    const renamed = { method: 'PATCH', body: { displayName: 'New name' } };
    expect(await ada.get(path, userSchema, renamed)).toMatchObject({ displayName: 'New name' });
    expect(exchange.user('170').displayName).toBe('New name');
    expect((await ada.ask('DELETE', path)).status).toBe(204);
    expect(await ada.refused('DELETE', path)).toMatchObject({ status: 404 });
    expect(await ada.refused('PATCH', path, { displayName: 'x' })).toMatchObject({ status: 404 });
  });

  it('is signed out everywhere by a new password, and of one device by the admin', async () => {
    await exchange.signedIn('102', { instance: '00000000-0000-1000-8000-000000000001' });
    await exchange.signedIn('102', { instance: '00000000-0000-1000-8000-000000000002' });
    const path = `${base}/users/102/devices`;
    const { devices } = await ada.get(path, deviceListSchema);
    expect(devices).toMatchObject([
      { extension: '102', transport: 'udp', reachable: true },
      { extension: '102', transport: 'udp', reachable: true },
    ]);
    expect((await ada.ask('DELETE', `${path}/${devices[0]?.id}`)).status).toBe(204);
    expect(await ada.refused('DELETE', `${path}/${devices[0]?.id}`)).toMatchObject({ status: 404 });
    expect(await ada.get(path, deviceListSchema)).toMatchObject({ total: 1 });
    const all = await ada.get(`${base}/registrations?search=102`, deviceListSchema);
    expect(all.devices.map(({ id }) => id)).toEqual([devices[1]?.id]);
    const other = `${base}/users/103/devices/${devices[1]?.id}`;
    expect(await ada.refused('DELETE', other)).toMatchObject({ status: 404 });
    expect((await ada.ask('POST', `${base}/users/102/password`, {})).status).toBe(200);
    expect(await ada.get(path, deviceListSchema)).toMatchObject({ total: 0 });
    expect(
      await ada.refused('POST', `${base}/users/102/password`, { password: 'a\u0000' }),
    ).toMatchObject({
      field: 'password',
    });
  });
});

describe('a file of users', () => {
  const path = () => `${base}/users/import`;

  it('is checked first, then imported whole', async () => {
    const csv = 'extension,password,name\r\n301,secret,"Zoe, ""Z"""\r\n101,secret,Bob\r\n';
    const dry = await post(`${path()}?dryRun=true`, csv);
    const result = { added: 1, changed: 1, lines: [] };
    expect(importResultSchema.parse(JSON.parse(dry.text))).toEqual(result);
    expect(exchange.server.directory.user(exchange.tenant.id, '301')).toBeUndefined();
    const real = await post(path(), csv);
    expect(importResultSchema.parse(JSON.parse(real.text))).toEqual(result);
    expect(exchange.user('301').displayName).toBe('Zoe, "Z"');
  });

  it('with bad lines is not imported at all, and a dry run names each', async () => {
    const csv = 'extension,password,name\n302,secret,Fine\nbob,secret,Bad\n303,,No password\n';
    const dry = await post(`${path()}?dryRun=true`, csv);
    expect(importResultSchema.parse(JSON.parse(dry.text)).lines).toEqual([
      { line: 3, problem: expect.stringContaining('"bob"') },
      { line: 4, problem: expect.stringContaining('password') },
    ]);
    expect(refusalOf(await post(path(), csv))).toMatchObject({
      status: 422,
      error: 'bad-lines',
      details: { lines: [{ line: 3 }, { line: 4 }] },
    });
    expect(exchange.server.directory.user(exchange.tenant.id, '302')).toBeUndefined();
  });

  it.each([
    ['with wrong columns', 'number,secret\n1,2\n', 'text/csv', 'bad-lines'],
    ['that is empty', '', 'text/csv', 'bad-lines'],
    ['of bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), 'text/csv', 'bad-lines'],
    ['with an open quote', 'extension,password,name\n1,"2', 'text/csv', 'bad-lines'],
    ['that is said to be JSON', 'extension,password,name\n', 'application/json', 'wrong-type'],
    ['of 11 MB', 'x'.repeat(11 * 1024 * 1024), 'text/csv', 'too-large'],
  ])('%s is refused', async (_what, csv, type, error) => {
    expect(refusalOf(await post(path(), csv, type))).toMatchObject({ error });
  });
});
