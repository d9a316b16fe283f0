import { join } from 'node:path';
import { app } from 'electron';
import type { DesktopProfile } from '../shared/bridge/contract.ts';
import type { StartOptions } from './command-line.ts';
import { notificationButtons } from './system/desktop-notifications.ts';
import { desktopFileLinks, nativeLinks, noLinks } from './system/link-registration.ts';
import type { LinkRegistration } from './system/link-registration.ts';
import { autostartLoginItem, nativeLoginItem } from './system/login-item.ts';
import type { LoginItemStore } from './system/login-item.ts';

/** What the page is told of where it runs. */
export function describeProfile(options: StartOptions, hasTray: boolean): DesktopProfile {
  const platform =
    process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  return {
    name: options.profile,
    appVersion: app.getVersion(),
    electronVersion: process.versions['electron'] ?? '',
    platform,
    locale: app.getLocale(),
    microphone: options.microphone,
    hasTray,
    notificationButtons: notificationButtons(),
  };
}

/** How this profile starts with the desktop. */
export function loginItemOf(options: StartOptions): LoginItemStore {
  if (process.platform !== 'linux') return nativeLoginItem(app);
  return autostartLoginItem({
    folder: join(app.getPath('appData'), 'autostart'),
    executable: ownProgram(),
    args: profileArguments(options),
    name: options.profile === 'default' ? 'parkline' : `parkline-${options.profile}`,
  });
}

/** How this profile comes to open links. */
export function linksOf(options: StartOptions): LinkRegistration {
  if (options.secondary) return noLinks;
  if (process.platform !== 'linux') {
    return nativeLinks(app, process.execPath, profileArguments(options));
  }
  const data = process.env['XDG_DATA_HOME'] ?? join(app.getPath('home'), '.local', 'share');
  return desktopFileLinks({
    applications: join(data, 'applications'),
    mimeApps: join(app.getPath('appData'), 'mimeapps.list'),
    executable: ownProgram(),
    args: profileArguments(options),
    name: options.profile === 'default' ? 'parkline-links' : `parkline-links-${options.profile}`,
  });
}

/** What starts this app again: an AppImage is somewhere else than what it unpacks. */
const ownProgram = (): string => process.env['APPIMAGE'] ?? process.execPath;

const profileArguments = ({ profile }: StartOptions): readonly string[] =>
  profile === 'default' ? [] : ['--profile', profile];
