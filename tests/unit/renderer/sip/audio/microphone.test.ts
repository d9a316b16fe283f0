import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  Microphone,
  type MicrophoneSettings,
} from '../../../../../renderer/sip/audio/microphone.ts';

class FakeTrack {
  label = 'Desk microphone';
  onended: (() => void) | null = null;
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
  clone(): FakeTrack {
    return new FakeTrack();
  }
}

class FakeStream {
  readonly tracks = [new FakeTrack()];
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks;
}

/** The part of an audio graph that makes silence and the tone. */
class FakeAudioContext {
  createMediaStreamDestination = () => ({ stream: new FakeStream() });
  createGain = () => ({ gain: { value: 0 }, connect: (next: unknown) => next });
  createOscillator = () => ({
    frequency: { value: 0 },
    connect: (next: unknown) => next,
    start: () => undefined,
  });
  resume = () => Promise.resolve();
  close = () => Promise.resolve();
}

const settings: MicrophoneSettings = {
  deviceId: null,
  source: 'device',
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

let handOut: ((stream: FakeStream) => void)[];

beforeEach(() => {
  handOut = [];
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: () => new Promise<FakeStream>((resolve) => handOut.push(resolve)),
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a microphone that is handed out after the user chose the tone is closed at once', async () => {
  const microphone = new Microphone(settings);
  const given: unknown[] = [];
  microphone.use((track) => given.push(track));
  await microphone.configure({ ...settings, source: 'tone' });
  expect(microphone.status).toEqual({ kind: 'tone' });
  const late = new FakeStream();
  handOut[0]?.(late);
  await vi.waitFor(() => expect(late.tracks[0]?.stopped).toBe(true));
  expect(microphone.status).toEqual({ kind: 'tone' });
  expect(given).toHaveLength(1);
  microphone.dispose();
});

test('a microphone is open only while a call uses it', async () => {
  const microphone = new Microphone(settings);
  const use = microphone.use(() => undefined);
  expect(microphone.status).toEqual({ kind: 'opening' });
  const device = new FakeStream();
  handOut[0]?.(device);
  await vi.waitFor(() =>
    expect(microphone.status).toEqual({ kind: 'live', deviceLabel: 'Desk microphone' }),
  );
  use.dispose();
  expect(device.tracks[0]?.stopped).toBe(true);
  expect(microphone.status).toEqual({ kind: 'closed' });
});
