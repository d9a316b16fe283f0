/** Settings, feature codes, music, tenants and admins: what is saved holds, what is wrong is said and changes nothing. */
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { musicSchema } from '../../../shared/config/admin/music.ts';
import { settingsViewSchema } from '../../../shared/config/admin/tenants.ts';
import { userListSchema } from '../../../shared/config/admin/users.ts';
import { writeWav } from '../../../shared/media/music/wav.ts';
import { PASSWORD, type AdminClient } from '../../interop/kit/admin-client.ts';
import { screenBrowser } from '../screens/gallery-page.ts';
import { PortalScreen } from './portal-screen.ts';
import { PortalServer } from './portal-server.ts';

test.use({ launchOptions: screenBrowser, actionTimeout: 10_000 });

let server: PortalServer;
let client: AdminClient;
let admin: PortalScreen;
let base: string;

test.beforeAll(async ({ browser }) => {
  server = await PortalServer.start();
  client = await server.setUp('ada');
  base = `/tenants/${server.tenantId}`;
  admin = await PortalScreen.signedIn(browser, server, 'ada');
});
test.afterAll(async () => {
  await admin?.close();
  await server?.dispose();
});

const saved = async () => (await client.get(`${base}/settings`, settingsViewSchema)).settings;
const choose = (name: string, buffer: Buffer) =>
  admin.page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

test('call park settings are saved, and refused in their field', async () => {
  const { page } = admin;
  await admin.goTo('Call park settings');
  await admin.field('Calls on one extension').fill('0');
  await admin.field('Language of announcements').fill('English');
  await admin.button('Save').click();
  await admin.says('Calls on one extension', /from 1 to 100/);
  await expect(admin.field('Calls on one extension')).toBeFocused();
  await admin.field('Calls on one extension').fill('1');
  await admin.button('Save').click();
  await admin.says('Language of announcements', /like en or pt-BR/);
  await admin.field('Language of announcements').fill('en');
  await admin.field('Recall timer (s)').fill('90');
  await admin.choose('Who may retrieve by code', 'Members of the same group');
  await page.getByText('Alert the parker, too').click();
  await admin.button('Add exception').click();
  await admin.field('User-Agent begins with').fill('Yealink');
  await admin.button('Save').click();
  await expect(page.getByText('The settings are saved.')).toBeVisible();
  expect(await saved()).toMatchObject({
    parkedCallsPerExtension: 1,
    recall: { timerMs: 90_000, destination: { kind: 'parker' } },
    retrieveBy: 'group',
    alertParker: true,
    userAgentRules: [{ userAgent: 'Yealink' }],
  });
});

test('feature codes are saved beside the other settings, and no two the same', async () => {
  const { page } = admin;
  await admin.goTo('Feature codes');
  await admin.field('Snooze').fill('*68');
  await admin.button('Save').click();
  await admin.says('Snooze', /are the same/);
  await admin.field('Snooze').fill('68');
  await admin.button('Save').click();
  await admin.says('Snooze', /\* or # followed by/);
  await admin.field('Snooze').fill('*90');
  await admin.button('Save').click();
  await expect(page.getByText('The settings are saved.').last()).toBeVisible();
  expect(await saved()).toMatchObject({
    featureCodes: { park: '*68', snooze: '*90' },
    parkedCallsPerExtension: 1,
  });
});

test('music is replaced and taken back; what is no music changes nothing', async () => {
  const { page } = admin;
  const huge = test.info().outputPath('huge.wav');
  writeFileSync(huge, '');
  truncateSync(huge, 21 * 1024 * 1024);
  const music = () => client.get(`${base}/music`, musicSchema);
  await admin.goTo('Music on hold');
  await expect(page.getByText('The built-in music is played.')).toBeVisible();
  await choose('song.mp3', Buffer.from('ID3 this is no WAV file'));
  await expect(page.getByRole('alert')).toHaveText('The file is not a WAV file.');
  await page.locator('input[type=file]').setInputFiles(huge);
  await expect(page.getByRole('alert')).toHaveText('The file is too large.');
  expect(await music()).toEqual({ kind: 'built-in' });
  const samples = Int16Array.from({ length: 16_000 }, (_, i) => 9_000 * Math.sin(i / 5));
  await choose('tune.wav', Buffer.from(writeWav({ rate: 8000, samples })));
  await expect(page.getByText(/^Uploaded by ada on .*, 2 sec long\.$/)).toBeVisible();
  const length = () =>
    page
      .getByLabel('Listen to the music')
      .evaluate((audio) => (audio as HTMLAudioElement).duration);
  await expect.poll(length).toBeCloseTo(2, 1);
  await admin.button('Back to the built-in music').click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: 'Back to the built-in music' })
    .click();
  await expect(page.getByText('The built-in music is played.')).toBeVisible();
  expect(await music()).toEqual({ kind: 'built-in' });
});

test('a file of users with wrong columns, or that is no text, imports nobody', async () => {
  const { page } = admin;
  await admin.show(`t/${server.tenantId}/users/import`);
  await choose('users.csv', Buffer.from('number,secret\n101,abc\n'));
  await expect(admin.row(/the first line must be "extension,password,name"/)).toContainText('1');
  await choose('users.xlsx', Buffer.from([0x50, 0x4b, 0xff, 0xfe, 0x00]));
  await expect(admin.row('not text in UTF-8')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeHidden();
  const { total } = await client.get(`${base}/users`, userListSchema);
  expect(total).toBe(0);
});

test('a system admin switches tenants; a tenant admin sees their own and nothing of the server', async ({
  browser,
}) => {
  const { page } = admin;
  await admin.goTo('Tenants');
  await admin.button('Change default').click();
  await admin.field('Domains').fill('one.example');
  await admin.button('Save').click();
  await admin.button('Add tenant').click();
  await admin.field('Name').fill('acme');
  await admin.field('Domains').fill('not a domain!');
  await admin.button('Save').click();
  await admin.says('Domains', /not a host name/);
  await admin.field('Domains').fill('acme.example');
  await admin.button('Save').click();
  await expect(admin.row('acme.example')).toBeVisible();
  await admin.goTo('Users');
  await admin.choose('Tenant', 'acme');
  await expect(page).not.toHaveURL(new RegExp(server.tenantId));
  await expect(page).toHaveURL(/\/users$/);

  await admin.goTo('Admins');
  await admin.button('Add admin').click();
  await admin.field('Name').fill('tom');
  await admin.field('Password').fill(PASSWORD);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Tenant$/ })
    .click();
  await page.getByRole('option', { name: 'acme' }).click();
  await admin.button('Save').click();
  await expect(admin.row('Tenant admin of acme')).toContainText('tom');
  const tom = await PortalScreen.signedIn(browser, server, 'tom');
  const entries = tom.page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await expect(entries.filter({ hasText: 'Admins' })).toHaveCount(0);
  await expect(entries.filter({ hasText: 'Tenants' })).toHaveCount(0);
  await expect(tom.page.getByText('acme', { exact: true })).toBeVisible();
  await tom.show(`t/${server.tenantId}/users`);
  await expect(tom.page.getByText('There is no user yet.')).toBeVisible();
  await tom.close();
  await admin.goTo('Audit log');
  await expect(admin.row('admin.added').filter({ hasText: 'tom' })).toContainText('127.0.0.1');
});

test('text and colours follow what one chooses', async () => {
  const { page } = admin;
  await admin.goTo('My account');
  await admin.choose('Colours', 'Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await admin.choose('Language', 'العربية');
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await page.getByRole('button', { name: /Language$/ }).click();
  await page.getByRole('option', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { name: 'Mein Konto' })).toBeVisible();
});
