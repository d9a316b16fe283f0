import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';

export interface AudioDevice {
  readonly id: string;
  /** '' until the user has allowed a microphone once. */
  readonly label: string;
}

export interface AudioDevices {
  readonly microphones: readonly AudioDevice[];
  readonly speakers: readonly AudioDevice[];
}

const usable = (device: MediaDeviceInfo) =>
  device.deviceId !== '' && device.deviceId !== 'default' && device.deviceId !== 'communications';

export async function listAudioDevices(): Promise<AudioDevices> {
  if (!('mediaDevices' in navigator)) return { microphones: [], speakers: [] };
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && usable(device))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}

/** Tells when a headset comes or goes. */
export function onAudioDevicesChanged(run: () => void): Disposable {
  if (!('mediaDevices' in navigator)) return onDispose(() => {});
  navigator.mediaDevices.addEventListener('devicechange', run);
  return onDispose(() => navigator.mediaDevices.removeEventListener('devicechange', run));
}
