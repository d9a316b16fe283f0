import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import { Emitter } from '../emitter.ts';

export interface MicrophoneSettings {
  /** `null`: the system's default. */
  readonly deviceId: string | null;
  /** `tone` sends a quiet tone instead of opening a microphone: two phones on one machine must not echo each other. */
  readonly source: 'device' | 'tone';
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

export type MicrophoneProblem = 'refused' | 'none' | 'busy';

export type MicrophoneStatus =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'live'; readonly deviceLabel: string }
  | { readonly kind: 'tone' }
  /** Calls go on listen-only. */
  | { readonly kind: 'missing'; readonly problem: MicrophoneProblem };

const TONE_HZ = 440;
const TONE_GAIN = 0.06;

/**
 * One microphone for all calls. A call takes a track at once (silence), which is replaced by the real one as soon as the browser
 * hands it out: setting up the call never waits for a permission question, and a call without a microphone is an ordinary call.
 * The device is open only while a call uses it.
 */
export class Microphone implements Disposable {
  readonly #changes = new Emitter<MicrophoneStatus>();
  #settings: MicrophoneSettings;
  #status: MicrophoneStatus = { kind: 'closed' };
  #context: AudioContext | null = null;
  #stream: MediaStream | null = null;
  #opening: Promise<MediaStream | null> | null = null;
  /** Only the newest attempt to open a microphone counts. */
  #attempt = 0;
  /** The chosen device was away when the microphone was opened: the default took its place. */
  #isSubstitute = false;
  #users = new Set<MicrophoneUser>();

  constructor(settings: MicrophoneSettings) {
    this.#settings = settings;
  }

  get status(): MicrophoneStatus {
    return this.#status;
  }

  onChange(run: (status: MicrophoneStatus) => void): Disposable {
    return this.#changes.listen(run);
  }

  /** A call begins: it gets a track to send now; `attach` is told whenever a better one is there. */
  use(attach: (track: MediaStreamTrack) => void): { readonly stream: MediaStream } & Disposable {
    const placeholder = this.#silence();
    const user = new MicrophoneUser(attach);
    this.#users.add(user);
    void this.#supply(user);
    const released = onDispose(() => {
      this.#users.delete(user);
      user.release();
      for (const track of placeholder.getTracks()) track.stop();
      if (this.#users.size === 0) this.#close();
    });
    return { stream: placeholder, dispose: () => released.dispose() };
  }

  /** New settings take effect at once, also in the middle of a call. */
  async configure(settings: MicrophoneSettings): Promise<void> {
    this.#settings = settings;
    if (this.#users.size === 0) return;
    await this.retry();
  }

  /** Opens the microphone again: after the user mended a permission or plugged one in. */
  async retry(): Promise<void> {
    this.#closeStream();
    this.#opening = null;
    await Promise.all([...this.#users].map((user) => this.#supply(user)));
  }

  /** Devices were looked at: a chosen one that was away for a moment only is used again. */
  notice(present: readonly { readonly id: string }[]): void {
    const { deviceId } = this.#settings;
    if (this.#isSubstitute && present.some(({ id }) => id === deviceId)) void this.retry();
  }

  /** Opens the chosen device for a level meter in the settings, apart from any call. */
  async openForTest(): Promise<MediaStream | null> {
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: this.#constraints(),
        video: false,
      });
    } catch {
      return null;
    }
  }

  dispose(): void {
    for (const user of this.#users) user.release();
    this.#users.clear();
    this.#close();
    void this.#context?.close();
    this.#context = null;
  }

  async #supply(user: MicrophoneUser): Promise<void> {
    this.#opening ??= this.#open();
    const stream = await this.#opening;
    const track = stream?.getAudioTracks()[0];
    if (track === undefined || !this.#users.has(user)) return;
    user.give(track.clone());
  }

  async #open(): Promise<MediaStream | null> {
    const attempt = (this.#attempt += 1);
    if (this.#settings.source === 'tone') {
      this.#stream = this.#tone();
      this.#become({ kind: 'tone' });
      return this.#stream;
    }
    this.#become({ kind: 'opening' });
    try {
      const stream = await this.#request(attempt);
      if (attempt === this.#attempt) return this.#adopt(stream);
      stop(stream);
    } catch (cause) {
      if (attempt === this.#attempt) this.#become({ kind: 'missing', problem: problemOf(cause) });
    }
    return null;
  }

  /** A chosen device that is unplugged falls back to the default rather than to silence. */
  async #request(attempt: number): Promise<MediaStream> {
    if (!('mediaDevices' in navigator)) throw new DOMException('no media devices', 'NotFoundError');
    this.#isSubstitute = false;
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: this.#constraints(),
        video: false,
      });
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== 'OverconstrainedError') throw cause;
      if (attempt === this.#attempt) this.#isSubstitute = true;
      return navigator.mediaDevices.getUserMedia({
        audio: { ...this.#constraints(), deviceId: 'default' },
        video: false,
      });
    }
  }

  #adopt(stream: MediaStream): MediaStream | null {
    if (this.#users.size === 0) {
      stop(stream);
      this.#opening = null;
      this.#become({ kind: 'closed' });
      return null;
    }
    this.#stream = stream;
    const track = stream.getAudioTracks()[0];
    if (track !== undefined) track.onended = () => void this.retry();
    this.#become({ kind: 'live', deviceLabel: track?.label ?? '' });
    return stream;
  }

  #constraints(): MediaTrackConstraints {
    const { deviceId, echoCancellation, noiseSuppression, autoGainControl } = this.#settings;
    return {
      echoCancellation,
      noiseSuppression,
      autoGainControl,
      ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
    };
  }

  #audio(): AudioContext {
    this.#context ??= new AudioContext({ latencyHint: 'interactive' });
    return this.#context;
  }

  #silence(): MediaStream {
    return this.#audio().createMediaStreamDestination().stream;
  }

  #tone(): MediaStream {
    const context = this.#audio();
    void context.resume();
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const destination = context.createMediaStreamDestination();
    oscillator.frequency.value = TONE_HZ;
    gain.gain.value = TONE_GAIN;
    oscillator.connect(gain).connect(destination);
    oscillator.start();
    return destination.stream;
  }

  #become(status: MicrophoneStatus): void {
    this.#status = status;
    this.#changes.emit(status);
  }

  #close(): void {
    this.#closeStream();
    this.#opening = null;
    this.#become({ kind: 'closed' });
  }

  #closeStream(): void {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.#stream = null;
  }
}

class MicrophoneUser {
  readonly #attach: (track: MediaStreamTrack) => void;
  #track: MediaStreamTrack | null = null;

  constructor(attach: (track: MediaStreamTrack) => void) {
    this.#attach = attach;
  }

  give(track: MediaStreamTrack): void {
    const previous = this.#track;
    this.#track = track;
    this.#attach(track);
    previous?.stop();
  }

  release(): void {
    this.#track?.stop();
    this.#track = null;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function problemOf(cause: unknown): MicrophoneProblem {
  if (!(cause instanceof DOMException)) return 'none';
  if (cause.name === 'NotAllowedError' || cause.name === 'SecurityError') return 'refused';
  return cause.name === 'NotReadableError' ? 'busy' : 'none';
}
