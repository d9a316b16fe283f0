/** What goes wrong is said in plain words, where it can be mended, and nothing is lost by it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let outside: Outside;

test.beforeAll(async () => {
  server = await TestServer.start({ settings: { parkedCallsPerExtension: 1 } });
  outside = await Outside.open();
});
test.afterEach(() => outside.hangUpAll());
test.afterAll(async () => {
  await outside?.close();
  await server?.dispose();
});

test.describe('signing in', () => {
  let phone: BrowserPhone;
  test.beforeEach(async () => {
    phone = await BrowserPhone.open(server.url);
  });
  test.afterEach(() => phone?.close());

  const says = (field: string, words: string) =>
    expect(phone.page.getByLabel(field, { exact: true })).toHaveAccessibleDescription(
      new RegExp(words),
    );

  test('a wrong password is told at the password, and the right one then works', async () => {
    await phone.typeSignIn({ server: server.address, extension: '101', password: 'guess' });
    await says('Password', 'Extension or password is wrong\\.');
    const { password } = server.user('101');
    await phone.typeSignIn({ server: server.address, extension: '101', password });
    await phone.ready();
  });

  test('an unknown extension is told without saying which extensions there are', async () => {
    await phone.typeSignIn({ server: server.address, extension: '199', password: 'guess' });
    await says('Password', 'Extension or password is wrong\\.');
  });

  test('a server that is away is told at the server', async () => {
    const { port, free } = await takenPort();
    await free();
    await phone.typeSignIn({ server: `127.0.0.1:${port}`, extension: '101', password: 'x' });
    await says('Server', 'The server cannot be reached');
  });

  test('what cannot be an address is told at once', async () => {
    await phone.typeSignIn({ server: 'not an address', extension: '101', password: 'x' });
    await says('Server', 'That is not a server address\\.');
  });
});

/** A port that somebody holds until it is freed. */
async function takenPort(): Promise<{ port: number; free: () => Promise<void> }> {
  const holder = createServer();
  await new Promise<void>((ready) => holder.listen(0, '127.0.0.1', ready));
  const { port } = holder.address() as AddressInfo;
  return { port, free: () => new Promise((closed) => holder.close(() => closed())) };
}

test.describe('without a microphone', () => {
  for (const [microphone, words] of [
    ['refused', 'The microphone is not allowed.'],
    ['absent', 'There is no microphone.'],
  ] as const) {
    test(`${microphone}: calls and retrieves work, listen-only, and the screen says so`, async () => {
      const phone = await BrowserPhone.signedIn(server, '101', { microphone });
      try {
        const client = await outside.call(server, '101');
        await phone.rings(CLIENT);
        await phone.answer();
        await expectHears(phone.ear, 'client');
        await expectHears(client.ear, 'silence');
        const banner = phone.page.getByRole('status').filter({ hasText: words });
        await expect(banner).toContainText('You can hear, but nobody hears you.');
        await expect(banner.getByRole('button', { name: 'Use microphone' })).toBeVisible();

        await phone.park();
        await expectHears(client.ear, 'music');
        await phone.isIdle();
        await phone.retrieve(CLIENT);
        await phone.talksTo(CLIENT);
        await expectHears(phone.ear, 'client');
        await phone.hangUp();
        await client.hasEnded();
      } finally {
        await phone.close();
      }
    });
  }
});

test.describe('a park or transfer that is refused', () => {
  let bob: BrowserPhone;
  let client: ClientCall;
  test.beforeAll(async () => {
    bob = await BrowserPhone.signedIn(server, '101');
  });
  test.beforeEach(async () => {
    client = await outside.call(server, '101');
    await bob.rings(CLIENT);
    await bob.answer();
    await expectTalk(bob, client);
  });
  test.afterEach(async () => {
    // Whatever was refused: the two still talk.
    await bob.isTalking();
    await expectTalk(bob, client);
    await bob.hangUp();
  });
  test.afterAll(() => bob?.close());

  for (const [target, words] of [
    ['*68199', 'Not parked: there is no such extension'],
    ['*6810', 'Not parked: the extension is incomplete'],
    ['*58', 'Not parked: that is not permitted (No park group)'],
    ['199', 'Not transferred: there is no such extension'],
    ['*77', 'Not transferred: there is no such extension'],
  ] as const) {
    test(`to ${target} is told: ${words}`, async () => {
      await bob.transferTo(target);
      await bob.isTold(words);
    });
  }

  test('to a full slot is told, and the call in the slot stays', async () => {
    const carol = await BrowserPhone.signedIn(server, '103');
    try {
      const waiting = await outside.call(server, '103', {
        identity: SECOND_CLIENT,
        voice: 'second client',
      });
      await carol.rings(SECOND_CLIENT);
      await carol.answer();
      await carol.transferTo('*68102');
      await expectHears(waiting.ear, 'music');
      await bob.transferTo('*68102');
      await bob.isTold('Not parked: the slot is full');
      await expectHears(waiting.ear, 'music');
      expect(server.parkedCalls).toHaveLength(1);
    } finally {
      await carol.close();
    }
  });
});
