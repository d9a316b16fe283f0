import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside } from '../kit/client.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { TestServer } from '../kit/test-server.ts';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
let outside: Outside;
let bob: BrowserPhone;
let alice: BrowserPhone;
let carol: BrowserPhone;

test.beforeAll(async () => {
  server = await TestServer.start();
  outside = await Outside.open();
  bob = await BrowserPhone.signedIn(server, '101');
  alice = await BrowserPhone.signedIn(server, '102');
  carol = await BrowserPhone.open(server.url, { name: "103's browser", voice: '103' });
});
test.afterEach(() => outside.hangUpAll());
test.afterAll(async () => {
  for (const phone of [bob, alice, carol]) await phone?.close();
  await outside?.close();
  await server?.dispose();
});

test('a colleague signs in by server, extension and password', async () => {
  const { password } = server.user('103');
  await carol.typeSignIn({ server: server.address, extension: '103', password });
  await carol.ready();
  await carol.showsNothingParked();
});

test('two colleagues talk, hold, mute and hang up', async () => {
  await bob.dial('102');
  await alice.rings({ name: 'Bob', number: '101' });
  await alice.answer();
  await bob.isTalking();
  await expectTalk(bob, alice);

  await bob.toggle('Hold');
  await expect(bob.call).toHaveAttribute('data-state', 'held');
  await expectHears(alice.ear, 'music');
  await expectHears(bob.ear, 'silence');
  await bob.toggle('Hold');
  await bob.isTalking();
  await expectTalk(bob, alice);

  await alice.toggle('Mute');
  await expectHears(bob.ear, 'silence');
  await expectHears(alice.ear, '101');
  await alice.toggle('Mute');
  await expectTalk(bob, alice);

  await alice.hangUp();
  await bob.isIdle();
});

test('a client from outside is answered, parked by one press and retrieved by one press', async () => {
  const client = await outside.call(server, '101');
  await bob.rings(CLIENT);
  await bob.answer();
  await client.answered();
  await expectTalk(bob, client);

  await bob.parkOn(/Alice/);
  await expectHears(client.ear, 'music');
  await bob.isTold('Parked on 102, retrieve with *88102');
  await bob.isIdle();

  await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });
  await carol.showsNothingParked();
  await alice.retrieve(CLIENT);
  await alice.talksTo(CLIENT);
  await expectTalk(alice, client);
  await expect(alice.waitingCards).toHaveCount(0);
  await expect(bob.waitingCards).toHaveCount(0);

  client.hangUp();
  await alice.isIdle();
});

test('two of our phones talk Opus', async () => {
  await bob.dial('102');
  await alice.rings({ name: 'Bob', number: '101' });
  await alice.answer();
  await bob.isTalking();
  for (const { call } of [bob, alice]) {
    await expect(call.locator('[data-codec]')).toHaveAttribute('data-codec', /opus/i);
  }
  await bob.hangUp();
  await alice.isIdle();
});

test('the demo rings me at the press of a button', async () => {
  await carol.page.getByRole('button', { name: 'Ring me' }).click();
  await carol.rings(CLIENT);
  await carol.answer();
  await carol.hangUp();
});

test('a link of the demo signs in by itself, once, and leaves no password in the address', async () => {
  const { password } = server.user('103');
  const link = `${server.url}/#sign-in=103:${encodeURIComponent(password)}`;
  const phone = await BrowserPhone.open(link, { name: "103's other browser" });
  await phone.ready();
  expect(phone.page.url()).not.toContain('sign-in');
  await phone.close();
});

test('nothing in the pages complained', () => {
  expect([...bob.complaints, ...alice.complaints, ...carol.complaints]).toEqual([]);
});
