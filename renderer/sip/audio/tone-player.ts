import type { Clock } from '../../../shared/domain/clock.ts';
import { onDispose, type Disposable } from '../../../shared/domain/disposable.ts';
import type { Sound } from './sounds.ts';

export interface TonePlayerSettings {
  /** `null`: the system's default. */
  readonly deviceId: string | null;
  /** 0–1 */
  readonly volume: number;
}

interface TonePlayerDeps {
  readonly clock: Clock;
  /** The browser wants a press before it plays anything. */
  onBlocked(): void;
  /** Something begins to sound: time to see whether its device is still there. */
  onStart(): void;
}

const FADE_S = 0.012;
/** A context that has not started by then waits for the user. */
const BLOCKED_AFTER_MS = 400;

/**
 * Plays our own sounds on a device of their own. There is one for the ringer, one for the park chime and one for the ear: each
 * keeps its device and volume. The device is released when nothing sounds.
 */
export class TonePlayer implements Disposable {
  readonly #clock: Clock;
  readonly #deps: TonePlayerDeps;
  #settings: TonePlayerSettings;
  #context: AudioContext | null = null;
  /** All that sounds goes through it, on its way to the device and to whoever taps. */
  #bus: GainNode | null = null;
  #playing: Disposable | null = null;

  constructor(settings: TonePlayerSettings, deps: TonePlayerDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#clock = deps.clock;
  }

  get sounding(): boolean {
    return this.#playing !== null;
  }

  /** Plays `sound` instead of whatever this player played. Returns what stops it. */
  play(sound: Sound): Disposable {
    this.#playing?.dispose();
    const context = this.#ready();
    const output = context.createGain();
    output.gain.value = this.#settings.volume;
    output.connect(this.#bus ?? context.destination);
    let timer: Disposable | null = null;
    const round = () => {
      schedule(context, output, sound);
      if (sound.everyMs !== null) timer = this.#clock.after(sound.everyMs, round);
      else timer = this.#clock.after(lengthOf(sound) + 50, () => playing.dispose());
    };
    const playing = onDispose(() => {
      timer?.dispose();
      output.gain.setTargetAtTime(0, context.currentTime, FADE_S);
      this.#clock.after(100, () => output.disconnect());
      if (this.#playing !== playing) return;
      this.#playing = null;
      this.#clock.after(400, () => this.#rest());
    });
    this.#playing = playing;
    round();
    this.#deps.onStart();
    return playing;
  }

  /** What this player sounds, for a level meter, until disposed. */
  tap(): { readonly stream: MediaStream } & Disposable {
    const context = this.#open();
    const destination = context.createMediaStreamDestination();
    const bus = this.#bus;
    bus?.connect(destination);
    return { stream: destination.stream, dispose: () => bus?.disconnect(destination) };
  }

  configure(settings: TonePlayerSettings): void {
    this.#settings = settings;
    if (this.#context !== null) void useSink(this.#context, settings.deviceId);
  }

  /** After a press of the user the browser lets us sound. */
  unblock(): void {
    void this.#context?.resume();
  }

  dispose(): void {
    this.#playing?.dispose();
    void this.#context?.close();
    this.#context = null;
  }

  #ready(): AudioContext {
    const context = this.#open();
    void context.resume();
    this.#watchStart(context);
    return context;
  }

  #open(): AudioContext {
    if (this.#context === null) {
      this.#context = new AudioContext({ latencyHint: 'interactive' });
      this.#bus = this.#context.createGain();
      this.#bus.connect(this.#context.destination);
      void useSink(this.#context, this.#settings.deviceId);
    }
    return this.#context;
  }

  #watchStart(context: AudioContext): void {
    this.#clock.after(BLOCKED_AFTER_MS, () => {
      const started = context.state === 'running' || this.#playing === null;
      if (!started && navigator.userActivation?.hasBeenActive === false) this.#deps.onBlocked();
    });
  }

  #rest(): void {
    if (this.#playing === null) void this.#context?.suspend();
  }
}

function lengthOf(sound: Sound): number {
  return Math.max(...sound.notes.map((note) => note.atMs + note.forMs));
}

function schedule(context: AudioContext, output: AudioNode, sound: Sound): void {
  for (const note of sound.notes) {
    const from = context.currentTime + note.atMs / 1000;
    const to = from + note.forMs / 1000;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0, from);
    envelope.gain.linearRampToValueAtTime(note.gain / note.hz.length, from + FADE_S);
    envelope.gain.setValueAtTime(note.gain / note.hz.length, Math.max(from + FADE_S, to - 0.05));
    envelope.gain.linearRampToValueAtTime(0, to);
    envelope.connect(output);
    for (const hz of note.hz) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = hz;
      oscillator.connect(envelope);
      oscillator.start(from);
      oscillator.stop(to + 0.02);
    }
  }
}

interface SinkContext {
  setSinkId(sinkId: string): Promise<void>;
}

const canChooseSink = (context: unknown): context is SinkContext =>
  typeof context === 'object' &&
  context !== null &&
  'setSinkId' in context &&
  typeof context.setSinkId === 'function';

async function useSink(context: AudioContext, deviceId: string | null): Promise<void> {
  if (!canChooseSink(context)) return;
  // A device that went in this very moment: the default rather than silence.
  await context.setSinkId(deviceId ?? '').catch(() => context.setSinkId('').catch(() => {}));
}
