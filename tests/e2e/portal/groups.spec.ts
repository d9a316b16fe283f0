/** What is refused is refused in its field, and nobody's work is overwritten or lost unseen. */
import { expect, test } from '@playwright/test';
import {
  availableMembersSchema,
  parkGroupSchema,
} from '../../../shared/config/admin/park-groups.ts';
import { ringGroupSchema } from '../../../shared/config/admin/ring-groups.ts';
import { PASSWORD, type AdminClient } from '../../interop/kit/admin-client.ts';
import { screenBrowser } from '../screens/gallery-page.ts';
import { PortalScreen } from './portal-screen.ts';
import { PortalServer } from './portal-server.ts';

test.use({ launchOptions: screenBrowser, actionTimeout: 10_000 });

let server: PortalServer;
let ben: AdminClient;
let ada: PortalScreen;
let base: string;

test.beforeAll(async ({ browser }) => {
  server = await PortalServer.start();
  const first = await server.setUp('ada');
  await first.ask('POST', '/admins', { name: 'ben', password: PASSWORD, role: 'system' });
  ben = await server.admin('ben');
  base = `/tenants/${server.tenantId}`;
  for (const [extension, displayName] of [
    ['101', 'Bob'],
    ['102', 'Alice'],
    ['103', 'Carol'],
    ['104', 'Dave'],
  ]) {
    await ben.ask('POST', `${base}/users`, { extension, displayName, password: 'x1' });
  }
  ada = await PortalScreen.signedIn(browser, server, 'ada');
});
test.afterAll(async () => {
  await ada?.close();
  await server?.dispose();
});

const addGroup = (body: object) =>
  ben.get(`${base}/park-groups`, parkGroupSchema, { method: 'POST', body });
const addRing = (name: string, members: readonly string[] = ['104']) =>
  ben.get(`${base}/ring-groups`, ringGroupSchema, { method: 'POST', body: { name, members } });

async function openGroup(id: string): Promise<void> {
  await ada.show(`t/${server.tenantId}/park-groups/${id}`);
  await expect(ada.field('Group name')).toBeVisible();
}

test('every refusal of a Call Park group stands in its field', async () => {
  const { page } = ada;
  await addGroup({ name: 'Sales', members: ['101'] });
  await ada.show(`t/${server.tenantId}/park-groups/new`);
  // Without a ring group only the parker can be chosen.
  await page.getByRole('button', { name: /Recall destination$/ }).click();
  await expect(page.getByRole('option')).toHaveText(['Alert parking user only']);
  await page.keyboard.press('Escape');
  const refusals: readonly [name: string, words: RegExp][] = [
    ['', /A name is needed/],
    ['x'.repeat(65), /longer than 64 characters/],
    ['a\u202eb', /cannot be shown/],
    ['SALES', /taken already/],
  ];
  for (const [name, words] of refusals) {
    await ada.field('Group name').fill(name);
    await ada.button('Save').click();
    await ada.says('Group name', words);
    await expect(ada.field('Group name')).toBeFocused();
  }
  await ada.field('Group name').fill('Service');
  for (const wrong of ['59', '901', '5 min', '']) {
    await ada.field('Recall timer (s)').fill(wrong);
    await ada.button('Save').click();
    await ada.says('Recall timer (s)', /from 60 to 900/);
  }
  await ada.field('Recall timer (s)').fill('300');
  await page.getByRole('tab', { name: 'Group members' }).click();
  await page.getByRole('button', { name: 'Add members' }).click();
  // Who is in another group is not offered.
  await expect(page.getByRole('option')).toHaveText([/Alice/, /Carol/, /Dave/]);
  await page.keyboard.press('Escape');
  await ada.button('Cancel').click();
  await ada.button('Leave without saving').click();
});

test('a member who was taken meanwhile, or deleted, is named at the members', async () => {
  const { page } = ada;
  await ada.show(`t/${server.tenantId}/park-groups/new`);
  await ada.field('Group name').fill('Service');
  await page.getByRole('tab', { name: 'Group members' }).click();
  await ada.pickMembers('Alice');
  const marketing = await addGroup({ name: 'Marketing', members: ['102'] });
  await ada.button('Save').click();
  await expect(page.getByRole('alert')).toContainText('102 is in the group “Marketing” already');
  await ada.button('Remove Alice, 102').click();
  await ben.ask('DELETE', `${base}/park-groups/${marketing.id}`);
  await ben.ask('POST', `${base}/users`, { extension: '109', displayName: 'Short', password: 'x' });
  await ada.pickMembers('Short');
  await ben.ask('DELETE', `${base}/users/109`);
  await ada.button('Save').click();
  await expect(page.getByRole('alert')).toContainText('There is no extension 109 any more');
  await ada.button('Remove Short, 109').click();
  await ada.button('Save').click();
  await expect(ada.row('Service')).toBeVisible();
});

