import { execFile } from 'node:child_process';

const ASK_LIMIT_MS = 1500;

/**
 * Whether this desktop shows tray icons. macOS and Windows always do; on Linux somebody must own the name that
 * StatusNotifierItem registers with, and Electron does not tell, so the bus is asked. When it cannot be asked the answer is no: a
 * window that minimises can always be found again, one that hides into nothing cannot.
 */
export async function hasTray(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return true;
  const answer = await askBus([
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.kde.StatusNotifierWatcher',
  ]);
  return /boolean true/.test(answer);
}

function askBus(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('dbus-send', [...args], { timeout: ASK_LIMIT_MS }, (error, stdout) => {
      resolve(error === null ? stdout : '');
    });
  });
}
