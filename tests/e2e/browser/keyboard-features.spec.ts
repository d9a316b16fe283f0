/** Every view and what can be done there, by somebody who has no mouse. */
import { expect, test } from '@playwright/test';
import { BrowserPhone } from '../kit/browser-phone.ts';
import { CLIENT, Outside, SECOND_CLIENT } from '../kit/client.ts';
import { expectVoices } from '../kit/hearing.ts';
import { KeyboardUser } from '../kit/keyboard.ts';
import { TestServer } from '../kit/test-server.ts';

/** A view may have many stops before the one that is wanted. */
const FAR = 150;
const VIEWS = ['Keypad', 'History', 'Contacts', 'Settings'] as const;

let server: TestServer;
let outside: Outside;
let bob: BrowserPhone;
let keys: KeyboardUser;

test.beforeAll(async () => {
  server = await TestServer.start();
  outside = await Outside.open();
  bob = await BrowserPhone.signedIn(server, '101');
  keys = new KeyboardUser(bob.page);
});
test.beforeEach(() => keys.watchPointers());
test.afterEach(async () => {
  await keys.usedNoPointer();
  await outside.hangUpAll();
});
test.afterAll(async () => {
  await bob?.close();
  await outside?.close();
  await server?.dispose();
});

/** To the row of tabs, and along it. */
async function goTo(view: (typeof VIEWS)[number]): Promise<void> {
  await keys.tabTo(/^(?:Keypad|History|Contacts|Settings)/, FAR);
  await keys.press('Home');
  for (let step = 0; step < VIEWS.indexOf(view); step += 1) await keys.press('ArrowRight');
  await expect(bob.page.getByRole('tab', { name: new RegExp(`^${view}`) })).toHaveAttribute(
    'aria-selected',
    'true',
  );
}

test('a contact is added, made a favourite and called, and the call taken out of the history', async () => {
  await goTo('Contacts');
  await keys.tabTo('Add contact', FAR);
  await keys.press('Enter');
  await expect(bob.page.getByRole('dialog')).toBeVisible();
  await keys.tabTo('Name');
  await keys.type('Anna Archer');
  await keys.tabTo('Number');
  await keys.type('102');
  await keys.press('Enter');
  await expect(bob.page.getByRole('dialog')).toHaveCount(0);

  await keys.tabTo('Anna Archer is a favourite', FAR);
  await keys.press('Space');
  const favourites = bob.page.getByRole('button', { name: 'Anna Archer is a favourite' });
  await expect(favourites.first()).toHaveAttribute('aria-pressed', 'true');
  await keys.tabTo('Call Anna Archer', FAR);
  await keys.press('Enter');
  await expect(bob.page.getByTestId('call-panel')).toContainText('Anna Archer');
  await keys.press('Alt+h');
  await bob.isIdle();

  await goTo('History');
  const rows = bob.page.locator('.history-row');
  await expect(rows).toHaveCount(1);
  await keys.tabTo(/^Remove from the history: Anna Archer/, FAR);
  await keys.press('Enter');
  await expect(rows).toHaveCount(0);
});

