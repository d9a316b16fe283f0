import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { desktopEntry } from './desktop-entry.ts';

export interface LoginItem {
  readonly startAtLogin: boolean;
  readonly startMinimised: boolean;
}

/** Starting with the desktop, behind one port: each system has a way of its own. */
export interface LoginItemStore {
  readonly supported: boolean;
  read(): LoginItem;
  write(item: LoginItem): void;
}

/** The part of Electron's `app` that is used on macOS and Windows. */
export interface LoginItemApp {
  getLoginItemSettings(options: { args: string[] }): { openAtLogin: boolean };
  setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void;
}

const MINIMISED = '--minimised';

export function nativeLoginItem(app: LoginItemApp): LoginItemStore {
  return {
    supported: true,
    read: () => {
      const minimised = app.getLoginItemSettings({ args: [MINIMISED] }).openAtLogin;
      const plain = app.getLoginItemSettings({ args: [] }).openAtLogin;
      return { startAtLogin: minimised || plain, startMinimised: minimised };
    },
    write: (item) => {
      const args = item.startMinimised ? [MINIMISED] : [];
      app.setLoginItemSettings({ openAtLogin: item.startAtLogin, args });
    },
  };
}

export interface AutostartOptions {
  /** `$XDG_CONFIG_HOME/autostart` (freedesktop.org Desktop Application Autostart Specification). */
  readonly folder: string;
  readonly executable: string;
  /** Arguments that choose the profile. */
  readonly args: readonly string[];
  /** One entry per profile. */
  readonly name: string;
}

export function autostartLoginItem(options: AutostartOptions): LoginItemStore {
  const file = join(options.folder, `${options.name}.desktop`);
  return {
    supported: true,
    read: () => {
      const text = readOrEmpty(file);
      return { startAtLogin: text !== '', startMinimised: text.includes(MINIMISED) };
    },
    write: (item) => {
      if (!item.startAtLogin) {
        rmSync(file, { force: true });
        return;
      }
      mkdirSync(options.folder, { recursive: true });
      const args = [...options.args, ...(item.startMinimised ? [MINIMISED] : [])];
      writeFileSync(file, desktopEntry([options.executable, ...args]));
    },
  };
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
