import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/domain/disposable.ts';
import { CallSpeaker } from '../../sip/audio/call-speaker.ts';
import { Microphone } from '../../sip/audio/microphone.ts';
import { TonePlayer } from '../../sip/audio/tone-player.ts';
import { DeviceKeeper, type DevicePort, type DevicesInUse } from './device-keeper.ts';
import type { NoticeContent } from './notice.ts';
import type { Settings } from './settings.ts';
import type { SettingsHome } from './settings-store.ts';

interface SoundsDeps {
  readonly settings: SettingsHome;
  readonly clock: Clock;
  readonly devices: DevicePort;
  /** Where the profile starts, until the user chooses. */
  readonly microphoneSource: 'device' | 'tone';
  onBlocked(): void;
  say(what: NoticeContent): void;
}

/** Everything that sounds or listens, each on the device chosen for it, following the settings as they change. */
export class Sounds implements Disposable {
  readonly microphone: Microphone;
  readonly speaker: CallSpeaker;
  readonly ringer: TonePlayer;
  readonly chime: TonePlayer;
  readonly ear: TonePlayer;
  readonly devices: DeviceKeeper;
  readonly #disposables = new DisposableStore();
  /** The microphone's last settings as text: opening it anew is heard, so that only a change does it. */
  #microphoneWas: string;

  constructor({ settings, clock, devices, microphoneSource, onBlocked, say }: SoundsDeps) {
    const now = settings.current;
    this.devices = this.#disposables.add(new DeviceKeeper({ settings, devices, clock, say }));
    const { inUse } = this.devices;
    const first = microphoneOf(now, inUse, microphoneSource);
    this.#microphoneWas = JSON.stringify(first);
    this.microphone = this.#disposables.add(new Microphone(first));
    this.speaker = this.#disposables.add(new CallSpeaker(speakerOf(now, inUse), onBlocked));
    const player = { clock, onBlocked, onStart: () => this.devices.look() };
    this.ringer = this.#disposables.add(new TonePlayer(ringerOf(now, inUse), player));
    this.chime = this.#disposables.add(new TonePlayer(chimeOf(now, inUse), player));
    this.ear = this.#disposables.add(new TonePlayer(speakerOf(now, inUse), player));
    // Every call uses the microphone, also one that only listens.
    this.#disposables.add(
      this.microphone.onChange(({ kind }) => this.devices.setInCall(kind !== 'closed')),
    );
    const apply = () => this.#apply(settings.current, microphoneSource);
    this.devices.whenUsed(apply);
    this.devices.whenLooked(({ microphones }) => this.microphone.notice(microphones));
    this.#disposables.add(settings.onChange(apply));
  }

  /** After the user's press the browser lets everything sound. */
  unblock(): void {
    this.speaker.unblock();
    for (const player of [this.ringer, this.chime, this.ear]) player.unblock();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #apply(settings: Settings, source: 'device' | 'tone'): void {
    const { inUse } = this.devices;
    const microphone = microphoneOf(settings, inUse, source);
    const asText = JSON.stringify(microphone);
    if (asText !== this.#microphoneWas) {
      this.#microphoneWas = asText;
      void this.microphone.configure(microphone);
    }
    void this.speaker.configure(speakerOf(settings, inUse));
    this.ringer.configure(ringerOf(settings, inUse));
    this.chime.configure(chimeOf(settings, inUse));
    this.ear.configure(speakerOf(settings, inUse));
  }
}

function microphoneOf(settings: Settings, inUse: DevicesInUse, source: 'device' | 'tone') {
  return {
    deviceId: inUse.microphone,
    source: settings.microphoneSource ?? source,
    echoCancellation: settings.echoCancellation,
    noiseSuppression: settings.noiseSuppression,
    autoGainControl: settings.autoGainControl,
  };
}
const speakerOf = (settings: Settings, { speaker }: DevicesInUse) => ({
  deviceId: speaker,
  volume: settings.speakerVolume,
});
const ringerOf = (settings: Settings, { ringer }: DevicesInUse) => ({
  deviceId: ringer,
  volume: settings.ringerVolume,
});
const chimeOf = (settings: Settings, { chime }: DevicesInUse) => ({
  deviceId: chime,
  volume: settings.chimeVolume,
});
