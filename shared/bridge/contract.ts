/**
 * The only words that Electron's main process and the renderer share.
 *
 * The preload script exposes one object, `window.parkline`, that implements {@link DesktopBridge}; in a browser it is absent and
 * the phone does without (same renderer, same screens). Every call goes over the channel of {@link REQUEST_CHANNELS} with the same
 * name, every event over {@link EVENT_CHANNEL}; the main process checks sender and arguments with the schemas of `schemas.ts`.
 * This file imports types alone, so that the sandboxed preload stays one small file.
 */
import type { CommandOutcome, PhoneCommand } from './phone-command.ts';
import type { Discovery } from './server-description.ts';
import type { CertificateRequests } from './server-certificate.ts';
import type { ShortcutAction, ShortcutBindings, ShortcutStates } from './shortcut.ts';
import type { PhoneSnapshot } from './snapshot.ts';
import type { UpdateState } from './update.ts';

/** One account on one server: `ext@domain`, lower case. Everything that is stored is keyed by it. */
export type AccountKey = string;

/** What the phone is signed in with. The password is handed over once and never written to a log, a snapshot or local storage. */
export interface SignIn {
  /** What the user typed or what provisioning gave: `host[:port]`, a URL, or a `ws://` / `wss://` URL. */
  readonly server: string;
  readonly extension: string;
  readonly password: string;
  /** SIP domain when it differs from the server's host name. */
  readonly domain?: string | undefined;
  /** Where its WebSocket is, for a server that does not describe itself. */
  readonly webSocketUrl?: string | undefined;
  /** Which telephone system it is; absent: one that describes itself. */
  readonly pbx?:
    | {
        readonly kind: 'parkline' | 'portsip' | 'asterisk' | 'generic';
        readonly slots: string;
        readonly parkCode: string;
      }
    | undefined;
  /** What the user wants done with the password; absent: it is kept where there is a key store. */
  readonly remember?: boolean | undefined;
  /** `check`: the test of the form goes on after the page was loaded anew; nobody is signed in. */
  readonly purpose?: 'sign-in' | 'check' | undefined;
}

export interface DesktopProfile {
  /** Name of the profile (`--profile`), `default` when none was given. Two profiles share nothing. */
  readonly name: string;
  readonly appVersion: string;
  readonly electronVersion: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** BCP 47 tag of the desktop's language. */
  readonly locale: string;
  /**
   * `tone` sends a quiet tone instead of opening a microphone, until the user chooses a microphone: the second demo phone of one
   * machine must not echo the first.
   */
  readonly microphone: 'device' | 'tone';
  /** The desktop has a tray: closing the window hides it there instead of minimising. */
  readonly hasTray: boolean;
  /** Notifications here can carry a Retrieve button (detected, not assumed); otherwise a click retrieves. */
  readonly notificationButtons: boolean;
}

export type SecretStore =
  | {
      readonly kind: 'available';
      /** Name for people, e.g. "GNOME Keyring". */ readonly backend: string;
    }
  /** No key store: nothing is kept unless the user says so. */
  | { readonly kind: 'unavailable'; readonly reason: 'no-key-store' | 'locked' };

export type StoreOutcome =
  | { readonly kind: 'stored' }
  /** No key store, and `allowPlainText` was not given. */
  | { readonly kind: 'refused'; readonly reason: 'no-key-store' | 'locked' | 'failed' };

export interface ParkedNotification {
  readonly parkId: string;
  readonly title: string;
  readonly body: string;
  readonly retrieveLabel: string;
}

export interface IncomingNotification {
  readonly callId: string;
  readonly title: string;
  readonly body: string;
  readonly answerLabel: string;
  readonly declineLabel: string;
}

/** Where an account's server is. */
export interface ServerPlace {
  /** As the user typed it. */
  readonly typed: string;
  readonly webSocketUrl: string;
  readonly apiBaseUrl: string | null;
}

/** More servers than this at once are no accounts of one person, but a page gone wrong. */
export const MOST_SERVERS = 20;

export type AllowServerOutcome =
  /** The page's policy allows these origins already. */
  | { readonly kind: 'ready' }
  /** The page is about to load anew with the right policy; `takeSignIn` then gives the sign-in back. */
  | { readonly kind: 'reloading' };

