import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './kit/eventually.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';
import { WirePhone } from './kit/wire-phone.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';

const INSTANCE = '+sip.instance="<urn:uuid:5b1f4d8e-0a1c-4b8e-9d40-1a2b3c4d5e6f>";reg-id=1';

let dataDir: string;
let server: ParkServer;
let phones: WirePhone[];

beforeEach(async () => {
  dataDir = temporaryDirectory();
  phones = [];
  server = await startServer(loopbackConfig(dataDir));
  addUsers(server, '101', '102');
});

afterEach(async () => {
  await Promise.all(phones.map((phone) => phone.close()));
  await server.close({ graceMs: 0 });
  removeDirectory(dataDir);
});

async function udpPhone(): Promise<WirePhone> {
  const phone = await WirePhone.udp(portOf(server, 'udp'));
  phones.push(phone);
  return phone;
}

async function webSocketPhone(): Promise<WirePhone> {
  const phone = await WirePhone.webSocket(`ws://127.0.0.1:${portOf(server, 'ws')}`);
  phones.push(phone);
  return phone;
}

function userId(extension: string) {
  const [tenant] = server.directory.tenants();
  const user = tenant && server.directory.user(tenant.id, extension);
  if (user === undefined) throw new Error(`no user ${extension}`);
  return user.id;
}

function bindings(extension: string) {
  return server.registrar.bindingsOf(userId(extension));
}

const bob = { extension: '101', password: 'secret-101' };

describe.each([
  ['UDP', udpPhone],
  ['WebSocket', webSocketPhone],
])('a phone over %s', (_transport, connect) => {
  it('is challenged, then signed in', async () => {
    const phone = await connect();

    const challenged = await phone.register({ extension: '101' });
    expect(challenged.status).toBe(401);
    expect(challenged.get('WWW-Authenticate')).toMatch(/^Digest realm="default", .*algorithm=MD5/);
    expect(bindings('101')).toHaveLength(0);

    const accepted = await phone.register(bob);
    expect(accepted.status).toBe(200);
    expect(accepted.get('Contact')).toMatch(/;expires=600$/);
    expect(accepted.get('X-Parkline-Api')).toBe(server.httpUrl);
    expect(server.registrar.reachableDevices(userId('101'))).toHaveLength(1);
  });

  it('is challenged again for a wrong password', async () => {
    const phone = await connect();
    const refused = await phone.register({ ...bob, password: 'guess' });
    expect(refused.status).toBe(401);
    expect(bindings('101')).toHaveLength(0);
  });

  it('cannot tell an unknown extension from a wrong password', async () => {
    const phone = await connect();
    const refused = await phone.register({ extension: '999', password: 'guess' });
    expect(refused.status).toBe(401);
    expect(refused.reason).toBe('Unauthorized');
  });

  it('signs out with Expires 0', async () => {
    const phone = await connect();
    await phone.register(bob);
    const signedOut = await phone.register({ ...bob, expires: 0 });
    expect(signedOut.status).toBe(200);
    expect(signedOut.all('Contact')).toEqual([]);
    expect(bindings('101')).toHaveLength(0);
  });
});

it('keeps one binding per device of a user', async () => {
  const [desk, browser] = [await udpPhone(), await webSocketPhone()];
  await desk.register(bob);
  const second = await browser.register(bob);
  expect(second.all('Contact')).toHaveLength(2);
  expect(server.registrar.reachableDevices(userId('101'))).toHaveLength(2);
});

it('removes all devices for Contact * with Expires 0, and refuses * with any other', async () => {
  const [desk, browser] = [await udpPhone(), await webSocketPhone()];
  await desk.register(bob);
  await browser.register(bob);
  const refused = await desk.register({ ...bob, contact: '*', headers: ['Expires: 600'] });
  expect(refused.status).toBe(400);
  expect(bindings('101')).toHaveLength(2);
  const accepted = await desk.register({ ...bob, contact: '*', headers: ['Expires: 0'] });
  expect(accepted.status).toBe(200);
  expect(bindings('101')).toHaveLength(0);
});

it('refuses an interval that is too brief and says which would do', async () => {
  const phone = await udpPhone();
  const refused = await phone.register({ ...bob, expires: 30 });
  expect(refused.status).toBe(423);
  expect(refused.get('Min-Expires')).toBe('60');
});

it('cuts an interval that is too long', async () => {
  const phone = await udpPhone();
  const accepted = await phone.register({ ...bob, expires: 999_999 });
  expect(accepted.get('Contact')).toMatch(/;expires=3600$/);
});

it('only lists the bindings when there is no Contact', async () => {
  const phone = await udpPhone();
  await phone.register(bob);
  const listed = await phone.register({ ...bob, contact: null });
  expect(listed.status).toBe(200);
  expect(listed.all('Contact')).toHaveLength(1);
});

it('ignores a REGISTER that was overtaken by a later one of the same Call-ID', async () => {
  const phone = await webSocketPhone();
  const callId = 'one-and-the-same';
  await phone.register({ ...bob, callId });
  await phone.register({ ...bob, callId });
  const late = await phone.register({ ...bob, callId, cseq: 1, expires: 0 });
  expect(late.status).toBe(500);
  expect(bindings('101')).toHaveLength(1);
});

