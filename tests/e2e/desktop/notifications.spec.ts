import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { eventsOf } from './bridge-page.ts';
import type { BridgeWindow } from './bridge-page.ts';
import {
  clickNewestNotification,
  closeAllNotifications,
  closedNotifications,
  displayedCount,
} from './desktop.ts';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';
import { clientParked } from './snapshots.ts';

let phone: DrivenPhone;

test.beforeEach(async () => {
  await closeAllNotifications();
  phone = await launchPhone({ profile: '102' });
});
test.afterEach(async () => {
  await phone.close();
  await closeAllNotifications();
});

const showParked = (page: Page, parkId: string, title: string): Promise<void> =>
  page.evaluate(
    (notification) => (window as unknown as BridgeWindow).parkline.showParked(notification),
    { parkId, title, body: 'Parked on 102', retrieveLabel: 'Retrieve' },
  );

test('a click on the notification retrieves that call while the window is hidden', async () => {
  const events = await eventsOf(phone.page);
  await phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await showParked(phone.page, clientParked.parkId, 'Client 003386002678');
  await expect.poll(displayedCount).toBe(1);
  await clickNewestNotification();
  await expect
    .poll(events)
    .toEqual([{ kind: 'retrieve', parkId: clientParked.parkId, source: 'notification' }]);
  await expect.poll(displayedCount).toBe(0);
  const visible = await phone.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.isVisible(),
  );
  expect(visible).toBe(false);
});

test('a notification is replaced, not stacked, and withdrawn when the call is gone', async () => {
  await showParked(phone.page, clientParked.parkId, 'Somebody');
  await expect.poll(displayedCount).toBe(1);
  await showParked(phone.page, clientParked.parkId, 'Client 003386002678');
  await expect.poll(async () => (await closedNotifications())[0]?.title).toBe('Somebody');
  expect(await displayedCount()).toBe(1);
  await phone.page.evaluate(
    (parkId) => (window as unknown as BridgeWindow).parkline.withdrawParked(parkId),
    clientParked.parkId,
  );
  await expect.poll(displayedCount).toBe(0);
  expect((await closedNotifications())[0]).toMatchObject({
    title: 'Client 003386002678',
    body: 'Parked on 102',
  });
});

test('two parked calls have a notification each', async () => {
  await showParked(phone.page, clientParked.parkId, 'Client');
  await showParked(phone.page, 'zyxwvutsrqponmlkjihgfedcba', 'Another');
  await expect.poll(displayedCount).toBe(2);
});