/** Why the page was started anew, and whom it was talking to. */
export interface PageRestart {
  readonly why: 'crashed' | 'unresponsive';
  /** Calls that went on then, and have ended. */
  readonly calls: readonly { readonly name: string; readonly number: string }[];
}

/** Which links of other programs this phone opens. */
export interface LinkChoice {
  /** `tel:`, `callto:`, `sip:` and `sips:`: fill the dialler. */
  readonly calls: boolean;
  /** `parkline:`: fill the sign-in form. */
  readonly signIn: boolean;
}

/** Why the app is asked to end. `log-out`: the whole desktop session ends. */
export type QuitReason = 'quit' | 'update' | 'log-out';

/** What main tells the renderer. */
export type DesktopEvent =
  | {
      readonly kind: 'retrieve';
      readonly parkId: string;
      readonly source: 'notification' | 'tray' | 'window';
    }
  | { readonly kind: 'retrieve-oldest'; readonly source: 'shortcut' | 'tray' }
  | { readonly kind: 'answer'; /** `null`: the one that rings. */ readonly callId: string | null }
  | { readonly kind: 'decline'; readonly callId: string | null }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'toggle-mute' }
  /** Put the park list in view and focus it. */
  | { readonly kind: 'show' }
  /** From a `tel:` or `sip:` link: fills the dialler, never dials, never a feature code. */
  | { readonly kind: 'prefill'; readonly target: string }
  /** A `parkline:sign-in` link: fills the sign-in form, signs nobody in. */
  | { readonly kind: 'sign-in-link'; readonly link: string }
  /** The machine woke, or its network came back. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'network-online' }
  | { readonly kind: 'network-offline' }
  | { readonly kind: 'screen-locked'; readonly locked: boolean }
  /** A global shortcut fired while its press-to-test was open. */
  | { readonly kind: 'shortcut-pressed'; readonly action: ShortcutAction }
  /** Quit, update or log-out while busy: ask the user, then call `confirmQuit`. */
  | { readonly kind: 'quit-requested'; readonly why: QuitReason }
  /** From `parkline-phone` on the command line: carry it out, then call `answerCommand` with the same id. */
  | { readonly kind: 'command'; readonly id: number; readonly command: PhoneCommand }
  | { readonly kind: 'update'; readonly state: UpdateState }
  /** The user trusts the certificate of this server (`host:port`) no longer: what is connected to it must connect anew. */
  | { readonly kind: 'server-distrusted'; readonly server: string }
  /** The process that draws crashed and was started anew; calls were not touched. */
  | { readonly kind: 'graphics-restarted' }
  /** Quit is decided: end calls with BYE, unregister, then call `readyToQuit` (main waits at most 2 s). */
  | { readonly kind: 'quitting' };

export interface DesktopBridge extends CertificateRequests {
  profile(): Promise<DesktopProfile>;
  /** Given once to a page that was started in place of one that crashed or hung; `null` to any other. */
  takeRestart(): Promise<PageRestart | null>;
  /** A sign-in prepared by provisioning, or kept across `allowServer`'s reload. Given once, then forgotten. */
  takeSignIn(): Promise<SignIn | null>;
  /** Asks `https://HOST/.well-known/parkline` (then `http` on loopback and private addresses only) from the main process, outside the page's policy. */
  discover(server: string): Promise<Discovery>;
  /** Opens the page's content policy to these two origins, keeping `signIn` across the reload this may need. */
  allowServer(request: {
    readonly webSocketUrl: string;
    readonly apiBaseUrl: string | null;
    readonly signIn: SignIn;
  }): Promise<AllowServerOutcome>;
  /** The servers of all accounts in use, the one that dials first: the page may talk to these and no others. */
  keepServers(servers: readonly ServerPlace[]): Promise<AllowServerOutcome>;

  secretStore(): Promise<SecretStore>;
  /** `null` when nothing is stored for the account. */
  readPassword(accountKey: AccountKey): Promise<string | null>;
  storePassword(request: {
    readonly accountKey: AccountKey;
    readonly password: string;
    readonly allowPlainText: boolean;
  }): Promise<StoreOutcome>;
  forgetPassword(accountKey: AccountKey): Promise<void>;

