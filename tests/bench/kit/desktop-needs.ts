import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NEEDED = [
  'dbus-run-session',
  'Xvfb',
  'openbox',
  'dunst',
  'gnome-keyring-daemon',
  'pulseaudio',
];

/** Why the packed app cannot be measured here; `null` when it can. */
export function desktopUnavailable(): string | null {
  if (process.platform !== 'linux') return 'memory and CPU time are read from Linux’s /proc';
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const missing = NEEDED.filter((name) => !folders.some((each) => existsSync(join(each, name))));
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}
