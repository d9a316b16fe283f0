import { join } from 'node:path';
import { app, globalShortcut, ipcMain, net, safeStorage, session } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import type { DesktopProfile, QuitReason } from '../shared/bridge/contract.ts';
import type { PhoneSnapshot } from '../shared/bridge/snapshot.ts';
import { readSignInLink } from '../shared/phone/sign-in-link.ts';
import { DisposableStore, onDispose } from '../shared/domain/disposable.ts';
import { discoverServer } from './bridge/discovery.ts';
import { phoneHandlers } from './bridge/phone-handlers.ts';
import { ServerAccess } from './bridge/server-access.ts';
import { serveRequests } from './bridge/serve-requests.ts';
import { callTargetOfLink } from './call-link.ts';
import type { StartOptions } from './command-line.ts';
import { listenForCommands } from './control/control-server.ts';
import { PhoneCommands } from './control/phone-commands.ts';
import { freshProfile, knownServers, profileStateSchema } from './profile-state.ts';
import type { ProfileState } from './profile-state.ts';
import { QuitGuard } from './quit-guard.ts';
import { APP_ORIGIN } from './security/app-files.ts';
import { serveAppScheme } from './security/app-scheme.ts';
import { guardPermissions } from './security/permissions.ts';
import { takeSignInFile } from './sign-in-file.ts';
import { AppUpdates } from './system/app-updates.ts';
import { notificationButtons, showDesktopNotification } from './system/desktop-notifications.ts';
import { JsonFile } from './system/json-file.ts';
import { KeyStore, secretsSchema } from './system/key-store.ts';
import { autostartLoginItem, nativeLoginItem } from './system/login-item.ts';
import type { LoginItemStore } from './system/login-item.ts';
import { Notifier } from './system/notifier.ts';
import { watchPower } from './system/power.ts';
import { ShortcutKeeper } from './system/shortcuts.ts';
import { badgeCount } from './system/tray-menu.ts';
import { PhoneTray } from './system/tray.ts';
import { electronUpdateEngine } from './system/update-engine.ts';
import { MainWindow } from './windows/main-window.ts';
import { SmallWindow } from './windows/small-window.ts';

export interface ShellOptions extends StartOptions {
  /** Where `parkline-phone` finds this phone. */
  readonly controlPath: string;
}

/** One profile's phone on one desktop: wires the rooms, and owns them until the app ends. */
export class PhoneShell {
  readonly #options: ShellOptions;
  readonly #store = new DisposableStore();
  readonly #state: JsonFile<ProfileState>;
  readonly #access: ServerAccess;
  readonly #window: MainWindow;
  readonly #notifier: Notifier;
  readonly #quitGuard: QuitGuard;
  readonly #tray: PhoneTray | null;
  readonly #smallWindow: SmallWindow;
  readonly #commands: PhoneCommands;
  readonly #updates: AppUpdates;
  #snapshot: PhoneSnapshot | null = null;