  /** Shows or replaces the notification of this parked call. */
  showParked(notification: ParkedNotification): Promise<void>;
  withdrawParked(parkId: string): Promise<void>;
  showIncoming(notification: IncomingNotification): Promise<void>;
  withdrawIncoming(callId: string): Promise<void>;

  publish(snapshot: PhoneSnapshot): Promise<void>;
  /** Shows the phone's window, for a question that cannot wait; it may be hidden, minimised or behind others. */
  showWindow(): Promise<void>;
  /** While busy, quitting asks first. */
  setBusy(busy: boolean): Promise<void>;
  confirmQuit(): Promise<void>;
  readyToQuit(): Promise<void>;

  /** What became of a {@link DesktopEvent} of kind `command`; one that nobody waits for any more is ignored. */
  answerCommand(answer: { readonly id: number; readonly outcome: CommandOutcome }): Promise<void>;

  /** Where updating stands now; each change comes as an event. */
  updateState(): Promise<UpdateState>;
  checkForUpdate(): Promise<void>;
  /** Fetches what was offered; does nothing when nothing was. */
  fetchUpdate(): Promise<void>;
  /** Ends the app and comes back as the new version; asks first during a call, as quitting does. */
  installUpdate(): Promise<void>;

  setShortcuts(bindings: ShortcutBindings): Promise<ShortcutStates>;
  /** While on, a global shortcut reports `shortcut-pressed` and does nothing else. */
  testShortcuts(on: boolean): Promise<void>;
  loginItem(): Promise<{
    readonly startAtLogin: boolean;
    readonly startMinimised: boolean;
    readonly supported: boolean;
  }>;
  setLoginItem(item: {
    readonly startAtLogin: boolean;
    readonly startMinimised: boolean;
  }): Promise<void>;

  linkChoice(): Promise<LinkChoice & { readonly supported: boolean }>;
  /** Makes this phone the one that the desktop opens such links with, or no longer. */
  setLinkChoice(choice: LinkChoice): Promise<void>;

  /** `http:`, `https:` and `mailto:` only; anything else is refused by main. */
  openExternal(url: string): Promise<void>;
  /** Asks where to save; `cancelled` when the user thinks better of it. */
  saveTextFile(file: {
    readonly suggestedName: string;
    readonly text: string;
  }): Promise<{ readonly kind: 'saved' | 'cancelled' | 'failed' }>;

  /** Events of main, in order. Returns what stops them. */
  onEvent(run: (event: DesktopEvent) => void): () => void;
}

/** The requests of {@link DesktopBridge}: each is a channel of `ipcRenderer.invoke` named `parkline:<name>`, with at most one argument. */
export const REQUEST_CHANNELS = [
  'profile',
  'takeRestart',
  'takeSignIn',
  'discover',
  'allowServer',
  'keepServers',
  'refusedCertificate',
  'trustCertificate',
  'trustedCertificates',
  'distrustCertificate',
  'secretStore',
  'readPassword',
  'storePassword',
  'forgetPassword',
  'showParked',
  'withdrawParked',
  'showIncoming',
  'withdrawIncoming',
  'publish',
  'showWindow',
  'setBusy',
  'confirmQuit',
  'readyToQuit',
  'answerCommand',
  'updateState',
  'checkForUpdate',
  'fetchUpdate',
  'installUpdate',
  'setShortcuts',
  'testShortcuts',
  'loginItem',
  'setLoginItem',
  'linkChoice',
  'setLinkChoice',
  'openExternal',
  'saveTextFile',
] as const satisfies readonly Exclude<keyof DesktopBridge, 'onEvent'>[];

export type RequestName = (typeof REQUEST_CHANNELS)[number];

/** The argument of a request (`undefined` for none) and what its promise gives. */
export type RequestArgument<Name extends RequestName> = Parameters<DesktopBridge[Name]>[0];
export type RequestAnswer<Name extends RequestName> = Awaited<ReturnType<DesktopBridge[Name]>>;

/** `main` → page, one {@link DesktopEvent} per message. */
export const EVENT_CHANNEL = 'parkline:event';

/** `main` → page, without words: is the page still there? Its preload script answers over {@link ALIVE_CHANNEL}. */
export const ASK_ALIVE_CHANNEL = 'parkline:alive?';
export const ALIVE_CHANNEL = 'parkline:alive';

export const channelOf = (name: RequestName): string => `parkline:${name}`;
