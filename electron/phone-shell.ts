import { join } from 'node:path';
import { app, globalShortcut, ipcMain, safeStorage, session } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import type { DesktopEvent, PageRestart, QuitReason } from '../shared/bridge/contract.ts';
import type { PhoneSnapshot } from '../shared/bridge/snapshot.ts';
import { DisposableStore } from '../shared/domain/disposable.ts';
import { electronDiscovery } from './bridge/electron-discovery.ts';
import { phoneHandlers } from './bridge/phone-handlers.ts';
import { ServerAccess } from './bridge/server-access.ts';
import { serveRequests } from './bridge/serve-requests.ts';
import type { StartOptions } from './command-line.ts';
import { listenForCommands } from './control/control-server.ts';
import { PhoneCommands } from './control/phone-commands.ts';
import { describeProfile, linksOf, loginItemOf } from './describe-profile.ts';
import { LinkDesk } from './link-desk.ts';
import { PageRestarts, withoutPage } from './page-restarts.ts';
import { PhoneViews } from './phone-views.ts';
import { freshProfile, knownServers, profileStateSchema } from './profile-state.ts';
import type { ProfileState } from './profile-state.ts';
import { QuitGuard } from './quit-guard.ts';
import { APP_ORIGIN } from './security/app-files.ts';
import { serveAppScheme } from './security/app-scheme.ts';
import { guardCertificates } from './security/certificate-guard.ts';
import { guardPermissions } from './security/permissions.ts';
import { ServerTrust, trustSchema } from './security/server-trust.ts';
import { takeSignInFile } from './sign-in-file.ts';
import { AppUpdates } from './system/app-updates.ts';
import { askAfterCrashes } from './system/crash-question.ts';
import { showDesktopNotification } from './system/desktop-notifications.ts';
import { watchGraphics } from './system/graphics-watch.ts';
import { JsonFile } from './system/json-file.ts';
import { KeyStore, secretsSchema } from './system/key-store.ts';
import { later } from './system/later.ts';
import { Notifier } from './system/notifier.ts';
import { watchPower } from './system/power.ts';
import { ShortcutKeeper } from './system/shortcuts.ts';
import { electronUpdateEngine } from './system/update-engine.ts';
import { lookForUpdates } from './system/update-looks.ts';
import { MainWindow } from './windows/main-window.ts';

export interface ShellOptions extends StartOptions {
  /** Where `parkline-phone` finds this phone. */
  readonly controlPath: string;
}

/** One profile's phone on one desktop: wires the rooms, and owns them until the app ends. */
export class PhoneShell {
  readonly #options: ShellOptions;
  readonly #store = new DisposableStore();
  readonly #state: JsonFile<ProfileState>;
  readonly #trust: ServerTrust;
  readonly #discover: ReturnType<typeof electronDiscovery>;
  readonly #access: ServerAccess;
  readonly #window: MainWindow;
  readonly #notifier: Notifier;
  readonly #quitGuard: QuitGuard;
  readonly #views: PhoneViews;
  readonly #commands: PhoneCommands;
  readonly #updates: AppUpdates;
  readonly #restarts: PageRestarts;
  readonly #links: LinkDesk;
  #snapshot: PhoneSnapshot | null = null;
  readonly #send = (event: DesktopEvent): void => this.#window.send(event);

