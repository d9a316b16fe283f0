/** A phone's day: started in the background, closed, put to sleep, locked, without a tray. */
import { expect, test } from '@playwright/test';
import { eventsOf, publish } from './bridge-page.ts';
import {
  closeAllNotifications,
  closedNotifications,
  desktopCommand,
  displayedCount,
} from './desktop.ts';
import { launchPhone } from './phone-app.ts';
import type { DrivenPhone } from './phone-app.ts';
import { snapshotWith } from './snapshots.ts';

const windowState = (
  phone: DrivenPhone,
): Promise<{ visible: boolean | undefined; minimised: boolean | undefined }> =>
  phone.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return { visible: window?.isVisible(), minimised: window?.isMinimized() };
  });

const closeWindow = (phone: DrivenPhone): Promise<void> =>
  phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

test('started minimised it stays in the tray, with its page at work', async () => {
  const phone = await launchPhone({ args: ['--minimised'] });
  await expect(phone.page).toHaveURL('app://parkline/index.html');
  await phone.page.waitForTimeout(500);
  expect(await windowState(phone)).toMatchObject({ visible: false });
  expect(await desktopCommand('wmctrl', '-l'), 'no window is on the screen').not.toContain(
    'Parkline',
  );
  await phone.close();
});

test('the first time closing hides it, it says so, and never again', async () => {
  await closeAllNotifications();
  const phone = await launchPhone();
  await publish(phone.page, snapshotWith([]));
  await closeWindow(phone);
  await expect.poll(displayedCount).toBe(1);
  await closeAllNotifications();
  expect((await closedNotifications())[0]?.body).toBe('Parkline goes on in the tray');
  await phone.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await closeWindow(phone);
  await phone.page.waitForTimeout(500);
  expect(await displayedCount()).toBe(0);
  await phone.close();
});

test('without a tray closing minimises, so that nobody loses the phone', async () => {
  const phone = await launchPhone({ env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' } });
  // The window manager minimises what it has put on the screen.
  await expect.poll(() => desktopCommand('wmctrl', '-l')).toContain('Parkline');
  await closeWindow(phone);
  await expect.poll(() => windowState(phone)).toMatchObject({ minimised: true });
  await phone.close();
});

test('sleep and a locked screen are told to the page', async () => {
  const phone = await launchPhone();
  const events = await eventsOf(phone.page);
  await phone.app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('resume');
    powerMonitor.emit('lock-screen');
    powerMonitor.emit('unlock-screen');
  });
  await expect
    .poll(events)
    .toEqual([
      { kind: 'resumed' },
      { kind: 'screen-locked', locked: true },
      { kind: 'screen-locked', locked: false },
    ]);
  await phone.close();
});

test('the window opens where it was left', async () => {
  const first = await launchPhone();
  const place = { x: 200, y: 120, width: 500, height: 640 };
  await first.app.evaluate(({ BrowserWindow }, bounds) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setBounds(bounds);
    window?.emit('resized');
  }, place);
  await first.page.waitForTimeout(300);
  await first.close();
  const second = await launchPhone({ configFolder: first.configFolder });
  const bounds = await second.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(bounds).toMatchObject({ width: 500, height: 640 });
  await second.close();
});
