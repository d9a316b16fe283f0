import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/domain/disposable.ts';
import type { EpochMs } from '../../../shared/domain/ids.ts';
import {
  deviceNews,
  deviceToUse,
  rememberChoice,
  type DeviceRole,
  type KnownDevice,
} from '../../../shared/phone/device-choice.ts';
import type { AudioDevices } from '../../sip/audio/devices.ts';
import type { NoticeContent } from './notice.ts';
import type { Settings } from './settings.ts';
import type { SettingsHome } from './settings-store.ts';
import { SteadySpeakers } from './steady-speakers.ts';

/** The machine's devices, as they come and go. */
export interface DevicePort {
  list(): Promise<AudioDevices>;
  onChange(run: () => void): Disposable;
}

interface DeviceKeeperDeps {
  readonly settings: SettingsHome;
  readonly devices: DevicePort;
  readonly clock: Clock;
  say(what: NoticeContent): void;
}

/**
 * So often devices are looked at in a call: Chromium on Linux tells of sound cards alone, and not of a Bluetooth headset, which
 * only the sound server knows.
 */
const LOOK_EVERY_MS = 1_000;

/** The device of each role; `null`: the system's default. */
export type DevicesInUse = Readonly<Record<DeviceRole, string | null>>;

interface RoleSettings {
  readonly chosen: string | null;
  readonly earlier: readonly KnownDevice[];
}

const ROLES: readonly DeviceRole[] = ['microphone', 'speaker', 'ringer', 'chime'];

/**
 * Which device each role uses now. The choice stays while its device is unplugged; meanwhile the last good choice that is
 * there is used, else the system's default, and the user is told of both turns.
 */
export class DeviceKeeper implements Disposable {
  readonly #deps: DeviceKeeperDeps;
  readonly #disposables = new DisposableStore();
  /** Roles for which a device was listed once: an empty list means from then on that there is none. */
  readonly #seen = new Set<DeviceRole>();
  readonly #speakers = new SteadySpeakers();
  #present: AudioDevices | null = null;
  #inUse: DevicesInUse;
  #onUse: (inUse: DevicesInUse) => void = () => {};
  #onLook: (present: AudioDevices) => void = () => {};
  #looking = false;
  #lookOnceMore = false;
  /** The next look of a call that goes on. */
  #nextLook: Disposable | null = null;
  /** The look at which a loudspeaker that came back may be used. */
  #comeback: Disposable | null = null;

  constructor(deps: DeviceKeeperDeps) {
    this.#deps = deps;
    this.#inUse = this.#decide();
    this.#disposables.add(deps.devices.onChange(() => this.look()));
    this.#disposables.add(deps.settings.onChange(() => this.#apply('chosen')));
    this.look();
  }

  get inUse(): DevicesInUse {
    return this.#inUse;
  }

  /** The one listener: told whenever a role goes over to another device. */
  whenUsed(run: (inUse: DevicesInUse) => void): void {
    this.#onUse = run;
  }

  /** The one listener: told what is there at every look. */
  whenLooked(run: (present: AudioDevices) => void): void {
    this.#onLook = run;
  }

  /** The user chose a device; `null`: the system's default. */
  choose(role: DeviceRole, device: KnownDevice | null): void {
    const { settings } = this.#deps;
    const { earlier } = roleSettings(settings.current, role);
    settings.change(
      choicePatch(role, {
        chosen: device?.id ?? null,
        earlier: device === null ? earlier : rememberChoice(earlier, device),
      }),
    );
  }

