import { useEffect, useState } from 'react';
import {
  listAudioDevices,
  onAudioDevicesChanged,
  type AudioDevice,
  type AudioDevices,
} from '../../../sip/audio/devices.ts';
import { RINGTONE_NAMES, RINGTONES } from '../../../sip/audio/ringtones.ts';
import { PARK_CHIME } from '../../../sip/audio/sounds.ts';
import { ActionButton } from '../../../controls/action-button.tsx';
import { Choice } from '../../../controls/choice.tsx';
import { OnOff } from '../../../controls/on-off.tsx';
import { Volume } from '../../../controls/volume.tsx';
import { useSession, useSettings } from '../../session-context.tsx';
import { useSay, type Say } from '../../text.tsx';
import { LevelMeter } from './level-meter.tsx';
import { TestCall } from './test-call.tsx';
import { MicrophoneTest } from './microphone-test.tsx';

const DEFAULT = 'default';
const TONE = 'tone';
const TEST_RING_MS = 2_600;

/** Microphone, speaker, ringer and chime, each on a device of its own. */
export function SoundSettings() {
  const say = useSay();
  const { settings, sounds } = useSession();
  const now = useSettings();
  const devices = useAudioDevices();
  return (
    <section className="group" aria-labelledby="settings-sound">
      <h3 id="settings-sound">{say('settings.sound')}</h3>
      <MicrophoneChoice devices={devices.microphones} />
      <MicrophoneTest />
      <OnOff
        label={say('settings.echo')}
        isOn={now.echoCancellation}
        onChange={(echoCancellation) => settings.change({ echoCancellation })}
      />
      <OnOff
        label={say('settings.noise')}
        isOn={now.noiseSuppression}
        onChange={(noiseSuppression) => settings.change({ noiseSuppression })}
      />
      <OnOff
        label={say('settings.gain')}
        isOn={now.autoGainControl}
        onChange={(autoGainControl) => settings.change({ autoGainControl })}
      />
      <DeviceChoice
        label={say('settings.speaker')}
        value={now.speakerDevice}
        devices={devices.speakers}
        onChange={(device) => sounds.devices.choose('speaker', device)}
      />
      <Volume
        label={say('settings.speakerVolume')}
        value={now.speakerVolume}
        onChange={(speakerVolume) => settings.change({ speakerVolume })}
      />
      <DeviceChoice
        label={say('settings.ringer')}
        value={now.ringerDevice}
        devices={devices.speakers}
        onChange={(device) => sounds.devices.choose('ringer', device)}
      />
      <Choice
        label={say('settings.ringtone')}
        value={now.ringtone}
        options={RINGTONE_NAMES.map((value) => ({
          value,
          label: say(`settings.ringtone.${value}`),
        }))}
        onChange={(ringtone) => settings.change({ ringtone })}
      />
      <Volume
        label={say('settings.ringerVolume')}
        value={now.ringerVolume}
        onChange={(ringerVolume) => settings.change({ ringerVolume })}
      />
      <DeviceChoice
        label={say('settings.chimeDevice')}
        value={now.chimeDevice}
        devices={devices.speakers}
        onChange={(device) => sounds.devices.choose('chime', device)}
      />
      <Volume
        label={say('settings.chimeVolume')}
        value={now.chimeVolume}
        onChange={(chimeVolume) => settings.change({ chimeVolume })}
      />
      <SoundTests />
      <TestCall />
    </section>
  );
}

function SoundTests() {
  const say = useSay();
  const { sounds, settings, world } = useSession();
  const [heard, setHeard] = useState<readonly MediaStream[]>([]);
  const ring = () => {
    const playing = sounds.ringer.play(RINGTONES[settings.current.ringtone]);
    world.clock.after(TEST_RING_MS, () => playing.dispose());
  };
  useEffect(() => {
    const tap = sounds.ear.tap();
    setHeard([tap.stream, ...sounds.speaker.streams]);
    return () => tap.dispose();
  }, [sounds]);
  return (
    <>
      <LevelMeter label={say('settings.speakerLevel')} streams={heard} />
      <div className="form-actions">
        <ActionButton onPress={() => void sounds.ear.play(PARK_CHIME)}>
          {say('settings.testSpeaker')}
        </ActionButton>
        <ActionButton onPress={ring}>{say('settings.testRinger')}</ActionButton>
        <ActionButton onPress={() => void sounds.chime.play(PARK_CHIME)}>
          {say('settings.testChime')}
        </ActionButton>
      </div>
    </>
  );
}

function MicrophoneChoice({ devices }: { readonly devices: readonly AudioDevice[] }) {
  const say = useSay();
  const { settings, sounds, world } = useSession();
  const now = useSettings();
  const tone = (now.microphoneSource ?? world.profile?.microphone) === 'tone';
  const options = [
    { value: DEFAULT, label: say('settings.defaultDevice') },
    ...devices.map((device, index) => ({ value: device.id, label: labelOf(device, index, say) })),
    { value: TONE, label: say('settings.toneInstead') },
  ];
  const pick = (value: string) => {
    settings.change({ microphoneSource: value === TONE ? 'tone' : 'device' });
    if (value !== TONE)
      sounds.devices.choose('microphone', devices.find(({ id }) => id === value) ?? null);
  };
  return (
    <Choice
      label={say('settings.microphone')}
      value={tone ? TONE : (now.microphoneDevice ?? DEFAULT)}
      options={options}
      onChange={pick}
    />
  );
}

interface DeviceChoiceProps {
  readonly label: string;
  readonly value: string | null;
  readonly devices: readonly AudioDevice[];
  onChange(device: AudioDevice | null): void;
}

/** A device that was chosen but is unplugged stays chosen, and says so. */
function DeviceChoice({ label, value, devices, onChange }: DeviceChoiceProps) {
  const say = useSay();
  const missing = value !== null && !devices.some((device) => device.id === value);
  const options = [
    { value: DEFAULT, label: say('settings.defaultDevice') },
    ...devices.map((device, index) => ({ value: device.id, label: labelOf(device, index, say) })),
    ...(missing ? [{ value, label: say('settings.missingDevice') }] : []),
  ];
  return (
    <Choice
      label={label}
      value={value ?? DEFAULT}
      options={options}
      onChange={(next) => onChange(devices.find(({ id }) => id === next) ?? null)}
    />
  );
}

function labelOf(device: AudioDevice, index: number, say: Say): string {
  return device.label === '' ? say('settings.unnamedDevice', { number: index + 1 }) : device.label;
}

function useAudioDevices(): AudioDevices {
  const [devices, setDevices] = useState<AudioDevices>({ microphones: [], speakers: [] });
  useEffect(() => {
    let current = true;
    const load = () => void listAudioDevices().then((found) => current && setDevices(found));
    load();
    const changes = onAudioDevicesChanged(load);
    return () => {
      current = false;
      changes.dispose();
    };
  }, []);
  return devices;
}
