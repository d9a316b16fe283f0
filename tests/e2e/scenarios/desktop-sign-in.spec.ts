/** The desktop app may be told any server; what is wrong with it is said at the field. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { launchPhone } from '../desktop/phone-app.ts';
import type { DrivenPhone } from '../desktop/phone-app.ts';
import { PhoneScreen } from '../kit/phone-screen.ts';
import { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let app: DrivenPhone;
let phone: PhoneScreen;

test.beforeAll(async () => {
  server = await TestServer.start();
  app = await launchPhone({ profile: 'sign-in' });
  phone = new PhoneScreen({ page: app.page, name: 'the desktop app', voice: '101' });
});
test.afterAll(async () => {
  await app?.close();
  await server?.dispose();
});

const says = (field: string, words: RegExp) =>
  expect(phone.page.getByLabel(field, { exact: true })).toHaveAccessibleDescription(words, {
    timeout: 15_000,
  });

/** Listens, and talks HTTP as anything might that is no phone server. */
async function somethingElse(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const other = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<h1>It works!</h1>');
  });
  await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
  const { port } = other.address() as AddressInfo;
  return { port, close: () => new Promise((closed) => other.close(() => closed())) };
}

test('nobody listens there', async () => {
  const freed = await somethingElse();
  await freed.close();
  await phone.typeSignIn({ server: `127.0.0.1:${freed.port}`, extension: '101', password: 'x' });
  await says('Server', /The server cannot be reached\. Check the address and the network\./);
});

test('there is no server of that name', async () => {
  await phone.typeSignIn({ server: 'pbx.invalid', extension: '101', password: 'x' });
  await says('Server', /There is no server by that name\./);
});

test('a web server that knows nothing of phones', async () => {
  const other = await somethingElse();
  const address = `127.0.0.1:${other.port}`;
  await phone.typeSignIn({ server: address, extension: '101', password: 'x' });
  await says('Server', /Something answers there, but it is not a phone server\./);
  // By hand, past the discovery: a WebSocket that nobody answers as such.
  await phone.typeSignIn({ server: `ws://${address}`, extension: '101', password: 'x' });
  await says('Server', /The server cannot be reached/);
  await other.close();
});

test('a wrong password, after which the right one works, and nothing typed was lost', async () => {
  const { password } = server.user('101');
  await phone.typeSignIn({ server: server.address, extension: '101', password: `${password}?` });
  await says('Password', /Extension or password is wrong\./);
  await expect(phone.page.getByLabel('Server', { exact: true })).toHaveValue(server.address);
  await expect(phone.page.getByLabel('Extension', { exact: true })).toHaveValue('101');
  await phone.typeSignIn({ server: server.address, extension: '101', password });
  await phone.ready();
});