test('a setting is found and changed', async () => {
  await goTo('Settings');
  await keys.tabTo('Search settings', FAR);
  await keys.type('colours');
  await keys.tabTo(/Colours/);
  await keys.press('Enter');
  await expect(bob.page.getByRole('listbox')).toBeVisible();
  await keys.press('End', 'Enter');
  await expect(bob.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await keys.tabTo('Search settings', FAR);
  await keys.press('Escape');
  await keys.tabTo(/Echo cancellation/, FAR);
  await keys.press('Space');
  await expect(bob.page.getByRole('switch', { name: 'Echo cancellation' })).not.toBeChecked();
});

test('a second account is signed in beside the first, and signed out again', async () => {
  await goTo('Settings');
  await keys.tabTo('Add an account', FAR);
  await keys.press('Enter');
  await keys.tabTo('Extension', FAR);
  await keys.type('102');
  await keys.press('Tab');
  expect(await keys.focusedName()).toBe('Password');
  await keys.type(server.user('102').password);
  await keys.press('Enter');
  const accounts = bob.page.locator('.account-row');
  await expect(accounts).toHaveCount(2);
  await expect(accounts.last()).toContainText('Ready');
  await keys.tabTo(/102.* in use$/, FAR);
  await keys.press('Space');
  await expect(accounts.last()).toContainText('not in use');
});

test('two callers are joined in a conference, parted and hung up', async () => {
  const first = await outside.call(server, '101');
  await bob.rings(CLIENT);
  await keys.press('Alt+a');
  await bob.talksTo(CLIENT);
  const second = { identity: SECOND_CLIENT, voice: 'second client' } as const;
  const other = await outside.call(server, '101', second);
  await bob.rings(SECOND_CLIENT);
  await keys.press('Alt+a');
  await bob.talksTo(SECOND_CLIENT);
  await keys.press('Alt+j');
  await expectVoices(first.ear, { heard: ['101', 'second client'], unheard: ['client'] });
  await expectVoices(other.ear, { heard: ['101', 'client'], unheard: ['second client'] });
  await keys.tabTo('Talk to Ms Second alone', FAR);
  await keys.press('Enter');
  await expect(bob.page.locator('article.strip')).not.toHaveAttribute('data-company', 'conference');
  await keys.press('Alt+h');
  await other.hasEnded();
});

test('the focus stays with the calls, and goes on to the open view with the last of them', async () => {
  await outside.call(server, '101');
  await bob.rings(CLIENT);
  await keys.tabTo('Answer', FAR);
  await keys.press('Enter');
  await bob.talksTo(CLIENT);
  await expect.poll(() => keys.focusedName()).toBe('Call with Client');
  await keys.tabTo('Hold', FAR);
  await keys.press('Space');
  await expect(bob.call).toHaveAttribute('data-state', 'held');
  await expect.poll(() => keys.focusedName()).toBe('Hold');
  await keys.tabTo('Hang up', FAR);
  await keys.press('Enter');
  await bob.isIdle();
  await expect.poll(() => keys.focusedName()).toMatch(/^(?:Keypad|History|Contacts|Settings)/);
});

test('who calls is read out in front of an open dialog as well', async () => {
  await bob.collectAnnouncements();
  await keys.press('Shift+?');
  await expect(bob.page.getByRole('dialog')).toBeVisible();
  await outside.call(server, '101');
  await expect.poll(() => bob.announcements()).toEqual(['Incoming call from Client']);
  const hidden = bob.page.locator('[inert], [aria-hidden="true"]');
  await expect(hidden.getByTestId('announcer')).toHaveCount(0);
  await keys.press('Escape');
  await outside.hangUpAll();
  await bob.isIdle();
});

test('what was typed is still there after a look at another view', async () => {
  await goTo('Keypad');
  await keys.press('Alt+d');
  await keys.type('0301234');
  await goTo('History');
  await keys.press('Home');
  await expect(bob.dialField).toHaveValue('0301234');
  await keys.press('Alt+d', 'Escape');
  await expect(bob.dialField).toHaveValue('');
});

test('saving a forwarding leaves the focus where it is', async () => {
  await goTo('Settings');
  await keys.tabTo('When I am busy to', FAR);
  await keys.type('102');
  await keys.tabTo('Save forwarding');
  await keys.press('Enter');
  await expect(bob.page.locator('.notice[data-kind="forwarding-saved"]')).toBeVisible();
  expect(await keys.focusedName()).toBe('Save forwarding');
});

test('the page is not left in the middle of a call without a question', async () => {
  await outside.call(server, '101');
  await bob.rings(CLIENT);
  await keys.press('Alt+a');
  await bob.talksTo(CLIENT);
  const asked = new Promise<string>((resolve) =>
    bob.page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    }),
  );
  await bob.page.close({ runBeforeUnload: true });
  expect(await asked).toBe('beforeunload');
  await bob.isTalking();
  await keys.press('Alt+h');
  await bob.isIdle();
});
