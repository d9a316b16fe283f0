import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { KeyboardUser } from '../kit/keyboard.ts';
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
test.afterEach(() => outside.hangUpAll());
test.afterAll(async () => {
  for (const phone of [bob, alice]) await phone?.close();
  await outside?.close();
  await server?.dispose();
});

test('the form asks for what it does not know yet, and Enter sends it', async () => {
  const carol = await BrowserPhone.open(server.url, { name: "103's browser", voice: '103' });
  const user = new KeyboardUser(carol.page);
  await user.watchPointers();
  await expect.poll(() => user.focusedName()).toBe('Extension');
  await user.type('103');
  await user.press('Tab');
  expect(await user.focusedName()).toBe('Password');
  await user.type(server.user('103').password);
  await user.press('Enter');
  await carol.ready();
  await user.usedNoPointer();
  await carol.close();
});

test('answering, parking, retrieving and hanging up need no pointer', async () => {
  const [bobsKeys, alicesKeys] = [new KeyboardUser(bob.page), new KeyboardUser(alice.page)];
  await bobsKeys.watchPointers();
  await alicesKeys.watchPointers();

  const client = await outside.call(server, '101');
  await bob.rings(CLIENT);
  await bobsKeys.press('Alt+a');
  await expectTalk(bob, client);

  await bobsKeys.tabTo('Transfer');
  await bobsKeys.press('Enter');
  await expect(bob.page.getByRole('dialog')).toBeVisible();
  await expect.poll(() => bobsKeys.focusedName()).toBe('To');
  await bobsKeys.type('*68102');
  await expect(bob.page.getByRole('dialog')).toContainText('Park on Alice, 102');
  await bobsKeys.press('Enter');
  await bob.isTold('Parked on 102, retrieve with *88102');
  await expectHears(client.ear, 'music');

  await alice.showsParked(CLIENT, { slot: '102', by: 'Bob' });
  await alicesKeys.press('Alt+l');
  expect(await alicesKeys.focusedName()).toMatch(/^Parked calls/);
  await alicesKeys.press('Tab');
  expect(await alicesKeys.focusedName()).toBe('Client, 003386002678, on 102, by Bob');
  await alicesKeys.press('Enter');
  await alice.talksTo(CLIENT);
  await expectTalk(alice, client);
  await alicesKeys.press('Alt+h');
  await client.hasEnded();
  await alice.isIdle();

  await bobsKeys.usedNoPointer();
  await alicesKeys.usedNoPointer();
});

test('Alt+K parks on my extension, and Alt with its number retrieves the call from anywhere', async () => {
  const user = new KeyboardUser(bob.page);
  await user.watchPointers();
  const client = await outside.call(server, '101');
  await bob.rings(CLIENT);
  await user.press('Alt+a');
  await expectTalk(bob, client);
  await user.press('Alt+k');
  await expectHears(client.ear, 'music');
  await bob.isIdle();
  await bob.dialField.focus();
  const number = await bob.card(CLIENT).locator('kbd').innerText();
  await user.press(`Alt+${number}`);
  await bob.talksTo(CLIENT);
  await expectTalk(bob, client);
  await user.usedNoPointer();
});

/** Two callers wait on Alice's extension, the older one first. */
async function twoAreParkedOnAlice(): Promise<void> {
  for (const [identity, voice] of [
    [CLIENT, 'client'],
    [SECOND_CLIENT, 'second client'],
  ] as const) {
    await outside.call(server, '101', { identity, voice });
    await bob.rings(identity);
    await bob.answer();
    await bob.parkOn(/Alice/);
    await bob.isIdle();
    await alice.showsParked(identity, { slot: '102', by: 'Bob' });
  }
}

test('arrival and end are announced exactly once, and the focus of a card that ends goes to a named element', async () => {
  await alice.collectAnnouncements();
  await twoAreParkedOnAlice();
  const alicesKeys = new KeyboardUser(alice.page);
  await alice.card(CLIENT).focus();
  await bob.card(CLIENT).getByRole('button', { name: 'Retrieve' }).click();
  await bob.talksTo(CLIENT);
  await expect(alice.card(CLIENT)).toContainText('Retrieved by Bob');
  expect(await alicesKeys.focusedName()).toContain('Client, 003386002678');

  // The ended card stays for three seconds, then hands its focus on to the next one.
  await expect(alice.card(CLIENT)).toHaveCount(0);
  await expect.poll(() => alicesKeys.focusedName()).toMatch(/^Ms Second/);
  await bob.hangUp();

  await bob.retrieve(SECOND_CLIENT);
  await expect(alice.card(SECOND_CLIENT)).toHaveCount(0);
  await expect.poll(() => alicesKeys.focusedName()).toBe('Parked calls');
  expect(await alice.announcements()).toEqual([
    expect.stringMatching(/^Parked call: Client, .*on 102, by Bob$/),
    expect.stringMatching(/^Parked call: Ms Second, .*on 102, by Bob$/),
    'Client: Retrieved by Bob',
    'Ms Second: Retrieved by Bob',
  ]);
});
