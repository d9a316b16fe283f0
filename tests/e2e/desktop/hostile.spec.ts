/** The worst of a hostile network in the packed app: the window stays usable, and tray, badge and titles are as honest as the list. */
import { expect, test } from '@playwright/test';
import { MOST_NOTIFICATIONS } from '../../../shared/phone/alerts.ts';
import { DesktopPhone } from '../kit/desktop-phone.ts';
import { HostileServer } from '../kit/hostile-server.ts';
import {
  cutAndBack,
  endsItsCall,
  fiveThousandAreParked,
  isUsable,
  MANY_CALLS,
  oneCallIsParked,
  onlyOneIsLeft,
  serverFallsSilent,
  talks,
  takesKeysWithFiveThousand,
  type HostileScene,
} from '../kit/hostile-steps.ts';
import { ownComplaints } from '../kit/page-watch.ts';
import { closeAllNotifications, closedNotifications, displayedCount } from './desktop.ts';
import { DesktopViews } from './desktop-views.ts';

// A trace draws thousands of cards before and after each step, which takes longer than the page itself.
test.use({ trace: 'off' });

let server: HostileServer;
let phone: DesktopPhone;
let views: DesktopViews;
let scene: HostileScene;
let nothing: string;

test.beforeAll(async () => {
  await closeAllNotifications();
  server = await HostileServer.start();
  [phone, views] = await DesktopViews.of(() =>
    DesktopPhone.signedIn(server, '101', { minimised: true }),
  );
  scene = { phone, server };
  nothing = await views.picture();
});
test.beforeEach(() => oneCallIsParked(scene));
test.afterEach(async () => {
  expect(ownComplaints(phone.complaints)).toEqual([]);
  await closeAllNotifications();
});
test.afterAll(async () => {
  views?.close();
  await phone?.close();
  await server?.close();
});

/** Closes all notifications. @returns how many the desktop was ever given, those that were withdrawn at once among them */
async function notificationsSoFar(): Promise<number> {
  await closeAllNotifications();
  await expect.poll(displayedCount).toBe(0);
  return Math.max(0, ...(await closedNotifications()).map(({ id }) => id));
}

test('five thousand parked calls are counted in every view, without a storm of notifications or windows', async () => {
  test.setTimeout(120_000);
  const notified = await notificationsSoFar();
  await fiveThousandAreParked(scene);
  const total = MANY_CALLS + 1;
  await expect.poll(() => views.badge()).toBe(total);
  await expect.poll(() => views.status()).toMatch(/Ready · 5,001 parked calls$/);
  expect(await phone.page.title()).toBe(`(${total}) Parkline · 101`);
  expect(await views.picture()).not.toBe(nothing);
  const menu = await views.menu();
  expect(menu.filter((label) => label.startsWith('Client'))).toHaveLength(10);
  await expect.poll(displayedCount).toBeGreaterThan(0);
  expect((await notificationsSoFar()) - notified).toBeLessThanOrEqual(MOST_NOTIFICATIONS);
  // The small one, for all of them; the phone itself stays in the tray.
  await expect.poll(async () => (await views.windows()).length).toBeLessThanOrEqual(1);
  expect(await phone.windowIsVisible()).toBe(false);

  await phone.showWindow();
  await takesKeysWithFiveThousand(scene);
  await onlyOneIsLeft(scene);
  await expect.poll(() => views.badge()).toBe(1);
  await expect.poll(() => views.status()).toMatch(/Ready · 1 parked call$/);
});

test('a server that stops answering everything in a call: no view claims to know what is parked', async () => {
  await phone.showWindow();
  await expect.poll(() => views.badge()).toBe(1);
  const one = await views.picture();
  await talks(scene);
  await serverFallsSilent(scene);
  await expect
    .poll(() => views.status())
    .toMatch(/(?:Signing in…|Not connected.*) · parked calls unknown$/);
  expect(await views.badge()).toBe(0);
  expect([nothing, one], 'unknown is a picture of its own').not.toContain(await views.picture());
  expect(await phone.page.title()).toBe('Parkline · 101');
  expect((await views.menu()).join('\n')).not.toMatch(/Client|Retrieve/);
  await endsItsCall(scene);
  await isUsable(phone, 'while nobody answers');

  server.repent();
  await cutAndBack(scene);
  await expect.poll(() => views.status()).toMatch(/Ready · 1 parked call$/);
  expect(await views.picture()).toBe(one);
});
