/** The server dies in the middle of everything and is started again: the packed app says so, forgets what is gone, and works on. */
import { expect, test } from '@playwright/test';
import { DesktopViews } from '../desktop/desktop-views.ts';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, type CallerIdentity } from '../kit/client.ts';
import { DesktopPhone } from '../kit/desktop-phone.ts';
import { expectTalk } from '../kit/hearing.ts';
import { oneParkedOneTalks } from '../kit/one-parked-one-talks.ts';
import { ownComplaints } from '../kit/page-watch.ts';
import { RegistrationWatch } from '../kit/registration-watch.ts';
import { ServerProcess } from '../kit/server-process.ts';

const BACK_WITHIN_MS = 3_000;
const THIRD_CLIENT: CallerIdentity = { name: 'Mr Third', number: '004940765432' };

let server: ServerProcess;
let outside: Outside;
let bob: BrowserPhone;
let alice: DesktopPhone;
let views: DesktopViews;

test.beforeAll(async () => {
  server = await ServerProcess.start();
  outside = await Outside.open();
  bob = await BrowserPhone.signedIn(server, '101');
  [alice, views] = await DesktopViews.of(() => DesktopPhone.signedIn(server, '102'));
});
test.afterAll(async () => {
  views?.close();
  for (const phone of [alice, bob]) await phone?.close();
  await outside?.close();
  await server?.dispose();
});

/** Of a colleague, as it stands once one looks. */
async function lampIs(extension: string, state: string): Promise<void> {
  const row = alice.page.locator(`li[data-extension="${extension}"]`);
  await row.scrollIntoViewIfNeeded();
  await expect(row.locator('.lamp'), `${extension}'s lamp`).toHaveAttribute('data-lamp', state);
}

/** One caller is parked, one talks, and one rings. */
async function inTheMiddleOfEverything(): Promise<void> {
  await oneParkedOneTalks(alice, outside, server);
  await outside.call(server, '102', { identity: THIRD_CLIENT });
  await alice.rings(THIRD_CLIENT);
}

test('what is gone with the server is told, the list is unknown and then right, and no call of before is left over', async () => {
  await alice.page.getByRole('button', { name: 'Got it' }).click();
  await alice.page.getByRole('tab', { name: /Contacts/ }).click();
  await lampIs('101', 'free');
  const nothing = await views.picture();
  await inTheMiddleOfEverything();
  await expect.poll(() => views.badge()).toBe(1);
  const one = await views.picture();

  await server.crash();
  await expect(alice.page.getByTestId('line-state')).toContainText('Not connected. Trying again');
  await expect(alice.parkList).toHaveAttribute('data-mood', 'unknown');
  await expect(alice.parkList).toContainText(/Last synced \d\d:\d\d:\d\d/);
  await expect(alice.card(CLIENT), 'what was known stands, greyed').toHaveAttribute(
    'data-state',
    'parked',
  );
  await expect(alice.card(CLIENT).getByRole('button', { name: 'Retrieve' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(alice.incoming, 'nobody can be answered').toHaveCount(0);
  await alice.isTold('Mr Third: The connection was lost');
  await lampIs('101', 'unknown');
  await expect.poll(() => views.status()).toMatch(/Not connected.*parked calls unknown$/);
  await expect.poll(() => views.badge()).toBe(0);
  expect([nothing, one], 'unknown is a picture of its own').not.toContain(await views.picture());
  expect((await views.menu()).join('\n')).not.toMatch(/Client|Retrieve|Answer/);
  expect(await alice.page.title()).toBe('Parkline · 102');

  const watch = await RegistrationWatch.on(alice.page);
  await server.startAgain();
  const upAt = Date.now();
  expect((await watch.after(0)) - upAt).toBeLessThanOrEqual(BACK_WITHIN_MS);
  await alice.ready();
  await alice.showsNothingParked();
  await alice.isTold('Ms Second: The connection was lost');
  await alice.isIdle();
  await bob.ready();
  await lampIs('101', 'free');
  await lampIs('103', 'signed-out');
  await expect.poll(() => views.status()).toMatch(/Ready · nothing parked$/);
  expect(await views.picture()).toBe(nothing);
  expect(await views.badge()).toBe(0);
});

test('afterwards calls, parking and retrieving are as they were', async () => {
  const client = await outside.call(server, '102');
  await alice.rings(CLIENT);
  await alice.answer();
  await alice.park();
  await alice.showsParked(CLIENT, { slot: '102', by: 'me' });
  await alice.retrieve(CLIENT);
  await alice.talksTo(CLIENT);
  await expectTalk(alice, client);
  await alice.hangUp();
  expect(ownComplaints(alice.complaints)).toEqual([]);
});
