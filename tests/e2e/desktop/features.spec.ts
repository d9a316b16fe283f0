/** What a working day needs, in the packed app: each of these has its rules tested elsewhere, and here its keys, screens and wires. */
import { expect, test } from '@playwright/test';
import type { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT } from '../kit/client.ts';
import type { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { HeaderAdder } from '../kit/header-adder.ts';
import { Office } from '../kit/office.ts';

const BOB = { name: 'Bob', number: '101' };

let office: Office;
let between: HeaderAdder;
let bob: DesktopPhone;
let alice: BrowserPhone;

test.beforeAll(async () => {
  office = await Office.open();
  between = await HeaderAdder.before(office.server.httpPort);
  bob = await office.desktop('101', { address: between.address });
  alice = await office.browser('102');
});
test.afterEach(async () => {
  await office.tidyUp();
  for (const phone of [bob, alice]) await phone.isIdle();
});
test.afterAll(async () => {
  expect(office.complaints).toEqual([]);
  await office?.close();
  await between?.close();
});

test('keys pressed in a call reach the other end, and the last number is dialled again by two presses', async () => {
  const client = await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await bob.answer();
  await bob.toggle('Keypad');
  for (const key of ['4', '7', '#']) {
    await bob.call
      .getByRole('button', { name: new RegExp(`^${key === '#' ? 'Hash' : key}`, 'i') })
      .click();
  }
  await expect.poll(() => client.digits, { message: 'keys at the other end' }).toBe('47#');
  await bob.hangUp();

  await bob.dial('102');
  await alice.rings(BOB);
  await alice.incoming.getByRole('button', { name: 'Decline' }).click();
  await bob.isIdle();
  await bob.page.getByRole('button', { name: 'Redial' }).click();
  await expect(bob.dialField).toHaveValue('102');
  await bob.page.getByRole('button', { name: 'Call', exact: true }).click();
  await alice.rings(BOB);
  await alice.answer();
  await expectTalk(bob, alice);
  await bob.hangUp();
});

test('calls go where the user says, as the server keeps it, until one press stops it', async () => {
  await bob.page.getByRole('tab', { name: 'Settings' }).click();
  await bob.page.getByLabel('Always to').fill('102');
  await bob.page.getByRole('button', { name: 'Save forwarding' }).click();
  await expect(bob.page.locator('.banner')).toContainText('All your calls go to 102.');
  const client = await office.outside.call(office.server, '101');
  await alice.rings(CLIENT);
  await bob.isIdle();
  await alice.answer();
  await expectTalk(alice, client);
  await alice.hangUp();

  await bob.page.getByRole('button', { name: 'Stop forwarding' }).click();
  await expect(bob.page.locator('.banner')).toHaveCount(0);
  await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
});

test('a call that asks for it is answered by itself where the user wants that, and rings where not', async () => {
  between.addToCalls('Call-Info: <sip:pbx.example>;answer-after=0');
  await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await expect(bob.call, 'not without the user’s word').toHaveCount(0);
  await office.outside.hangUpAll();
  await bob.isIdle();

  await bob.page.getByRole('tab', { name: 'Settings' }).click();
  await bob.page.getByText('Answer intercom calls by themselves').click();
  const intercom = await office.outside.call(office.server, '101');
  await bob.talksTo(CLIENT);
  await expectHears(intercom.ear, '101');
  await office.outside.hangUpAll();
  await bob.isIdle();

  between.addToCalls(null);
  await office.outside.call(office.server, '101');
  await bob.rings(CLIENT);
  await expect(bob.call, 'a call that does not ask rings').toHaveCount(0);
});