  /** Something is about to sound, perhaps on a device that went without a word. */
  look(): void {
    // A busy machine answers late: questions must not pile up.
    if (this.#looking) this.#lookOnceMore = true;
    else void this.#look();
  }

  /** In a call devices are looked at all the time; at rest when the browser says so. */
  setInCall(inCall: boolean): void {
    if (inCall === (this.#nextLook !== null)) return;
    this.#nextLook?.dispose();
    this.#nextLook = inCall ? this.#lookLater() : null;
    if (inCall) this.look();
  }

  dispose(): void {
    this.setInCall(false);
    this.#comeback?.dispose();
    this.#disposables.dispose();
  }

  #lookAt(at: EpochMs): Disposable {
    const { clock } = this.#deps;
    return clock.after(at - clock.now(), () => this.look());
  }

  #lookLater(): Disposable {
    return this.#deps.clock.after(LOOK_EVERY_MS, () => {
      this.#nextLook = this.#lookLater();
      this.look();
    });
  }

  async #look(): Promise<void> {
    const first = this.#present === null;
    this.#looking = true;
    const { microphones, speakers } = await this.#deps.devices.list().finally(() => {
      this.#looking = false;
    });
    if (this.#disposables.disposed) return;
    const { usable, lookAgainAt } = this.#speakers.see(speakers, this.#deps.clock.now());
    this.#present = { microphones, speakers: usable };
    this.#apply(first ? 'chosen' : 'plugged');
    this.#onLook(this.#present);
    this.#comeback?.dispose();
    this.#comeback = lookAgainAt === null ? null : this.#lookAt(lookAgainAt);
    if (!this.#lookOnceMore) return;
    this.#lookOnceMore = false;
    this.look();
  }

  /** What the user chose needs no notice; what was plugged or unplugged does. */
  #apply(because: 'chosen' | 'plugged'): void {
    const before = this.#inUse;
    const now = this.#decide();
    if (ROLES.every((role) => before[role] === now[role])) return;
    this.#inUse = now;
    this.#onUse(now);
    if (because === 'chosen') return;
    for (const role of ROLES) this.#tell(role, before[role]);
  }

  #tell(role: DeviceRole, before: string | null): void {
    const { settings, say } = this.#deps;
    const present = this.#presentFor(role);
    const now = present.find(({ id }) => id === this.#inUse[role]) ?? null;
    const news = deviceNews(roleSettings(settings.current, role).chosen, before, now);
    if (news !== null)
      say({ kind: 'device-changed', role, change: news.change, label: news.device?.label ?? '' });
  }

  #decide(): DevicesInUse {
    const of = (role: DeviceRole) => {
      const { chosen, earlier } = roleSettings(this.#deps.settings.current, role);
      const present = this.#presentFor(role);
      // Before the user has allowed a microphone once nobody is told which devices there are.
      return present.length === 0 && !this.#seen.has(role)
        ? chosen
        : deviceToUse(chosen, earlier, present);
    };
    return {
      microphone: of('microphone'),
      speaker: of('speaker'),
      ringer: of('ringer'),
      chime: of('chime'),
    };
  }

  #presentFor(role: DeviceRole): readonly KnownDevice[] {
    const present = role === 'microphone' ? this.#present?.microphones : this.#present?.speakers;
    if (present !== undefined && present.length > 0) this.#seen.add(role);
    return present ?? [];
  }
}

function roleSettings(settings: Settings, role: DeviceRole): RoleSettings {
  switch (role) {
    case 'microphone':
      return { chosen: settings.microphoneDevice, earlier: settings.earlierMicrophones };
    case 'speaker':
      return { chosen: settings.speakerDevice, earlier: settings.earlierSpeakers };
    case 'ringer':
      return { chosen: settings.ringerDevice, earlier: settings.earlierRingers };
    case 'chime':
      return { chosen: settings.chimeDevice, earlier: settings.earlierChimes };
  }
}

function choicePatch(role: DeviceRole, { chosen, earlier }: RoleSettings): Partial<Settings> {
  const kept = [...earlier];
  switch (role) {
    case 'microphone':
      return { microphoneDevice: chosen, earlierMicrophones: kept };
    case 'speaker':
      return { speakerDevice: chosen, earlierSpeakers: kept };
    case 'ringer':
      return { ringerDevice: chosen, earlierRingers: kept };
    case 'chime':
      return { chimeDevice: chosen, earlierChimes: kept };
  }
}
