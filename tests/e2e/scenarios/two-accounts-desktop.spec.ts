/** The packed app with two accounts on two servers: one tray counts for both, and a restart brings both back. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchPhone } from '../desktop/phone-app.ts';
import type { DrivenPhone } from '../desktop/phone-app.ts';
import { TrayReader } from '../desktop/tray-reader.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import { PhoneScreen } from '../kit/phone-screen.ts';
import { TestServer } from '../kit/test-server.ts';

let office: TestServer;
let home: TestServer;
let outside: Outside;
let tray: TrayReader;
let item: string;
let app: DrivenPhone;
let phone: PhoneScreen;

test.beforeAll(async () => {
  office = await TestServer.start();
  home = await TestServer.start();
  outside = await Outside.open();
  tray = new TrayReader();
  const before = await tray.items();
  app = await launchPhone({ profile: 'accounts', args: ['--sign-in-file', signInFile()] });
  phone = screenOf(app);
  await expect.poll(async () => (await tray.items()).length).toBe(before.length + 1);
  item = (await tray.items()).find((candidate) => !before.includes(candidate)) ?? '';
});
test.afterAll(async () => {
  tray?.close();
  await app?.close();
  await outside?.close();
  await home?.dispose();
  await office?.dispose();
});

const screenOf = ({ page }: DrivenPhone) =>
  new PhoneScreen({ page, name: 'the desktop app', voice: '101' });
const lineOf = (account: string) => phone.page.locator(`.header-line[data-account="${account}"]`);

function signInFile(): string {
  const { password } = office.user('101');
  const file = join(mkdtempSync(join(tmpdir(), 'parkline-sign-in-')), 'sign-in.json');
  writeFileSync(file, JSON.stringify({ server: office.address, extension: '101', password }), {
    mode: 0o600,
  });
  return file;
}

async function bothAreSignedIn(): Promise<void> {
  for (const account of ['101@127.0.0.1', '102@127.0.0.1'])
    await expect(lineOf(account)).toHaveAttribute('data-line', 'registered', { timeout: 15_000 });
}

/** As its menu ends it: whoever is signed in says good-bye, and what is written down is on the disk. */
async function quit(): Promise<void> {
  const closed = app.app.waitForEvent('close');
  await app.app.evaluate((electron) => electron.app.quit());
  await closed;
}

test('the page is opened to a second server and comes back with both accounts', async () => {
  await phone.ready();
  await phone.page.getByRole('tab', { name: 'Settings' }).click();
  await phone.page.getByRole('button', { name: 'Add an account' }).click();
  await phone.page.getByText(/^Keep the password in/).click();
  await phone.typeSignIn({ server: home.address, ...home.user('102') });
  await bothAreSignedIn();
  await phone.knowsItsList();
});

test('the tray counts the calls parked at both, and retrieves the oldest of all', async () => {
  const atOffice = await outside.call(office, '101');
  await phone.answer();
  await phone.park();
  await outside.call(home, '102', { identity: SECOND_CLIENT });
  await phone.answer();
  await phone.park();
  await expect.poll(() => tray.toolTip(item)).toMatch(/101.*102.*2 parked calls/);
  const labels = (await tray.menu(item)).map(({ label }) => label);
  expect(labels.some((label) => label.includes(CLIENT.name))).toBe(true);
  expect(labels.some((label) => label.includes(SECOND_CLIENT.name))).toBe(true);
  await tray.press(item, 'Retrieve oldest parked call');
  await phone.talksTo(CLIENT);
  await expect.poll(() => tray.toolTip(item)).toMatch(/1 parked call$/);
  await phone.hangUp();
  await atOffice.hasEnded();
});

test('after a restart both accounts are there, and the call that waits at one of them', async () => {
  const { configFolder } = app;
  await quit();
  app = await launchPhone({ profile: 'accounts', configFolder });
  phone = screenOf(app);
  await bothAreSignedIn();
  await expect(phone.card(SECOND_CLIENT)).toBeVisible();
  await phone
    .card(SECOND_CLIENT)
    .getByRole('button', { name: /^Retrieve/ })
    .click();
  await phone.talksTo(SECOND_CLIENT);
  await phone.hangUp();
  expect(app.complaints).toEqual([]);
});
