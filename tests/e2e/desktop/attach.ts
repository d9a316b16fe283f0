import { readdirSync, readFileSync } from 'node:fs';
import { _electron, errors } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';

type LaunchOptions = NonNullable<Parameters<typeof _electron.launch>[0]>;

/** A start takes one to three seconds; a driver that has not attached by then never will. */
const GIVE_UP_MS = 20_000;

/**
 * Starts an app and attaches to it. Chromium 130 may leave a driver without an answer for ever when it attaches while the first
 * window is only being made: such a start is ended, said, and made once more. The app itself is not to blame and not excused:
 * the `release` packing is started without a second try.
 *
 * @param configFolder what this start alone has in its environment
 */
export async function attach(
  options: LaunchOptions,
  configFolder: string,
): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: GIVE_UP_MS });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    console.warn(`The driver did not attach within ${GIVE_UP_MS} ms; the app is started anew.`);
    endAllOf(configFolder);
    return _electron.launch({ ...options, timeout: GIVE_UP_MS });
  }
}

/** Ends every process of the start that the driver lost: it would hold the profile's lock. */
function endAllOf(configFolder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid || !environmentOf(pid).includes(configFolder)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Empty for processes of others, and for those that have ended. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