test('a ring group that was deleted meanwhile is refused in its field; one in use is warned of', async () => {
  const { page } = ada;
  const [gone, kept] = [await addRing('Gone'), await addRing('Kept')];
  await ada.show(`t/${server.tenantId}/park-groups/new`);
  await ada.field('Group name').fill('Front desk');
  await ada.choose('Recall destination', 'Alert Ring Group only');
  await ada.button('Save').click();
  await expect(page.getByText('Choose a ring group.')).toBeVisible();
  await ada.choose('Ring group', 'Gone');
  await ben.ask('DELETE', `${base}/ring-groups/${gone.id}`);
  await ada.button('Save').click();
  await expect(page.getByText('That ring group does not exist any more.')).toBeVisible();
  await ada.choose('Ring group', 'Kept');
  await ada.button('Save').click();
  const row = ada.row('Front desk');
  await expect(row).toContainText('to Kept');
  await ben.ask('PATCH', `${base}/ring-groups/${kept.id}`, { members: [], version: 1 });
  await expect(row).toContainText('has no members: until it has');
  await ben.ask('DELETE', `${base}/ring-groups/${kept.id}`);
  await expect(row).toContainText('The ring group was deleted');
});

test('who saves second is told who was first, sees both versions and chooses', async () => {
  const { page } = ada;
  const { id } = await addGroup({ name: 'Support', members: ['103'] });
  const path = `${base}/park-groups/${id}`;
  await openGroup(id);
  await ada.field('Group name').fill('Ada’s support');
  await ada.field('Recall timer (s)').fill('120');
  await ben.ask('PATCH', path, { name: 'Ben’s support', members: ['103', '104'], version: 1 });
  // Told before saving, and nothing that was typed is gone.
  await expect(page.getByText(/^ben saved another version on/)).toBeVisible();
  await expect(ada.field('Group name')).toHaveValue('Ada’s support');
  await ada.button('Save').click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed this meanwhile' });
  const field = (name: string) => dialog.getByRole('radiogroup', { name });
  await expect(field('Group name')).toContainText('Ben’s support');
  await expect(field('Group name')).toContainText('Ada’s support');
  // One of them alone changed these.
  await expect(field('Recall timer (s)').getByRole('radio', { name: 'Yours' })).toBeChecked();
  await expect(field('Group members').getByRole('radio', { name: 'Theirs' })).toBeChecked();
  const save = dialog.getByRole('button', { name: 'Save what I chose' });
  await expect(save).toBeDisabled();
  await field('Group name').getByText('Yours').click();
  await save.click();
  await expect(ada.row('Ada’s support')).toBeVisible();
  const saved = await ben.get(path, parkGroupSchema);
  expect(saved).toMatchObject({ name: 'Ada’s support', recall: { timerMs: 120_000 }, version: 3 });
  expect(saved.members.map(({ extension }) => extension)).toEqual(['103', '104']);
});

test('a save that crosses another one is refused by the server and compared all the same', async () => {
  const { page } = ada;
  const { id } = await addGroup({ name: 'Crossing', members: [] });
  const path = `${base}/park-groups/${id}`;
  await openGroup(id);
  // Nothing is heard of the other admin before the server refuses.
  await page.route('**/events', (route) => route.abort());
  await page.reload();
  await ada.field('Group name').fill('Mine');
  await ben.ask('PATCH', path, { name: 'Theirs', version: 1 });
  await ada.button('Save').click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed this meanwhile' });
  await expect(dialog).toContainText('ben saved it on');
  expect(await ben.get(path, parkGroupSchema)).toMatchObject({ name: 'Theirs', version: 2 });
  await dialog.getByRole('button', { name: 'Discard mine, take theirs' }).click();
  await expect(ada.field('Group name')).toHaveValue('Theirs');
  await page.unroute('**/events');
});

test('a form that nobody has touched follows what is saved', async () => {
  const { id } = await addGroup({ name: 'Followed', members: [] });
  await openGroup(id);
  await ben.ask('PATCH', `${base}/park-groups/${id}`, { name: 'Renamed', version: 1 });
  await expect(ada.field('Group name')).toHaveValue('Renamed');
});

test('nobody leaves unsaved work behind unawares', async () => {
  const { page } = ada;
  await ada.goTo('Call Park');
  await page.getByRole('link', { name: 'Sales' }).click();
  await ada.field('Group name').fill('Sales and more');
  const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  for (const leave of [
    () => ada.goTo('Users'),
    () => page.goBack(),
    () => ada.button('Cancel').click(),
    () => ada.button('Sign out').click(),
  ]) {
    await leave();
    await question.getByRole('button', { name: 'Stay' }).click();
    await expect(question).toBeHidden();
    await expect(ada.field('Group name')).toHaveValue('Sales and more');
  }
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await ada.goTo('Users');
  await question.getByRole('button', { name: 'Leave without saving' }).click();
  await expect(ada.heading('Users')).toBeVisible();
  const available = await ben.get(`${base}/park-groups/available-members`, availableMembersSchema);
  expect(available.members.map(({ extension }) => extension)).not.toContain('101');
});

test('a session that ends meanwhile costs nothing that was typed', async () => {
  const { page } = ada;
  await ada.show(`t/${server.tenantId}/park-groups/new`);
  await ada.field('Group name').fill('Kept over the night');
  await ada.context.clearCookies();
  await ada.button('Save').click();
  const again = page.getByRole('dialog', { name: 'Sign in again' });
  await again.getByLabel('Password').fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again).toBeHidden();
  await expect(ada.field('Group name')).toHaveValue('Kept over the night');
  await ada.button('Save').click();
  await expect(ada.row('Kept over the night')).toBeVisible();
});
