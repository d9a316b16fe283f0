/** A call in the packed app: a key of one's own works in it, and at the end the desktop session logs out. */
import { expect, test } from '@playwright/test';
import { Outside } from '../kit/client.ts';
import type { ClientCall } from '../kit/client.ts';
import { DesktopPhone } from '../kit/desktop-phone.ts';
import { TestServer } from '../kit/test-server.ts';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
let outside: Outside;
let phone: DesktopPhone;
let call: ClientCall;
let loggedOut = false;

test.beforeAll(async () => {
  server = await TestServer.start();
  outside = await Outside.open();
  phone = await DesktopPhone.signedIn(server, '102');
});
test.afterAll(async () => {
  if (!loggedOut) await phone?.close();
  await outside?.close();
  await server?.dispose();
});

test('a key that was given to something else does just that, and the old one nothing', async () => {
  const { page } = phone;
  await page.getByRole('tab', { name: 'Settings' }).click();
  const keys = page.getByRole('region', { name: 'Keys of this window' });
  await keys.getByRole('button', { name: 'Mute or unmute: Alt+M' }).click();
  await page.keyboard.press('Alt+u');
  await expect(keys.getByRole('button', { name: 'Mute or unmute: Alt+U' })).toBeVisible();
  call = await outside.call(server, '102');
  await phone.answer();
  const mute = phone.call.getByRole('button', { name: 'Mute', exact: true });
  await page.keyboard.press('Alt+m');
  await expect(mute).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('Alt+u');
  await expect(mute).toHaveAttribute('aria-pressed', 'true');
});

test('logging out during a call asks, hangs up with BYE and signs out', async () => {
  const { page, main } = phone;
  const process = main.process();
  const waited = await main.evaluate(({ powerMonitor }) => {
    const shutdown = { waits: false, preventDefault: () => void (shutdown.waits = true) };
    powerMonitor.emit('shutdown', shutdown);
    return shutdown.waits;
  });
  expect(waited, 'the desktop waits for the answer').toBe(true);
  const question = page.getByRole('alertdialog', { name: 'Log out during a call?' });
  await question.getByRole('button', { name: 'Stay' }).click();
  await phone.isTalking();
  await main.evaluate(({ powerMonitor }) =>
    powerMonitor.emit('shutdown', { preventDefault: () => undefined }),
  );
  const ended = main.waitForEvent('close');
  await question.getByRole('button', { name: 'End calls and log out' }).click();
  await ended;
  loggedOut = true;
  expect(process.exitCode).toBe(0);
  // By BYE, not by the silence that follows a phone that is gone.
  await expect.poll(() => call.ended, { timeout: 5_000 }).toBe(true);
  await expect.poll(() => server.running.registrar.size).toBe(0);
});
