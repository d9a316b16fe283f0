import type { DesktopBridge, DesktopProfile } from '../../../shared/bridge/contract.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore, onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import type { NotificationDetail } from '../../../shared/phone/alerts.ts';
import { Emitter } from '../../sip/emitter.ts';
import type { PhoneLine } from '../../sip/phone-line.ts';
import type { SipTrace } from '../../sip/trace.ts';
import { PhoneLog } from '../features/diagnostics/phone-log.ts';
import { watchNotifications, type NotificationDesk } from '../observers/notifier.ts';
import type { Installer } from '../browser-install.ts';
import type { Say } from '../text.tsx';
import type { Account } from './account.ts';
import type { CallFloor } from './call-floor.ts';
import { ContactBook } from './contact-book.ts';
import { ContactLamps } from './contact-lamps.ts';
import { History } from './history.ts';
import type { Keeper } from './keeper.ts';
import { keepNames } from './name-keeper.ts';
import { Phone } from './phone.ts';
import { ServerPartsLoader } from './server-parts.ts';
import type { Settings } from './settings.ts';
import { SettingsStore, type MachineSettings } from './settings-store.ts';
import type { Sounds } from './sounds.ts';

/** What the world around gives to a session. */
export interface SessionWorld {
  readonly clock: Clock;
  readonly keeper: Keeper;
  readonly desktop: DesktopBridge | null;
  readonly profile: DesktopProfile | null;
  readonly trace: SipTrace;
  readonly installer: Installer;
  newId(): string;
  say(): Say;
  makeLine(input: {
    readonly account: Account;
    readonly password: string;
    readonly sounds: Sounds;
    iceServers(): readonly RTCIceServer[];
    digitsBy(): 'rfc4733' | 'info';
  }): PhoneLine;
}

/** What an account shares with the others that are signed in. */
export interface SharedParts {
  readonly world: SessionWorld;
  readonly floor: CallFloor;
  readonly sounds: Sounds;
  readonly machine: MachineSettings;
  /** This account's side of where notifications are shown. */
  readonly desk: NotificationDesk;
  /** What tells it apart from the others; `null` while it is the only one. */
  mark(): string | null;
}

/** One signed-in account with all that belongs to it. Closing it leaves nothing behind. */
export class Session implements Disposable {
  readonly account: Account;
  readonly phone: Phone;
  readonly settings: SettingsStore;
  readonly history: History;
  readonly contacts: ContactBook;
  readonly lamps: ContactLamps;
  readonly log: PhoneLog;
  readonly sounds: Sounds;
  readonly server: ServerPartsLoader;
  readonly world: SessionWorld;
  readonly #disposables = new DisposableStore();
  readonly #mark: () => string | null;
  readonly #locked = new Emitter<void>();
  #screenLocked = false;

  constructor(account: Account, password: string, shared: SharedParts) {
    const { world, floor, sounds, machine } = shared;
    this.account = account;
    this.world = world;
    this.sounds = sounds;
    this.#mark = () => shared.mark();
    const { clock } = world;
    this.settings = this.#disposables.add(new SettingsStore(world.keeper, account.key, machine));
    const line = world.makeLine({
      account,
      password,
      sounds: this.sounds,
      iceServers: () => this.server.iceServers,
      digitsBy: () => this.settings.current.digitsBy,
    });
    this.phone = this.#disposables.add(
      new Phone(account, {
        line,
        clock,
        floor,
        newId: () => world.newId(),
        askBeforeHold: () => this.settings.current.askBeforeHold,
        autoAnswer: () => mayAnswerByItself(this.settings.current),
      }),
    );
    this.server = this.#disposables.add(
      new ServerPartsLoader({
        phone: this.phone,
        settings: this.settings,
        clock,
        extension: account.extension,
        password,
      }),
    );
    this.log = this.#disposables.add(new PhoneLog(this.phone, clock));
    this.log.watchPage(window);
    const { key: accountKey } = account;
    this.contacts = new ContactBook(world.keeper, { accountKey, newId: () => world.newId() });
    this.#disposables.add(keepNames(this.phone, this.contacts));
    this.lamps = this.#disposables.add(new ContactLamps(this.phone, this.contacts, clock));
    this.history = new History(world.keeper, account.key);
    this.#disposables.add(this.history.watch(this.phone));
    this.#disposables.add(
      this.sounds.microphone.onChange((microphone) => this.phone.update({ microphone })),
    );
    // It may have come in the middle of another account's call.
    this.phone.update({ microphone: this.sounds.microphone.status });
    this.#observe(shared.desk);
  }

  /** What tells it apart from the other accounts; `null` while it is the only one. */
  get mark(): string | null {
    return this.#mark();
  }

  /** How much may be said where others can read it. */
  get notificationDetail(): NotificationDetail {
    return this.#screenLocked && this.settings.current.hideDetailsWhenLocked ? 'hidden' : 'full';
  }

  setScreenLocked(locked: boolean): void {
    this.#screenLocked = locked;
    if (locked) this.#locked.emit();
  }

  onLocked(run: () => void): Disposable {
    return this.#locked.listen(run);
  }

  /** Ends calls, unregisters, forgets everything in memory. */
  async close(): Promise<void> {
    await this.phone.line.stop();
    this.dispose();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #observe(desk: NotificationDesk): void {
    const settings = () => this.settings.current;
    const doNotDisturb = () => settings().doNotDisturb;
    this.#disposables.add(
      watchNotifications(this.phone, {
        desk,
        say: () => this.world.say(),
        mark: this.#mark,
        enabled: () => settings().notifications,
        doNotDisturb,
        detail: () => this.notificationDetail,
        onLocked: (run) => this.onLocked(run),
      }),
    );
    this.#disposables.add(watchNetwork(() => this.phone.line.nudge('the network changed')));
  }
}

/** Whoever is not to be disturbed does not have their microphone opened either. */
const mayAnswerByItself = ({ autoAnswer, doNotDisturb }: Settings): boolean =>
  autoAnswer && !doNotDisturb;

/** A browser says when the network came back or the page was brought to life; the desktop also says when the machine woke. */
function watchNetwork(run: () => void): Disposable {
  const onVisible = () => {
    if (document.visibilityState === 'visible') run();
  };
  window.addEventListener('online', run);
  document.addEventListener('resume', run);
  document.addEventListener('visibilitychange', onVisible);
  return onDispose(() => {
    window.removeEventListener('online', run);
    document.removeEventListener('resume', run);
    document.removeEventListener('visibilitychange', onVisible);
  });
}