it('lets nobody register another extension', async () => {
  const phone = await udpPhone();
  const uri = 'sip:127.0.0.1';
  const refused = await phone.register({ extension: '102' });
  const { answerDigest } = await import('./kit/wire-phone.ts');
  const authorization = answerDigest(refused.get('WWW-Authenticate'), {
    username: '101',
    password: 'secret-101',
    method: 'REGISTER',
    uri,
  });
  const headers = [`Authorization: ${authorization}`];
  const stolen = await phone.register({ extension: '102', headers });
  expect(stolen.status).toBe(403);
  expect(bindings('102')).toHaveLength(0);
});

it('replaces the binding of the same instance when it comes back on a new connection', async () => {
  const first = await webSocketPhone();
  const contact = (phone: WirePhone) => `<sip:x1@${phone.wire.local};transport=ws>;${INSTANCE}`;
  await first.register({ ...bob, contact: contact(first) });
  const [before] = bindings('101');
  const second = await webSocketPhone();
  await second.register({ ...bob, contact: contact(second) });
  const [after, ...others] = bindings('101');
  expect(others).toEqual([]);
  expect(after?.id).toBe(before?.id);
  expect(after?.deviceId).toBe(before?.deviceId);
  expect(after?.flow).not.toBe(before?.flow);
  if (before?.flow === undefined) throw new Error('no flow');
  expect(server.registrar.successorOf(before.flow)).toBe(after?.flow);
});

it('announces outbound to a phone that supports it', async () => {
  const phone = await webSocketPhone();
  const accepted = await phone.register({
    ...bob,
    contact: `<sip:x1@${phone.wire.local};transport=ws>;${INSTANCE}`,
    headers: ['Supported: path,gruu,outbound'],
  });
  expect(accepted.get('Require')).toBe('outbound');
});

it('keeps the binding but not the flow of a phone whose connection broke', async () => {
  const phone = await webSocketPhone();
  await phone.register(bob);
  const changes: string[] = [];
  server.registrar.onChanged((user) => changes.push(user));
  await phone.close();
  await eventually(() => changes.length > 0);
  expect(bindings('101')).toHaveLength(1);
  expect(bindings('101')[0]?.flow).toBeUndefined();
  expect(server.registrar.reachableDevices(userId('101'))).toEqual([]);
});

it('signs a removed user out everywhere, and one whose password changed', async () => {
  const [first, second] = [await udpPhone(), await udpPhone()];
  await first.register(bob);
  await second.register({ extension: '102', password: 'secret-102' });
  const tenant = server.provisioning.tenant();
  if (!tenant.ok) throw new Error('no tenant');
  const [bobId, aliceId] = [userId('101'), userId('102')];
  server.provisioning.removeUser(tenant.value, '101');
  server.provisioning.setPassword(tenant.value, '102', 'another');
  expect(server.registrar.bindingsOf(bobId)).toEqual([]);
  expect(server.registrar.bindingsOf(aliceId)).toEqual([]);
});

it('blocks an account after ten wrong passwords, and only that account', async () => {
  const phone = await udpPhone();
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await phone.register({ ...bob, password: 'guess' });
  }
  const blocked = await phone.register(bob);
  expect(blocked.status).toBe(403);
  expect(Number(blocked.get('Retry-After'))).toBeGreaterThan(0);
  const other = await phone.register({ extension: '102', password: 'secret-102' });
  expect(other.status).toBe(200);
});

it('answers OPTIONS from anybody', async () => {
  const phone = await udpPhone();
  const answer = await phone.request('OPTIONS', 'sip:127.0.0.1', [
    'From: <sip:nobody@example.test>;tag=1',
    'To: <sip:127.0.0.1>',
    'Call-ID: options-1',
    'CSeq: 1 OPTIONS',
  ]);
  expect(answer.status).toBe(200);
  expect(answer.get('Allow')).toContain('REFER');
});

it('keeps registrations over a restart', async () => {
  const [desk, browser] = [await udpPhone(), await webSocketPhone()];
  await desk.register(bob);
  await browser.register({ extension: '102', password: 'secret-102' });
  const before = bindings('101')[0];
  const udpPort = portOf(server, 'udp');
  await server.close({ graceMs: 0 });

  const config = loopbackConfig(dataDir);
  const [udp, ...others] = config.listen;
  if (udp === undefined) throw new Error('no listener');
  server = await startServer({ ...config, listen: [{ ...udp, port: udpPort }, ...others] });
  const [after] = bindings('101');
  expect(after?.id).toBe(before?.id);
  expect(after?.expiresAt).toBe(before?.expiresAt);
  expect(after?.flow?.remote).toEqual(before?.flow?.remote);
  expect(bindings('102')).toHaveLength(1);
  expect(server.registrar.reachableDevices(userId('102'))).toEqual([]);
});

it('takes phones on the HTTP port too', async () => {
  const url = `${server.httpUrl?.replace('http:', 'ws:')}/sip`;
  const phone = await WirePhone.webSocket(url);
  phones.push(phone);
  expect((await phone.register(bob)).status).toBe(200);
});
