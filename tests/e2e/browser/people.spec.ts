import { readFile } from 'node:fs/promises';
import { expect, test, type Locator } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside } from '../kit/client.ts';
import { TestServer } from '../kit/test-server.ts';

test.describe.configure({ mode: 'serial' });

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

const tab = (phone: BrowserPhone, name: RegExp) => phone.page.getByRole('tab', { name });
const row = (phone: BrowserPhone, extension: string): Locator =>
  phone.page.locator(`li[data-extension="${extension}"]`);
const lampOf = (phone: BrowserPhone, extension: string) => row(phone, extension).locator('.lamp');

test('the introduction is shown once', async () => {
  await bob.page.getByRole('button', { name: 'Got it' }).click();
  await expect(bob.page.getByRole('heading', { name: 'Welcome to Parkline' })).toHaveCount(0);
  await bob.page.reload();
  await bob.page.getByLabel('Extension', { exact: true }).waitFor();
  const { password } = server.user('101');
  await bob.typeSignIn({ server: server.address, extension: '101', password });
  await bob.ready();
  await expect(bob.page.getByRole('heading', { name: 'Welcome to Parkline' })).toHaveCount(0);
});

test('a colleague’s lamp follows their telephone, and a parked call is taken back on their row', async () => {
  await tab(bob, /Contacts/).click();
  await expect(lampOf(bob, '102')).toHaveAttribute('data-lamp', 'free');
  await expect(lampOf(bob, '103')).toHaveAttribute('data-lamp', 'signed-out');

  const client = await outside.call(server, '102');
  await alice.rings(CLIENT);
  await expect(lampOf(bob, '102')).toHaveAttribute('data-lamp', 'ringing');
  await alice.answer();
  await expect(row(bob, '102')).toContainText('On a call');
  await expect(row(bob, '102').getByRole('button', { name: /^Retrieve/ })).toHaveCount(0);

  await alice.park();
  await expect(row(bob, '102')).toContainText('Free · Call parked');
  await row(bob, '102')
    .getByRole('button', { name: /^Retrieve/ })
    .click();
  await bob.talksTo(CLIENT);
  await expect(lampOf(bob, '102')).toHaveAttribute('data-parked', 'none');
  client.hangUp();
  await bob.isIdle();
});

test('without a connection a lamp is unknown, never free', async () => {
  await server.stop();
  await expect(lampOf(bob, '102')).not.toHaveAttribute('data-lamp', 'free');
  await server.startAgain();
  await bob.ready();
  await alice.ready();
  await expect(lampOf(bob, '102')).toHaveAttribute('data-lamp', 'free');
});

const FILE = [
  'Name;Firma;Telefon geschäftlich;Handy',
  `Frau Kundin;Kunde GmbH;+${CLIENT.number.replace(/^00/, '')};0171 555`,
  'Ohne Nummer;;;',
  'Falsch;;frag mich;',
].join('\r\n');

test('contacts are imported from a table, bad lines are named, and a caller has the contact’s name everywhere', async () => {
  const { page } = bob;
  await tab(bob, /Contacts/).click();
  await page.getByRole('button', { name: 'Import and export contacts' }).click();
  await page.locator('input[type="file"]').setInputFiles({
    name: 'kontakte.csv',
    mimeType: 'text/csv',
    // As an old spreadsheet on Windows writes it.
    buffer: Buffer.from(FILE, 'latin1'),
  });
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText('One contact was added.');
  await expect(sheet).toContainText('Line 3: The number is missing');
  await expect(sheet).toContainText('Line 4: This is not a number that can be dialled');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    sheet.getByRole('button', { name: 'As vCards' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toContain('FN:Frau Kundin');
  await page.keyboard.press('Escape');

  await outside.call(server, '101');
  await bob.rings({ name: 'Frau Kundin', number: CLIENT.number });
  await bob.answer();
  await expect(bob.callName).toHaveText('Frau Kundin');
  await bob.park();
  await expect(bob.cards.filter({ hasText: 'Frau Kundin' })).toBeVisible();
  await bob.retrieve({ name: 'Frau Kundin', number: CLIENT.number });
  await bob.isTalking();
  await bob.hangUp();
});

test('the history is filtered, searched, exported and deleted', async () => {
  const { page } = bob;
  await outside.call(server, '101').then(async (client) => {
    await bob.rings({ name: 'Frau Kundin', number: CLIENT.number });
    client.hangUp();
  });
  await expect(tab(bob, /History, 1 missed call/)).toBeVisible();
  await tab(bob, /History/).click();
  const rows = page.locator('.history-row');
  await expect(rows.filter({ hasText: 'Missed' })).toHaveCount(1);
  await page.getByRole('radio', { name: 'Missed' }).click();
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Name or number' }).fill('nobody');
  await expect(rows).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Name or number' }).fill('kundin');
  await expect(rows).toHaveCount(1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as a table (CSV)' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/missed,Frau Kundin,/);
  await rows.getByRole('button', { name: /^Remove from the history/ }).click();
  await expect(rows).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Name or number' }).fill('');
  await page.getByRole('radio', { name: 'All' }).click();
  await expect(rows).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Clear history' }).click();
  await page.getByRole('button', { name: 'Delete all' }).click();
  await expect(rows).toHaveCount(0);
});

test('the report holds no secret, and no names if one does not wish it', async () => {
  const { page } = bob;
  await tab(bob, /Settings/).click();
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('names and numbers');
  await expect(page.getByRole('switch')).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('');
  const report = async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save report…' }).click(),
    ]);
    return readFile(await download.path(), 'utf8');
  };
  const whole = await report();
  expect(whole).toContain('REGISTER sip:');
  expect(whole).toMatch(/call .*: ended/);
  expect(whole).not.toContain(server.user('101').password);
  expect(whole).not.toMatch(/nonce="|response="|ice-pwd:(?!\(removed\))/);
  await page.getByText('Remove names and numbers').click();
  const nameless = await report();
  expect(nameless).toContain('REGISTER sip:');
  expect(nameless).not.toMatch(/Frau Kundin|Alice|3386002678|sip:10[123]@/);
});

test('nothing in the pages complained', () => {
  const expected = /ERR_CONNECTION_REFUSED|WebSocket|401/;
  expect([...bob.complaints, ...alice.complaints].filter((each) => !expected.test(each))).toEqual(
    [],
  );
});
