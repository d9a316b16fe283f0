/** From an empty server to a working group, in a browser; and a parked call seen live with its countdown. */
import { expect, test } from '@playwright/test';
import type { SipPhone } from '../../fakes/sip-phone.ts';
import { PASSWORD } from '../../interop/kit/admin-client.ts';
import { CLIENT, Outside, SECOND_CLIENT, type CallerIdentity } from '../kit/client.ts';
import { screenBrowser } from '../screens/gallery-page.ts';
import { PortalScreen } from './portal-screen.ts';
import { PortalServer } from './portal-server.ts';

test.use({ launchOptions: screenBrowser, actionTimeout: 10_000 });
test.describe.configure({ mode: 'serial' });

let server: PortalServer;
let outside: Outside;
let admin: PortalScreen;
let bob: SipPhone;

test.beforeAll(async ({ browser }) => {
  server = await PortalServer.start();
  outside = await Outside.open();
  admin = await PortalScreen.open(browser, server, { url: server.setupUrl });
});
test.afterAll(async () => {
  await outside?.close();
  await admin?.close();
  await server?.dispose();
});

test('the link that the server prints makes the first admin', async () => {
  const { page } = admin;
  await expect(page.getByRole('heading', { name: 'Set up Parkline' })).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
  await admin.field('Name').fill('ada');
  await admin.field('Password').fill('short');
  await admin.button('Make the first admin').click();
  await admin.says('Password', /at least 12 characters/);
  await admin.field('Password').fill(PASSWORD);
  await admin.button('Make the first admin').click();
  await expect(admin.heading('Parked calls')).toBeVisible();
});

test('who signs out signs in again, and not with a wrong password', async () => {
  await admin.button('Sign out').click();
  await admin.field('Name').fill('ada');
  await admin.field('Password').fill('a wrong password');
  await admin.button('Sign in').click();
  await expect(admin.page.getByRole('alert')).toHaveText('Name or password is wrong.');
  await admin.signIn('ada');
});

test('users are added by hand, and from a file after a dry run', async () => {
  const { page } = admin;
  await admin.goTo('Users');
  await page.getByRole('link', { name: 'Add user' }).click();
  await admin.field('Extension').fill('10l');
  await admin.button('Save').click();
  await admin.says('Extension', /1 to 15 digits/);
  await admin.field('Extension').fill('101');
  await admin.field('Name').fill('Bob');
  await admin.button('Save').click();
  const made = page.getByRole('dialog', { name: 'Password of 101' });
  const password = await made.getByLabel('Password').textContent();
  await made.getByRole('button', { name: 'I have noted it' }).click();
  bob = await server.phone('101', password ?? '');
  await expect(admin.row('Bob')).toContainText('1');

  await page.getByRole('link', { name: 'Import CSV' }).click();
  const choose = (name: string, text: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await choose(
    'bad.csv',
    'extension,password,name\nabc,pw-of-abc,A\n102,pw-of-102,Alice\n102,x,B\n',
  );
  await expect(admin.row('"abc" is not an extension')).toContainText('2');
  await expect(admin.row('on line 3 already')).toContainText('4');
  await choose('good.csv', 'extension,password,name\n102,pw-of-102,Alice\n103,pw-of-103,Carol\n');
  await expect(page.getByText('2 users would be added, 0 changed.')).toBeVisible();
  await admin.button('Import').click();
  await expect(admin.heading('Users')).toBeVisible();
  await expect(admin.row('Carol')).toBeVisible();
});

test('a ring group and a Call Park group are added', async () => {
  const { page } = admin;
  await admin.goTo('Ring groups');
  await page.getByRole('link', { name: 'Add ring group' }).click();
  await admin.field('Name').fill('Service');
  await admin.pickMembers('Carol');
  await admin.button('Save').click();
  await expect(admin.row('Service')).toContainText('All at once');

  await admin.goTo('Call Park');
  await expect(page.getByText('There is no group yet.')).toBeVisible();
  await page.getByRole('link', { name: 'Add group' }).click();
  await admin.field('Group name').fill('Sales');
  await admin.choose('Recall destination', 'Alert parking user first, then Ring Group');
  await admin.choose('Ring group', 'Service');
  await admin.field('Recall timer (s)').fill('60');
  await page.getByRole('tab', { name: 'Group members' }).click();
  await admin.pickMembers('Bob', 'Alice', 'Carol');
  expect(await admin.members()).toEqual(['101', '102', '103']);
  await admin.button('Save').click();
  await expect(admin.row('Sales')).toContainText('After 60 sec to the parker, then to Service');
});

test('the order of members is changed by dragging', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: 'Sales' }).click();
  await page.getByRole('tab', { name: 'Group members' }).click();
  const row = (who: string) => page.getByRole('row', { name: who });
  await row('Carol').hover({ position: { x: 20, y: 20 } });
  await page.mouse.down();
  const first = await row('Bob').boundingBox();
  if (first === null) throw new Error('no first member');
  await page.mouse.move(first.x + 60, first.y + 20, { steps: 8 });
  await page.mouse.move(first.x + 60, first.y + 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => admin.members()).toEqual(['103', '101', '102']);
  await admin.button('Save').click();
  await expect(admin.heading('Call Park groups')).toBeVisible();
});

