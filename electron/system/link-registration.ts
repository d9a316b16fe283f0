import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LinkChoice } from '../../shared/bridge/contract.ts';
import { desktopEntry } from './desktop-entry.ts';
import { defaultsIn, withDefaults } from './mime-defaults.ts';

/** Links that ask for a call (RFC 3966, RFC 3261 §19.1; `callto:` is older than both). */
export const CALL_SCHEMES = ['tel', 'callto', 'sip', 'sips'] as const;
export const SIGN_IN_SCHEMES = ['parkline'] as const;

/** Being the program that the desktop opens links with, behind one port: each system has a way of its own. */
export interface LinkRegistration {
  /** `false` for a second profile of a demonstration, which takes nothing from the desktop. */
  readonly supported: boolean;
  read(): LinkChoice;
  /** @throws when the disk refuses */
  write(choice: LinkChoice): void;
}

export const noLinks: LinkRegistration = {
  supported: false,
  read: () => ({ calls: false, signIn: false }),
  write: () => undefined,
};

/** The part of Electron's `app` that is used on macOS and Windows. */
export interface ProtocolApp {
  isDefaultProtocolClient(scheme: string, path: string, args: string[]): boolean;
  setAsDefaultProtocolClient(scheme: string, path: string, args: string[]): boolean;
  removeAsDefaultProtocolClient(scheme: string, path: string, args: string[]): boolean;
}

/** On Windows this writes the user's registry; macOS asks the user, and knows the app by its bundle. */
export function nativeLinks(
  app: ProtocolApp,
  executable: string,
  args: readonly string[],
): LinkRegistration {
  const has = (schemes: readonly string[]): boolean =>
    schemes.every((scheme) => app.isDefaultProtocolClient(scheme, executable, [...args]));
  const set = (schemes: readonly string[], on: boolean): void => {
    for (const scheme of schemes) {
      if (on) app.setAsDefaultProtocolClient(scheme, executable, [...args]);
      else app.removeAsDefaultProtocolClient(scheme, executable, [...args]);
    }
  };
  return {
    supported: true,
    read: () => ({ calls: has(CALL_SCHEMES), signIn: has(SIGN_IN_SCHEMES) }),
    write: ({ calls, signIn }) => {
      set(CALL_SCHEMES, calls);
      set(SIGN_IN_SCHEMES, signIn);
    },
  };
}

export interface DesktopFileOptions {
  /** `$XDG_DATA_HOME/applications` (freedesktop.org Desktop Entry Specification). */
  readonly applications: string;
  /** `$XDG_CONFIG_HOME/mimeapps.list` (freedesktop.org Association between MIME types and applications). */
  readonly mimeApps: string;
  readonly executable: string;
  /** Arguments that choose the profile. */
  readonly args: readonly string[];
  /** Of the desktop file, without its ending: one for each profile. */
  readonly name: string;
}

/**
 * A desktop file of our own and the user's list of defaults, both written here: an AppImage is installed nowhere, and Electron's
 * own way needs a desktop file that a package put there.
 */
export function desktopFileLinks(options: DesktopFileOptions): LinkRegistration {
  const id = `${options.name}.desktop`;
  const read = (): LinkChoice => {
    const defaults = defaultsIn(readOrEmpty(options.mimeApps));
    const has = (schemes: readonly string[]): boolean =>
      schemes.every((scheme) => defaults.get(mimeOf(scheme))?.[0] === id);
    return { calls: has(CALL_SCHEMES), signIn: has(SIGN_IN_SCHEMES) };
  };
  return {
    supported: true,
    read,
    write: ({ calls, signIn }) => {
      const wanted = [...(calls ? CALL_SCHEMES : []), ...(signIn ? SIGN_IN_SCHEMES : [])].map(
        mimeOf,
      );
      const others = [...CALL_SCHEMES, ...SIGN_IN_SCHEMES]
        .map(mimeOf)
        .filter((type) => !wanted.includes(type));
      const file = join(options.applications, id);
      if (wanted.length > 0) writeWhole(file, linkEntry(options, wanted));
      const before = readOrEmpty(options.mimeApps);
      const after = withDefaults(before, { id, add: wanted, remove: others });
      if (after !== before) writeWhole(options.mimeApps, after);
      if (wanted.length === 0) rmSync(file, { force: true });
    },
  };
}

const mimeOf = (scheme: string): string => `x-scheme-handler/${scheme}`;

/** Hidden from menus: it is there for links alone. `%u` is the link. */
function linkEntry({ executable, args }: DesktopFileOptions, types: readonly string[]): string {
  return desktopEntry([executable, ...args], {
    field: '%u',
    more: ['NoDisplay=true', `MimeType=${types.join(';')};`],
  });
}

function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