  constructor(options: ShellOptions, hasTray: boolean) {
    const send = this.#send;
    const show = () => this.show();
    const folder = app.getPath('userData');
    this.#options = options;
    this.#state = new JsonFile(join(folder, 'shell.json'), profileStateSchema, freshProfile);
    this.#trust = this.#makeTrust(folder);
    this.#discover = electronDiscovery(this.#trust);
    this.#access = this.#makeAccess();
    this.#window = this.#makeWindow(hasTray);
    this.#restarts = new PageRestarts({
      ask: askAfterCrashes,
      start: () => this.#window.restart(),
      quit: () => app.quit(),
    });
    this.#links = new LinkDesk({ send, show, secondary: options.secondary });
    this.#views = this.#store.add(new PhoneViews({ hasTray, send, show, quit: () => app.quit() }));
    this.#notifier = new Notifier(showDesktopNotification, send);
    this.#quitGuard = new QuitGuard({ send, show, exit: (why) => this.#exit(why), after: later });
    this.#commands = new PhoneCommands({ send, snapshot: () => this.#snapshot, after: later });
    this.#updates = this.#makeUpdates();
    this.#window.contents.on('did-navigate', () => this.#forgetPage());
    guardCertificates(this.#window.contents, this.#trust);
    this.#store.add(watchGraphics(() => send({ kind: 'graphics-restarted' })));
    this.#servePage();
    this.#watchDesktop();
    this.#answerPage(hasTray, folder);
  }

  get contents(): Electron.WebContents {
    return this.#window.contents;
  }

  /** Asks where the server of a sign-in is that was handed over, then loads the page with the right policy. */
  async start(): Promise<void> {
    await this.#access.prepare(takeSignInFile(this.#options.signInFile));
    await this.#window.load();
    if (this.#options.minimised) this.#window.showMinimised();
    else if (!this.#options.selfTest) this.#window.show();
    this.openLink(this.#options.link);
    if (!this.#options.selfTest) this.#store.add(lookForUpdates(this.#updates));
  }

  show(): void {
    if (this.#restarts.isDown) this.#restarts.start();
    this.#window.show();
    this.#send({ kind: 'show' });
  }

  /** Fills the dialler or the sign-in form from a link; never dials, signs nobody in. */
  openLink(link: string | null): void {
    this.#links.open(link);
  }

  /** `true` when the app may end now. */
  mayQuit(why: QuitReason = 'quit'): boolean {
    return this.#quitGuard.mayQuit(why);
  }

  #makeTrust(folder: string): ServerTrust {
    return new ServerTrust({
      file: new JsonFile(join(folder, 'trusted-certificates.json'), trustSchema, {}),
      now: () => Date.now(),
      onDistrusted: (server) => this.#disconnect(server),
    });
  }

  #makeAccess(): ServerAccess {
    return new ServerAccess({
      known: knownServers(this.#state.read()),
      remember: (servers) => this.#remember({ server: null, servers: [...servers] }),
      discover: this.#discover,
      reload: () => void this.#window.load(),
    });
  }

  #makeWindow(hasTray: boolean): MainWindow {
    const { profile, secondary } = this.#options;
    return new MainWindow({
      title: profile === 'default' ? 'Parkline' : `Parkline · ${profile}`,
      bounds: this.#state.read().bounds,
      hasTray,
      icon: join(process.resourcesPath, 'icon.png'),
      beside: secondary,
      rememberBounds: (bounds) => this.#remember({ bounds }),
      onHidden: () => this.#tellAboutHiding(hasTray),
      onFocus: (focused) => this.#views.setPhoneInFront(focused),
      onSessionEnd: () => !this.mayQuit('log-out'),
      inACall: () => (this.#snapshot?.calls.length ?? 0) > 0,
      onPageDown: (why, again) => this.#losePage(why, again),
    });
  }

  #makeUpdates(): AppUpdates {
    return new AppUpdates({
      engine: electronUpdateEngine(),
      server: () => this.#access.apiBaseUrl(),
      onChange: (state) => this.#send({ kind: 'update', state }),
      askToInstall: () => void this.#quitGuard.mayQuit('update'),
    });
  }

  /** The page's files and its permissions. */
  #servePage(): void {
    guardPermissions(session.defaultSession);
    serveAppScheme({
      session: session.defaultSession,
      root: join(__dirname, '..', 'renderer'),
      connect: () => this.#access.connect(),
    });
  }

  /** What comes from outside the page: sleep and shutdown, the command line. */
  #watchDesktop(): void {
    this.#store.add(watchPower({ send: this.#send, onShutdown: () => !this.mayQuit('log-out') }));
    this.#store.add(
      listenForCommands({
        path: this.#options.controlPath,
        run: (command) => this.#commands.run(command),
        onFailed: (reason) => process.stderr.write(`no command line: ${reason}\n`),
      }),
    );
  }

  /** The one door for what the page asks. */
  #answerPage(hasTray: boolean, folder: string): void {
    const shortcuts = this.#store.add(
      new ShortcutKeeper({
        shortcuts: globalShortcut,
        send: this.#send,
        secondary: this.#options.secondary,
        wayland: process.env['XDG_SESSION_TYPE'] === 'wayland',
      }),
    );
    const handlers = phoneHandlers({
      profile: describeProfile(this.#options, hasTray),
      access: this.#access,
      trust: this.#trust,
      keyStore: new KeyStore({
        safeStorage,
        file: new JsonFile(join(folder, 'secrets.json'), secretsSchema, {}),
        platform: process.platform,
      }),
      notifier: this.#notifier,
      quitGuard: this.#quitGuard,
      shortcuts,
      loginItem: loginItemOf(this.#options),
      links: linksOf(this.#options),
      commands: this.#commands,
      updates: this.#updates,
      takeRestart: () => this.#restarts.take(),
      onListening: () => this.#links.pageListens(),
      discover: this.#discover,
      showWindow: () => this.#window.show(),
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

  #show(snapshot: PhoneSnapshot): void {
    if (this.#snapshot !== null && snapshot.sequence < this.#snapshot.sequence) return;
    this.#snapshot = snapshot;
    this.#views.draw(snapshot);
    if (snapshot.accountKey === null) this.#links.phoneIsGone();
    else this.#links.phoneIsThere();
  }

  /** Chromium ends its idle connections; WebSockets are for the page to close. */
  #disconnect(server: string): void {
    void session.defaultSession.closeAllConnections();
    this.#send({ kind: 'server-distrusted', server });
  }

  /** Crashed, or hung: views say that nothing is known, until there is a page again. */
  #losePage(why: PageRestart['why'], again: boolean): void {
    const last = this.#snapshot;
    this.#restarts.note(why, last, again);
    if (last !== null) this.#views.draw(withoutPage(last));
    this.#forgetPage();
  }

  /** A page that is loaded anew counts its snapshots from the start, and knows nothing of the notifications of the last one. */
  #forgetPage(): void {
    this.#snapshot = null;
    this.#access.pageIsGone();
    this.#links.pageIsGone();
    this.#notifier.withdrawAll();
    this.#views.clear();
    this.#commands.forgetPage();
    this.#quitGuard.setBusy(false);
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

  #exit(why: QuitReason): void {
    this.#notifier.withdrawAll();
    this.#window.close();
    this.#store.dispose();
    if (why === 'update') this.#updates.install();
    else app.exit(0);
  }
}
