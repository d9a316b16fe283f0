/** The main path by somebody who has no mouse: from the set-up link to a group whose members are in another order. */
import { expect, test } from '@playwright/test';
import { PASSWORD } from '../../interop/kit/admin-client.ts';
import { KeyboardUser } from '../kit/keyboard.ts';
import { screenBrowser } from '../screens/gallery-page.ts';
import { PortalScreen } from './portal-screen.ts';
import { PortalServer } from './portal-server.ts';

test.use({ launchOptions: screenBrowser, actionTimeout: 10_000 });

test('an empty server becomes a working group without a pointer', async ({ browser }) => {
  const server = await PortalServer.start();
  const admin = await PortalScreen.open(browser, server, { url: server.setupUrl });
  const { page } = admin;
  const keys = new KeyboardUser(page);
  await expect(admin.field('Name')).toBeFocused();
  await keys.watchPointers();
  await keys.type('ada');
  await keys.press('Tab');
  await keys.type(PASSWORD);
  await keys.press('Enter');
  // The page's title has the focus, so that a screen reader says where one is.
  await expect(admin.heading('Parked calls')).toBeFocused();

  await toPage(keys, 'Users');
  for (const [extension, name] of [
    ['101', 'Bob'],
    ['102', 'Alice'],
  ] as const) {
    await expect(admin.heading('Users')).toBeFocused();
    await keys.tabTo('Add user');
    await keys.press('Enter');
    await expect(admin.heading('Add a user')).toBeFocused();
    await keys.press('Tab');
    await keys.type(extension);
    await keys.press('Tab');
    await keys.type(name);
    await keys.press('Tab');
    await keys.type('a password');
    await keys.press('Enter');
    await expect(admin.row(name)).toBeVisible();
  }

  await toPage(keys, 'Call Park');
  await expect(admin.heading('Call Park groups')).toBeFocused();
  await keys.tabTo('Add group');
  await keys.press('Enter');
  await expect(admin.heading('Add a Call Park group')).toBeFocused();
  await keys.tabTo('Settings');
  await keys.press('Tab');
  await keys.type('Sales');
  await page.keyboard.press('Shift+Tab');
  await keys.press('ArrowRight', 'Tab', 'Enter');
  const available = page.getByRole('dialog', { name: 'Available' });
  await expect(available.getByRole('option')).toHaveCount(2);
  await keys.tabTo(/^Bob/);
  await keys.press('Space', 'ArrowDown', 'Space');
  await expect(available.getByText('2 picked.')).toBeVisible();
  await keys.tabTo('OK');
  await keys.press('Enter');
  await expect.poll(() => admin.members()).toEqual(['101', '102']);
  // Rows by the arrow keys, the buttons of a row by Tab.
  await keys.tabTo('Bob, 101');
  await keys.press('ArrowDown');
  await keys.tabTo('Move Alice, 102 up');
  await keys.press('Enter');
  await expect.poll(() => admin.members()).toEqual(['102', '101']);
  // The button that was pressed is at the top now and can do no more: its neighbour has the focus.
  await expect(admin.button('Move Alice, 102 down')).toBeFocused();
  await keys.tabTo('Save');
  await keys.press('Enter');
  await expect(admin.row('Sales')).toContainText('2');
  await keys.usedNoPointer();
  await admin.close();
  await server.dispose();
});

/** By the navigation, which comes first on every page. */
async function toPage(keys: KeyboardUser, entry: string): Promise<void> {
  await keys.tabTo(entry);
  await keys.press('Enter');
}
