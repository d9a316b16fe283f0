import type { Clock } from '../../../shared/domain/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/domain/disposable.ts';
import { CallSpeaker } from '../../sip/audio/call-speaker.ts';
import { Microphone } from '../../sip/audio/microphone.ts';
import { TonePlayer } from '../../sip/audio/tone-player.ts';
import type { Settings } from './settings.ts';
import type { SettingsStore } from './settings-store.ts';

interface SoundsDeps {
  readonly settings: SettingsStore;
  readonly clock: Clock;
  /** Where the profile starts, until the user chooses. */
  readonly microphoneSource: 'device' | 'tone';
  onBlocked(): void;
}

/** Everything that sounds or listens, each on the device chosen for it, following the settings as they change. */
export class Sounds implements Disposable {
  readonly microphone: Microphone;
  readonly speaker: CallSpeaker;
  readonly ringer: TonePlayer;
  readonly chime: TonePlayer;
  readonly ear: TonePlayer;
  readonly #disposables = new DisposableStore();

  constructor({ settings, clock, microphoneSource, onBlocked }: SoundsDeps) {
    const source = (now: Settings) => now.microphoneSource ?? microphoneSource;
    const now = settings.current;
    this.microphone = this.#disposables.add(new Microphone(microphoneOf(now, source(now))));
    this.speaker = this.#disposables.add(new CallSpeaker(speakerOf(now), onBlocked));
    this.ringer = this.#disposables.add(new TonePlayer(clock, ringerOf(now), onBlocked));
    this.chime = this.#disposables.add(new TonePlayer(clock, chimeOf(now), onBlocked));
    this.ear = this.#disposables.add(new TonePlayer(clock, speakerOf(now), onBlocked));
    this.#disposables.add(
      settings.onChange((next) => {
        void this.microphone.configure(microphoneOf(next, source(next)));
        void this.speaker.configure(speakerOf(next));
        this.ringer.configure(ringerOf(next));
        this.chime.configure(chimeOf(next));
        this.ear.configure(speakerOf(next));
      }),
    );
  }

  /** After the user's press the browser lets everything sound. */
  unblock(): void {
    this.speaker.unblock();
    for (const player of [this.ringer, this.chime, this.ear]) player.unblock();
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

const microphoneOf = (settings: Settings, source: 'device' | 'tone') => ({
  deviceId: settings.microphoneDevice,
  source,
  echoCancellation: settings.echoCancellation,
  noiseSuppression: settings.noiseSuppression,
  autoGainControl: settings.autoGainControl,
});
const speakerOf = (settings: Settings) => ({
  deviceId: settings.speakerDevice,
  volume: settings.speakerVolume,
});
const ringerOf = (settings: Settings) => ({
  deviceId: settings.ringerDevice,
  volume: settings.ringerVolume,
});
const chimeOf = (settings: Settings) => ({
  deviceId: settings.chimeDevice,
  volume: settings.chimeVolume,
});
