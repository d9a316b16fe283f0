import { expect, test } from '@playwright/test';
import { eventsOf, publish } from './bridge-page.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';
import { clientParked, snapshotWith } from './snapshots.ts';
import { TrayReader } from './tray-reader.ts';

let phone: DrivenPhone;
let tray: TrayReader;
let item: string;

test.beforeEach(async () => {
  tray = new TrayReader();
  const before = await tray.items();
  phone = await launchPhone({ profile: '102' });
  await publish(phone.page, snapshotWith([]));
  await expect.poll(async () => (await tray.items()).length).toBe(before.length + 1);
  item = (await tray.items()).find((candidate) => !before.includes(candidate)) ?? '';
});

test.afterEach(async () => {
  tray.close();
  await phone.close();
});

test('the tray counts parked calls with its picture and its tool tip', async () => {
  const empty = await tray.icon(item);
  await publish(phone.page, snapshotWith([clientParked]));
  await expect.poll(() => tray.icon(item)).not.toBe(empty);
  expect(await tray.toolTip(item)).toBe('Parkline · 102 · 1 parked');
  await publish(phone.page, snapshotWith([]));
  await expect.poll(() => tray.icon(item)).toBe(empty);
});

test('a list that is not known looks neither empty nor counted', async () => {
  const empty = await tray.icon(item);
  await publish(phone.page, snapshotWith([clientParked], { parkList: 'unknown' }));
  await expect.poll(() => tray.icon(item)).not.toBe(empty);
  const labels = (await tray.menu(item)).map((line) => line.label);
  expect(labels.some((label) => label.includes('Client'))).toBe(false);
});

test('one press on a parked call in the tray retrieves that call', async () => {
  const events = await eventsOf(phone.page);
  await publish(phone.page, snapshotWith([clientParked]));
  const label = 'Client 003386002678 · 102';
  await expect.poll(async () => (await tray.menu(item)).map((line) => line.label)).toContain(label);
  await tray.press(item, label);
  await expect
    .poll(events)
    .toEqual([{ kind: 'retrieve', parkId: clientParked.parkId, source: 'tray' }]);
});

test('closing the window hides it to the tray, and the tray brings it back', async () => {
  const visible = (): Promise<boolean | undefined> =>
    phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(visible).toBe(false);
  await tray.press(item, 'Show Parkline');
  await expect.poll(visible).toBe(true);
  // And so does the page, when it asks something.
  await phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(visible).toBe(false);
  await phone.page.evaluate(() => (window as unknown as BridgeWindow).parkline.showWindow());
  await expect.poll(visible).toBe(true);
});