  constructor(options: ShellOptions, hasTray: boolean) {
    this.#options = options;
    const folder = app.getPath('userData');
    this.#state = new JsonFile(join(folder, 'shell.json'), profileStateSchema, freshProfile);
    const state = this.#state.read();
    this.#access = new ServerAccess({
      known: knownServers(state),
      remember: (servers) => this.#remember({ server: null, servers: [...servers] }),
      discover,
      reload: () => void this.#window.load(),
    });
    this.#window = new MainWindow({
      title: options.profile === 'default' ? 'Parkline' : `Parkline · ${options.profile}`,
      bounds: state.bounds,
      hasTray,
      icon: join(process.resourcesPath, 'icon.png'),
      beside: options.secondary,
      rememberBounds: (bounds) => this.#remember({ bounds }),
      onHidden: () => this.#tellAboutHiding(hasTray),
      onFocus: (focused) => this.#smallWindow.setPhoneInFront(focused),
      onSessionEnd: () => !this.mayQuit('log-out'),
    });
    this.#smallWindow = this.#store.add(
      new SmallWindow({
        title: 'Parkline',
        send: (event) => this.#window.send(event),
        showPhone: () => this.show(),
      }),
    );
    this.#notifier = new Notifier(showDesktopNotification, (event) => this.#window.send(event));
    this.#quitGuard = new QuitGuard({
      send: (event) => this.#window.send(event),
      show: () => this.show(),
      exit: (why) => this.#exit(why),
      after: later,
    });
    this.#commands = new PhoneCommands({
      send: (event) => this.#window.send(event),
      snapshot: () => this.#snapshot,
      after: later,
    });
    this.#updates = this.#makeUpdates();
    this.#window.contents.on('did-navigate', () => this.#forgetPage());
    this.#tray = hasTray ? this.#store.add(this.#makeTray()) : null;
    this.#serve(hasTray, folder);
  }

  get contents(): Electron.WebContents {
    return this.#window.contents;
  }

  /** Asks the accounts' servers where they are, then loads the page with the right policy. */
  async start(): Promise<void> {
    await this.#access.prepare(takeSignInFile(this.#options.signInFile));
    await this.#window.load();
    if (this.#options.minimised) this.#window.showMinimised();
    else if (!this.#options.selfTest) this.#window.show();
    this.openLink(this.#options.link);
    if (!this.#options.selfTest) this.#watchForUpdates();
  }

  show(): void {
    this.#window.show();
    this.#window.send({ kind: 'show' });
  }

  /** Fills the dialler or the sign-in form from a link; never dials, signs nobody in. */
  openLink(link: string | null): void {
    if (link !== null && readSignInLink(link) !== null) {
      this.show();
      return this.#window.send({ kind: 'sign-in-link', link });
    }
    const target = link === null || this.#options.secondary ? null : callTargetOfLink(link);
    if (target === null) return;
    this.show();
    this.#window.send({ kind: 'prefill', target });
  }

  /** `true` when the app may end now. */
  mayQuit(why: QuitReason = 'quit'): boolean {
    return this.#quitGuard.mayQuit(why);
  }

  #serve(hasTray: boolean, folder: string): void {
    guardPermissions(session.defaultSession);
    serveAppScheme({
      session: session.defaultSession,
      root: join(__dirname, '..', 'renderer'),
      connect: () => this.#access.connect(),
    });
    const shortcuts = new ShortcutKeeper({
      shortcuts: globalShortcut,
      send: (event) => this.#window.send(event),
      secondary: this.#options.secondary,
      wayland: process.env['XDG_SESSION_TYPE'] === 'wayland',
    });
    this.#store.add(shortcuts);
    this.#store.add(
      watchPower({
        send: (event) => this.#window.send(event),
        onShutdown: () => !this.mayQuit('log-out'),
      }),
    );
    this.#store.add(
      listenForCommands({
        path: this.#options.controlPath,
        run: (command) => this.#commands.run(command),
        onFailed: (reason) => process.stderr.write(`no command line: ${reason}\n`),
      }),
    );
    const handlers = phoneHandlers({
      profile: describeProfile(this.#options, hasTray),
      access: this.#access,
      keyStore: new KeyStore({
        safeStorage,
        file: new JsonFile(join(folder, 'secrets.json'), secretsSchema, {}),
        platform: process.platform,
      }),
      notifier: this.#notifier,
      quitGuard: this.#quitGuard,
      shortcuts,
      loginItem: loginItemOf(this.#options),
      commands: this.#commands,
      updates: this.#updates,
      discover,
      onSnapshot: (snapshot) => this.#show(snapshot),
    });
    this.#store.add(
      serveRequests<IpcMainInvokeEvent>({
        door: ipcMain,
        handlers,
        isTrusted: (event) => this.#isOwnPage(event),
        onRefused: (reason) => process.stderr.write(`refused request: ${reason}\n`),
      }),
    );
  }

  #isOwnPage(event: IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame;
    if (frame === null || frame !== this.#window.contents.mainFrame) return false;
    return frame.url.startsWith(`${APP_ORIGIN}/`);
  }

  #makeTray(): PhoneTray {
    return new PhoneTray({
      pictures: join(process.resourcesPath, 'tray'),
      send: (event) => this.#window.send(event),
      show: () => this.show(),
      quit: () => app.quit(),
    });
  }

  #show(snapshot: PhoneSnapshot): void {
    if (this.#snapshot !== null && snapshot.sequence < this.#snapshot.sequence) return;
    this.#snapshot = snapshot;
    this.#tray?.update(snapshot);
    this.#smallWindow.update(snapshot);
    app.setBadgeCount(badgeCount(snapshot));
  }

  /** A page that is loaded anew counts its snapshots from the start, and knows nothing of the notifications of the last one. */
  #forgetPage(): void {
    this.#snapshot = null;
    this.#notifier.withdrawAll();
    this.#smallWindow.clear();
    this.#commands.forgetPage();
  }

  #tellAboutHiding(hasTray: boolean): void {
    const words = this.#snapshot?.labels.hiddenToTray ?? '';
    if (!hasTray || words === '' || this.#state.read().toldAboutHiding) return;
    this.#remember({ toldAboutHiding: true });
    showDesktopNotification({
      title: 'Parkline',
      body: words,
      buttons: [],
      urgent: false,
      onClick: () => this.show(),
      onButton: () => undefined,
    });
  }

  #remember(change: Partial<ProfileState>): void {
    try {
      this.#state.write({ ...this.#state.read(), ...change });
    } catch {
      // A full disk must not end a call: the window then opens at its old place next time.
    }
  }

  #makeUpdates(): AppUpdates {
    return new AppUpdates({
      engine: electronUpdateEngine(),
      server: () => this.#access.apiBaseUrl(),
      onChange: (state) => this.#window.send({ kind: 'update', state }),
      askToInstall: () => void this.#quitGuard.mayQuit('update'),
    });
  }

  #watchForUpdates(): void {
    const look = (): void => void this.#updates.check();
    const first = setTimeout(look, FIRST_UPDATE_LOOK_MS);
    const again = setInterval(look, UPDATE_LOOK_EVERY_MS);
    this.#store.add(
      onDispose(() => {
        clearTimeout(first);
        clearInterval(again);
      }),
    );
  }

  #exit(why: QuitReason): void {
    this.#notifier.withdrawAll();
    this.#window.close();
    this.#store.dispose();
    if (why === 'update') this.#updates.install();
    else app.exit(0);
  }
}

/** A start is busy enough, and a phone must be quick when somebody calls at once. */
const FIRST_UPDATE_LOOK_MS = 60_000;
const UPDATE_LOOK_EVERY_MS = 6 * 3_600_000;

function later(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

const discover = (server: string) =>
  discoverServer(server, {
    fetchText: (url, { signal }) =>
      net.fetch(url, { signal, bypassCustomProtocolHandlers: true, credentials: 'omit' }),
  });

function describeProfile(options: StartOptions, hasTray: boolean): DesktopProfile {
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

function loginItemOf(options: StartOptions): LoginItemStore {
  if (process.platform !== 'linux') return nativeLoginItem(app);
  return autostartLoginItem({
    folder: join(app.getPath('appData'), 'autostart'),
    executable: process.env['APPIMAGE'] ?? process.execPath,
    args: options.profile === 'default' ? [] : ['--profile', options.profile],
    name: options.profile === 'default' ? 'parkline' : `parkline-${options.profile}`,
  });
}
