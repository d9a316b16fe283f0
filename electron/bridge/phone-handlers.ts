import { writeFile } from 'node:fs/promises';
import { dialog } from 'electron';
import type { DesktopProfile, PageRestart } from '../../shared/bridge/contract.ts';
import type { Discovery } from '../../shared/bridge/server-description.ts';
import type { PhoneSnapshot } from '../../shared/bridge/snapshot.ts';
import type { PhoneCommands } from '../control/phone-commands.ts';
import type { QuitGuard } from '../quit-guard.ts';
import { openOutside } from '../security/contents-guard.ts';
import type { ServerTrust } from '../security/server-trust.ts';
import type { AppUpdates } from '../system/app-updates.ts';
import type { KeyStore } from '../system/key-store.ts';
import type { LinkRegistration } from '../system/link-registration.ts';
import type { LoginItemStore } from '../system/login-item.ts';
import type { Notifier } from '../system/notifier.ts';
import type { ShortcutKeeper } from '../system/shortcuts.ts';
import type { RequestHandlers } from './serve-requests.ts';
import type { ServerAccess } from './server-access.ts';

/** Everything a request may reach. */
export interface PhoneRooms {
  readonly profile: DesktopProfile;
  readonly access: ServerAccess;
  readonly trust: ServerTrust;
  readonly keyStore: KeyStore;
  readonly notifier: Notifier;
  readonly quitGuard: QuitGuard;
  readonly shortcuts: ShortcutKeeper;
  readonly loginItem: LoginItemStore;
  readonly links: LinkRegistration;
  readonly commands: PhoneCommands;
  readonly updates: AppUpdates;
  /** The page hears events from now on. */
  readonly onListening: () => void;
  readonly takeRestart: () => PageRestart | null;
  readonly discover: (server: string) => Promise<Discovery>;
  /** Puts the window in front; in its page the focus stays where it is. */
  readonly showWindow: () => void;
  readonly onSnapshot: (snapshot: PhoneSnapshot) => void;
}

/** What each request of the contract does. */
export function phoneHandlers(rooms: PhoneRooms): RequestHandlers {
  return {
    profile: () => rooms.profile,
    takeRestart: () => rooms.takeRestart(),
    ...accountHandlers(rooms),
    showParked: (notification) => rooms.notifier.showParked(notification),
    withdrawParked: (parkId) => rooms.notifier.withdrawParked(parkId),
    showIncoming: (notification) => rooms.notifier.showIncoming(notification),
    withdrawIncoming: (callId) => rooms.notifier.withdrawIncoming(callId),
    publish: (snapshot) => rooms.onSnapshot(snapshot),
    showWindow: () => rooms.showWindow(),
    setBusy: (busy) => {
      rooms.quitGuard.setBusy(busy);
      rooms.access.setBusy(busy);
    },
    confirmQuit: () => rooms.quitGuard.confirm(),
    readyToQuit: () => rooms.quitGuard.finish(),
    answerCommand: ({ id, outcome }) => rooms.commands.answer(id, outcome),
    updateState: () => rooms.updates.state,
    checkForUpdate: () => rooms.updates.check(),
    fetchUpdate: () => rooms.updates.fetch(),
    installUpdate: () => rooms.updates.askToInstall(),
    setShortcuts: (bindings) => rooms.shortcuts.set(bindings),
    testShortcuts: (on) => rooms.shortcuts.test(on),
    loginItem: () => ({ ...rooms.loginItem.read(), supported: rooms.loginItem.supported }),
    setLoginItem: (item) => rooms.loginItem.write(item),
    linkChoice: () => ({ ...rooms.links.read(), supported: rooms.links.supported }),
    setLinkChoice: (choice) => rooms.links.write(choice),
    openExternal: (url) => openOutside(url),
    saveTextFile,
  };
}

function accountHandlers(rooms: PhoneRooms) {
  return {
    takeSignIn: () => {
      rooms.onListening();
      return rooms.access.takeSignIn();
    },
    discover: (server) => rooms.discover(server),
    allowServer: (request) => rooms.access.allow(request),
    keepServers: (servers) => rooms.access.keep(servers),
    refusedCertificate: (url) => rooms.trust.refusedAt(url),
    trustCertificate: (request) => rooms.trust.trust(request),
    trustedCertificates: () => rooms.trust.list,
    distrustCertificate: (server) => rooms.trust.distrust(server),
    secretStore: () => rooms.keyStore.state(),
    readPassword: (accountKey) => rooms.keyStore.read(accountKey),
    storePassword: (request) => rooms.keyStore.store(request),
    forgetPassword: (accountKey) => rooms.keyStore.forget(accountKey),
  } satisfies Partial<RequestHandlers>;
}

const saveTextFile: RequestHandlers['saveTextFile'] = async (file) => {
  const choice = await dialog.showSaveDialog({ defaultPath: file.suggestedName });
  if (choice.canceled || choice.filePath === '') return { kind: 'cancelled' };
  try {
    await writeFile(choice.filePath, file.text, { mode: 0o600 });
    return { kind: 'saved' };
  } catch {
    return { kind: 'failed' };
  }
};
