/** One user, two accounts on two servers, signed in at the same time: one list, one talker, each press to its own server. */
import { expect, test, type Locator } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import { expectHears, expectTalk } from '../kit/hearing.ts';
import { openPageSite, type PageSite } from '../kit/page-site.ts';
import { TestServer } from '../kit/test-server.ts';

let office: TestServer;
let home: TestServer;
let outside: Outside;
let site: PageSite;
let phone: BrowserPhone;

const originsOf = ({ address }: TestServer) => [`http://${address}`, `ws://${address}`];

test.beforeAll(async () => {
  office = await TestServer.start();
  home = await TestServer.start();
  outside = await Outside.open();
  site = await openPageSite([...originsOf(office), ...originsOf(home)]);
  phone = await BrowserPhone.open(site.url, { voice: '101', name: 'the phone' });
});
test.afterAll(async () => {
  await phone?.close();
  await site?.close();
  await outside?.close();
  await home?.dispose();
  await office?.dispose();
});

const tab = (name: string) => phone.page.getByRole('tab', { name });
const row = (account: string): Locator =>
  phone.page.locator(`li.account-row[data-account="${account}"]`);
const line = (account: string): Locator =>
  phone.page.locator(`.header-line[data-account="${account}"]`);
const OFFICE = '101@127.0.0.1';
const HOME = '102@127.0.0.1';

async function rename(account: string, name: string): Promise<void> {
  await row(account).getByRole('button', { name: /^Edit/ }).click();
  const sheet = phone.page.getByRole('dialog');
  await sheet.getByLabel('Name on calls and cards').fill(name);
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect(row(account).locator('.account-name')).toHaveText(name);
}

test('a second account is signed in beside the first, and both are told apart', async () => {
  const first = office.user('101');
  await phone.typeSignIn({ server: office.address, ...first });
  await phone.ready();
  await expect(phone.page.locator('.account-mark')).toHaveCount(0);

  await tab('Settings').click();
  await phone.page.getByRole('button', { name: 'Add an account', exact: true }).click();
  const second = home.user('102');
  // A slip of the pen is said in the form, and the first account does not notice.
  await phone.typeSignIn({ server: home.address, ...second, password: 'wrong' });
  await expect(phone.page.locator('.account-add')).toContainText('password');
  await phone.page.getByLabel('Password', { exact: true }).fill(second.password);
  await phone.page.getByRole('button', { name: 'Test and sign in', exact: true }).click();
  await expect(line(HOME)).toHaveAttribute('data-line', 'registered');
  await expect(line(OFFICE)).toHaveAttribute('data-line', 'registered');

  await rename(OFFICE, 'Office');
  await rename(HOME, 'Home');
  await expect(line(HOME)).toContainText('Home');
  await phone.knowsItsList();
});

test('a call to each is parked at each: one list, one press each, and one talker', async () => {
  const atOffice = await outside.call(office, '101');
  await phone.answer();
  await expect(phone.call).toContainText('Office');
  await phone.park();
  await expect(phone.card(CLIENT)).toContainText('Office');
  const atHome = await outside.call(home, '102', {
    identity: SECOND_CLIENT,
    voice: 'second client',
  });
  await phone.answer();
  await phone.park();
  await expect(phone.card(SECOND_CLIENT)).toContainText('Home');
  expect([office.parkedCalls.length, home.parkedCalls.length]).toEqual([1, 1]);
  await expect(phone.waitingCards).toHaveCount(2);
  await expect(phone.page).toHaveTitle(/2/);

  await phone
    .card(CLIENT)
    .getByRole('button', { name: /^Retrieve/ })
    .click();
  await phone.talksTo(CLIENT);
  await expectTalk(phone, atOffice);
  // Alt+2 is the card at home: taking it holds the talker at the office.
  await phone.page.keyboard.press('Alt+2');
  await phone.talksTo(SECOND_CLIENT);
  await expectTalk(phone, atHome);
  await expectHears(atOffice.ear, 'music');
  await expect(phone.page.locator('article.strip')).toContainText('Office');
  // No PBX can connect a call with another one's.
  await expect(phone.call.getByRole('button', { name: /Connect|Talk all/ })).toHaveCount(0);

  await phone.page.getByRole('button', { name: 'Swap to Client' }).click();
  await expectTalk(phone, atOffice);
  await outside.hangUpAll();
  await phone.isIdle();
});

test('calls go out from the chosen account, and it stays chosen', async () => {
  await tab('Keypad').click();
  const choice = phone.page.getByRole('button', { name: /Call from/ });
  await choice.click();
  await phone.page.getByRole('option', { name: 'Home' }).click();
  await phone.dial('*88');
  await expect(phone.page.locator('article.active')).toContainText('Home');
  await phone.isIdle();
  await expect(phone.page.locator('[data-testid="line-state"]')).toHaveAttribute(
    'data-account',
    HOME,
  );
});

test('a server that goes greys its own part of the list and no more', async () => {
  await outside.call(office, '101');
  await phone.answer();
  await phone.park();
  await outside.call(home, '102', { identity: SECOND_CLIENT });
  await phone.answer();
  await phone.park();
  await expect(phone.waitingCards).toHaveCount(2);

  await home.stop();
  await expect(phone.card(SECOND_CLIENT)).toHaveAttribute('data-frozen', 'true');
  await expect(phone.parkList).toContainText(/Home: last synced \d\d:\d\d:\d\d/);
  await expect(phone.card(CLIENT)).toHaveAttribute('data-frozen', 'false');
  await phone
    .card(CLIENT)
    .getByRole('button', { name: /^Retrieve/ })
    .click();
  await phone.talksTo(CLIENT);
  await phone.hangUp();
  // What is parked at home is not known: the list does not call itself empty.
  await expect(phone.parkList).toHaveAttribute('data-mood', 'unknown');
});

test('signing one account out leaves the other, without marks', async () => {
  await tab('Settings').click();
  await row(HOME)
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await expect(line(HOME)).toHaveCount(0);
  await expect(phone.parkList).toHaveAttribute('data-mood', 'empty');
  await expect(phone.page.getByTestId('line-state')).toHaveAttribute('data-line', 'registered');
  await expect(phone.page.locator('.account-mark')).toHaveCount(0);
  expect(phone.complaints.filter((each) => !/WebSocket|ERR_|Failed to load/.test(each))).toEqual(
    [],
  );
});
