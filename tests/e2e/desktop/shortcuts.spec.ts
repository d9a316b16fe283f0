import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { ShortcutStates } from '../../../shared/bridge/shortcut.ts';
import { eventsOf } from './bridge-page.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { pressKeys } from './desktop.ts';
import { launchPhone } from './phone-app.ts';

const bind = (page: Page, accelerator: string): Promise<ShortcutStates> =>
  page.evaluate((keys) => (window as unknown as BridgeWindow).parkline.setShortcuts(keys), {
    answer: null,
    'hang-up': null,
    'toggle-mute': null,
    'retrieve-oldest': accelerator,
  });

test('a global key retrieves the oldest call while the window is hidden', async () => {
  const phone = await launchPhone();
  const events = await eventsOf(phone.page);
  const states = await bind(phone.page, 'CommandOrControl+Alt+R');
  expect(states['retrieve-oldest']).toEqual({ kind: 'registered' });
  await phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await pressKeys('ctrl+alt+r');
  await expect.poll(events).toEqual([{ kind: 'retrieve-oldest', source: 'shortcut' }]);
  await phone.close();
});

test('press-to-test says that the key arrives, and does nothing else', async () => {
  const phone = await launchPhone();
  const events = await eventsOf(phone.page);
  await bind(phone.page, 'CommandOrControl+Alt+T');
  await phone.page.evaluate(() => (window as unknown as BridgeWindow).parkline.testShortcuts(true));
  await pressKeys('ctrl+alt+t');
  await expect.poll(events).toEqual([{ kind: 'shortcut-pressed', action: 'retrieve-oldest' }]);
  await phone.close();
});

test('a key that another phone holds is told as taken, one that is no key as invalid', async () => {
  const first = await launchPhone({ profile: '101' });
  const second = await launchPhone({ profile: '102' });
  await bind(first.page, 'CommandOrControl+Alt+K');
  expect((await bind(second.page, 'CommandOrControl+Alt+K'))['retrieve-oldest']).toEqual({
    kind: 'taken',
  });
  expect((await bind(second.page, 'Not+A+Key'))['retrieve-oldest']).toEqual({ kind: 'invalid' });
  await first.close();
  await second.close();
});

test('a secondary profile takes no keys', async () => {
  const phone = await launchPhone({ args: ['--secondary'] });
  expect((await bind(phone.page, 'CommandOrControl+Alt+S'))['retrieve-oldest']).toEqual({
    kind: 'off',
  });
  await phone.close();
});
