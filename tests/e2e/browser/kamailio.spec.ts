/** Our phone on a PBX that nobody here wrote: Debian's kamailio with SIP over WebSocket and `dialog` presence. */
import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { expectTalk } from '../kit/hearing.ts';
import { Kamailio } from '../kit/kamailio.ts';
import { openPageSite, type PageSite } from '../kit/page-site.ts';

let kamailio: Kamailio;
let site: PageSite;
let bob: BrowserPhone;
let alice: BrowserPhone;
let carol: BrowserPhone;

async function fill(phone: BrowserPhone, extension: string, password: string): Promise<void> {
  const { page } = phone;
  await page.getByLabel('Server', { exact: true }).fill(kamailio.webSocketUrl);
  await page.getByLabel('Extension', { exact: true }).fill(extension);
  await page.getByLabel('Password', { exact: true }).fill(password);
  const advanced = page.getByRole('button', { name: 'Advanced' });
  if ((await advanced.getAttribute('aria-expanded')) !== 'true') await advanced.click();
  await page.getByRole('button', { name: /Telephone system/ }).click();
  await page.getByRole('option', { name: 'Another SIP server' }).click();
  await page.getByLabel('SIP domain').fill(kamailio.domain);
}

async function signedIn(extension: '101' | '102' | '103'): Promise<BrowserPhone> {
  const phone = await BrowserPhone.open(site.url, {
    voice: extension,
    name: `${extension}'s phone`,
  });
  await fill(phone, extension, kamailio.passwordOf(extension));
  await phone.page.getByRole('button', { name: 'Test and sign in' }).click();
  await expect(phone.page.getByTestId('line-state')).toHaveAttribute('data-line', 'registered');
  return phone;
}

const step = (phone: BrowserPhone, name: string) =>
  phone.page.getByTestId('sign-in-check').locator(`[data-step="${name}"]`);

test.skip(!Kamailio.isHere() && process.env['CI'] !== 'true', 'kamailio is not installed');

test.beforeAll(async () => {
  kamailio = await Kamailio.start();
  site = await openPageSite([kamailio.webSocketUrl.replace(/\/$/, '')]);
});
test.afterAll(async () => {
  for (const phone of [bob, alice, carol]) await phone?.close();
  await site?.close();
  await kamailio?.stop();
});

test('the test of the form names the step that fails, and passes every step when nothing does', async () => {
  bob = await BrowserPhone.open(site.url, { voice: '101', name: "101's phone" });
  const run = bob.page.getByRole('button', { name: 'Test step by step' });
  await fill(bob, '101', 'wrong');
  await run.click();
  await expect(step(bob, 'registration')).toHaveAttribute('data-state', 'failed');
  await expect(step(bob, 'websocket')).toHaveAttribute('data-state', 'passed');
  await expect(bob.page.getByTestId('sign-in-check')).toContainText(
    'Signing in does not work. Extension or password is wrong.',
  );
  await bob.page.getByLabel('Password', { exact: true }).fill(kamailio.passwordOf('101'));
  await run.click();
  for (const name of ['address', 'websocket', 'registration', 'microphone'])
    await expect(step(bob, name), name).toHaveAttribute('data-state', 'passed', {
      timeout: 20_000,
    });
  await expect(step(bob, 'tls')).toHaveAttribute('data-state', 'skipped');
  // A proxy hands the call back to the phone that made it, which refuses its own INVITE (482).
  await expect(step(bob, 'audio')).toHaveAttribute('data-state', 'skipped', { timeout: 15_000 });
  await expect(step(bob, 'audio')).toContainText('lets nobody call themselves');
  await bob.close();
});

test('two of our phones sign in, call each other and hear each other', async () => {
  bob = await signedIn('101');
  alice = await signedIn('102');
  await bob.dial('102');
  await alice.answer();
  await bob.isTalking();
  await expectTalk(bob, alice);
  await bob.hangUp();
  await alice.isIdle();
});

test('what this PBX does not have is absent: no list of parked calls, no park button', async () => {
  await expect(bob.parkList).toHaveAttribute('data-mood', 'unsupported');
  await bob.dial('102');
  await alice.answer();
  await expect(bob.call.getByRole('button', { name: /Park/ })).toHaveCount(0);
  await bob.hangUp();
});

test("a colleague's lamp is free, rings, is busy and is free again", async () => {
  const { page } = bob;
  await page.getByRole('tab', { name: 'Contacts' }).click();
  await page.getByRole('button', { name: 'Got it' }).click();
  await addContact(bob, 'Alice', '102');
  const lamp = page.getByRole('tabpanel').locator('[data-lamp]').first();
  await expect(lamp).toHaveAttribute('data-lamp', 'free');
  carol = await signedIn('103');
  await carol.dial('102');
  await expect(lamp).toHaveAttribute('data-lamp', 'ringing');
  await alice.answer();
  await expect(lamp).toHaveAttribute('data-lamp', 'busy');
  await carol.hangUp();
  await expect(lamp).toHaveAttribute('data-lamp', 'free');
});

async function addContact(phone: BrowserPhone, name: string, number: string): Promise<void> {
  const { page } = phone;
  await page.getByRole('button', { name: 'Add contact' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Number', { exact: true }).fill(number);
  await page.getByRole('button', { name: 'Save' }).click();
}