/** A client calls Bob, who parks the call to his group. */
async function parkToGroup(identity: CallerIdentity) {
  const client = await outside.call(server, '101', { identity });
  const call = (await bob.nextCall()).answer();
  await client.answered();
  await call.refer('*58');
  expect((await call.referResult()).status).toBe(200);
  await call.hangUp();
  return client;
}

/** Seconds until the recall, as the screen says. */
async function countdown(who: string): Promise<number> {
  const text = await admin.row(who).locator('.ticking').last().textContent();
  const [minutes = Number.NaN, seconds = Number.NaN] = (text ?? '').split(':').map(Number);
  return minutes * 60 + seconds;
}

test('a call parked with *58 is seen live, and a new recall time holds for new calls only', async () => {
  const { page } = admin;
  server.addTrunk();
  await admin.goTo('Parked calls');
  const client = await parkToGroup(CLIENT);
  const first = admin.row(CLIENT.number);
  await expect(first).toContainText('Sales');
  // The first member without a parked call.
  await expect(first.getByRole('cell').nth(1)).toHaveText('103');
  await expect(page.getByText('on 103, parked by 101')).toBeVisible();
  expect(await countdown(CLIENT.number)).toBeLessThanOrEqual(60);
  expect(await countdown(CLIENT.number)).toBeGreaterThan(40);

  await admin.goTo('Call Park');
  await expect(admin.row('Sales').getByRole('cell').nth(2)).toHaveText('1');
  await page.getByRole('link', { name: 'Sales' }).click();
  await admin.field('Recall timer (s)').fill('600');
  await admin.button('Save').click();
  await expect(admin.row('Sales')).toContainText('After 600 sec');

  await admin.goTo('Parked calls');
  const second = await parkToGroup(SECOND_CLIENT);
  await expect(admin.row(SECOND_CLIENT.number)).toBeVisible();
  const [old, fresh] = [await countdown(CLIENT.number), await countdown(SECOND_CLIENT.number)];
  expect(old).toBeLessThanOrEqual(60);
  expect(fresh).toBeGreaterThan(580);
  await expect.poll(() => countdown(CLIENT.number)).toBeLessThan(old);

  client.hangUp();
  await expect(first).toBeHidden();
  await expect(page.getByText('Caller hung up')).toBeVisible();
  second.hangUp();
  await expect(page.getByText('No call is parked.')).toBeVisible();
});

test('the journal tells of it, filtered and as a file', async () => {
  const { page } = admin;
  await admin.goTo('Journal');
  await expect(page.getByRole('row')).toHaveCount(5);
  await admin.field('Caller').fill(SECOND_CLIENT.number);
  await admin.button('Find').click();
  await expect(page.getByRole('row')).toHaveCount(3);
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export as CSV' }).click();
  const download = await file;
  expect(download.suggestedFilename()).toBe('journal-default.csv');
  await admin.field('Parked on').fill('ten');
  await admin.button('Find').click();
  await admin.says('Parked on', /1 to 15 digits/);
});

test('a device is signed out from the list of registrations', async () => {
  await admin.goTo('Registrations');
  await expect(admin.row('Bob')).toContainText('Reachable');
  await admin
    .row('Bob')
    .getByRole('button', { name: /^Sign out 101/ })
    .click();
  await expect(admin.page.getByText('No device is signed in.')).toBeVisible();
});
