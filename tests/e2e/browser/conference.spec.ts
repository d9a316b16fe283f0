/** Three people in one conversation, mixed by the phone of the one in the middle; forwarding by the server. */
import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import { expectHears, expectTalk, expectVoices } from '../kit/hearing.ts';
import { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let outside: Outside;
let bob: BrowserPhone;
let alice: BrowserPhone;

test.beforeAll(async () => {
  server = await TestServer.start();
  outside = await Outside.open();
  bob = await BrowserPhone.signedIn(server, '101');
  alice = await BrowserPhone.signedIn(server, '102');
});
test.afterEach(async () => {
  await outside.hangUpAll();
  for (const phone of [bob, alice]) await phone.isIdle();
});
test.afterAll(async () => {
  for (const phone of [bob, alice]) await phone?.close();
  await outside?.close();
  await server?.dispose();
});

const second = { identity: SECOND_CLIENT, voice: 'second client' } as const;

async function bobAnswers(as: Parameters<Outside['call']>[2] = {}): Promise<ClientCall> {
  const client = await outside.call(server, '101', as);
  await bob.rings(client.identity);
  await bob.answer();
  await bob.talksTo(client.identity);
  return client;
}

/** How many cores a phone's browser keeps busy, over two seconds. */
async function coresInUse(phone: BrowserPhone): Promise<number> {
  const browser = phone.context.browser();
  if (browser === null) throw new Error('no browser');
  const session = await browser.newBrowserCDPSession();
  const seconds = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const [before, from] = [await seconds(), performance.now()];
  await phone.page.waitForTimeout(2_000);
  const cores = ((await seconds()) - before) / ((performance.now() - from) / 1000);
  await session.detach();
  return cores;
}

/** Presses a key in the call: what leaves by RFC 4733, as the browser was told. */
async function digitsInSound(phone: BrowserPhone): Promise<string> {
  await phone.page.evaluate(() => {
    const target = window as { parklineDigits?: string };
    const { insertDTMF } = RTCDTMFSender.prototype;
    RTCDTMFSender.prototype.insertDTMF = function (tones, ...times) {
      target.parklineDigits = (target.parklineDigits ?? '') + tones;
      insertDTMF.call(this, tones, ...times);
    };
  });
  await phone.toggle('Keypad');
  await phone.call.getByRole('button', { name: /^5/ }).click();
  return phone.page.evaluate(() => (window as { parklineDigits?: string }).parklineDigits ?? '');
}

async function conference(): Promise<readonly [ClientCall, ClientCall]> {
  const first = await bobAnswers();
  const other = await bobAnswers(second);
  await bob.page.keyboard.press('Alt+j');
  await expect(bob.page.locator('article.strip')).toHaveAttribute('data-company', 'conference');
  return [first, other];
}

test('in a conference everyone hears the two others and not themselves', async () => {
  const [first, other] = await conference();
  await expectVoices(first.ear, { heard: ['101', 'second client'], unheard: ['client'] });
  await expectVoices(other.ear, { heard: ['101', 'client'], unheard: ['second client'] });
  await expectVoices(bob.ear, { heard: ['client', 'second client'], unheard: ['101'] });

  // The whole browser: page, sound, network.
  expect(await coresInUse(bob)).toBeLessThan(1);

  await bob.toggle('Mute');
  await expectVoices(first.ear, { heard: ['second client'], unheard: ['101'] });
  await expectVoices(other.ear, { heard: ['client'], unheard: ['101'] });
  await bob.toggle('Mute');
  await expectVoices(first.ear, { heard: ['second client', '101'], unheard: [] });

  await bob.page.getByRole('button', { name: 'Talk to Ms Second alone' }).click();
  await expectTalk(bob, other);
  await expectHears(first.ear, 'music');
});

test('who hangs up leaves the two others talking', async () => {
  const [first, other] = await conference();
  await expectVoices(other.ear, { heard: ['101', 'client'], unheard: [] });
  first.hangUp();
  await expectTalk(bob, other);
});

test('whoever made it may leave the two to each other', async () => {
  const [first, other] = await conference();
  await bob.page.getByRole('button', { name: 'Leave the two to each other' }).click();
  await bob.isIdle();
  await expectTalk(first, other);
});

test('calls go where the user says, which is kept at the server, shown, and undone by one press', async () => {
  await bob.page.getByRole('tab', { name: 'Settings' }).click();
  const always = bob.page.getByLabel('Always to');
  await always.fill('*68102');
  await bob.page.getByRole('button', { name: 'Save forwarding' }).click();
  await bob.isTold('A feature code cannot be a forwarding target.');
  await always.fill('102');
  await bob.page.getByRole('button', { name: 'Save forwarding' }).click();
  await expect(bob.page.locator('.banner')).toContainText('All your calls go to 102.');

  const client = await outside.call(server, '101');
  await alice.rings(CLIENT);
  await alice.answer();
  await expectTalk(alice, client);
  await bob.isIdle();
  expect(await digitsInSound(alice)).toBe('5');
  await alice.hangUp();

  await bob.page.getByRole('button', { name: 'Stop forwarding' }).click();
  await expect(bob.page.locator('.banner')).toHaveCount(0);
  await outside.call(server, '101');
  await bob.rings(CLIENT);
});
