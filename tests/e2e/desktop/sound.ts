import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desktopCommand } from './desktop.ts';
import { loudestWindow, loudness, Spectrum } from '../kit/spectrum.ts';
import type { Recording } from '../kit/spectrum.ts';

const RATE = 48_000;
/** Samples of one window of analysis: 5.9 Hz a line. */
const WINDOW = 8_192;
/** Below this, in dBFS, is silence: what a dithered null sink or a codec's comfort noise leaves. */
const SILENCE_DBFS = -60;

/** A loudspeaker that nobody hears but a test: whatever is played there can be recorded from its monitor. */
export interface Sink {
  /** For `PULSE_SINK` and `pactl`. */
  readonly name: string;
  /** What Chromium calls the device in a list of loudspeakers. */
  readonly label: string;
  remove(): Promise<void>;
}

/** A microphone into which a test hums one tone, for ever. */
export interface Microphone {
  /** For `PULSE_SOURCE`. */
  readonly name: string;
  /** What Chromium calls it. */
  readonly label: string;
  remove(): Promise<void>;
}

/** Makes a microphone with a tone of its own; unlike Chromium's fake one it leaves the list of devices alone. */
export async function createMicrophone(
  name: string,
  label: string,
  frequencyHz: number,
): Promise<Microphone> {
  const throat = await createSink(`${name}-throat`, `${label} throat`);
  const module = await desktopCommand(
    'pactl',
    'load-module',
    'module-remap-source',
    `master=${throat.name}.monitor`,
    `source_name=${name}`,
    `source_properties=device.description="${label.replaceAll(' ', '\\ ')}"`,
  );
  const voice = hum(throat, frequencyHz);
  return {
    name,
    label,
    remove: async () => {
      voice.kill('SIGTERM');
      await desktopCommand('pactl', 'unload-module', module);
      await throat.remove();
    },
  };
}

/** Plays a tone into a sink until it is killed. */
function hum(sink: Sink, frequencyHz: number): ChildProcess {
  const child = spawn(
    'pacat',
    [
      '--playback',
      `--device=${sink.name}`,
      '--format=s16le',
      `--rate=${RATE}`,
      '--channels=1',
      '--latency-msec=50',
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const second = tone(frequencyHz, 1);
  const feed = (): void => void child.stdin.write(second, (error) => (error ? undefined : feed()));
  child.stdin.on('error', () => undefined);
  feed();
  return child;
}

/** Makes a sink, one per phone and role. */
export async function createSink(name: string, label: string): Promise<Sink> {
  const module = await desktopCommand(
    'pactl',
    'load-module',
    'module-null-sink',
    `sink_name=${name}`,
    `rate=${RATE}`,
    // Without a description Chromium lists every one of them as "Null Output".
    `sink_properties=device.description="${label.replaceAll(' ', '\\ ')}"`,
  );
  return {
    name,
    label,
    remove: async () => void (await desktopCommand('pactl', 'unload-module', module)),
  };
}

/** Records what a sink plays, from now until `stop`. */
export class SinkRecorder {
  readonly #child: ChildProcess;
  readonly #pieces: Buffer[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (piece: Buffer) => this.#pieces.push(piece));
  }

  /** Resolves once sound (or silence) really arrives. */
  static async start(sink: Sink): Promise<SinkRecorder> {
    const child = spawn('parec', [
      `--device=${sink.name}.monitor`,
      '--format=float32le',
      `--rate=${RATE}`,
      '--channels=1',
      '--latency-msec=200',
    ]);
    const recorder = new SinkRecorder(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`parec of ${sink.name} ended with ${code}`)));
    });
    return recorder;
  }

  async stop(): Promise<Recording> {
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.kill('SIGTERM');
    await ended;
    const bytes = Buffer.concat(this.#pieces);
    const samples = new Float32Array(Math.floor(bytes.length / 4));
    for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readFloatLE(i * 4);
    return { samples, rate: RATE };
  }
}

/** Records several sinks over the same stretch of time. */
export async function listen(
  sinks: readonly Sink[],
  durationMs: number,
): Promise<readonly Recording[]> {
  const recorders = await Promise.all(sinks.map((sink) => SinkRecorder.start(sink)));
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  return Promise.all(recorders.map((recorder) => recorder.stop()));
}

/** A test's judgement of what is heard: `null` when it is as it should be, else what is wrong. */
export type Hearing = string | null;

/** Exactly this tone, clearly above everything else. */
export function hearsTone(sound: Recording, frequencyHz: number, atLeastDbfs = -43): Hearing {
  const spectrum = new Spectrum(sound, WINDOW);
  const level = spectrum.loudnessAt(frequencyHz);
  const { strongestHz } = spectrum;
  if (level < atLeastDbfs) return `${frequencyHz} Hz is at ${level.toFixed(1)} dBFS only`;
  const isIt = Math.abs(strongestHz - frequencyHz) <= 15;
  return isIt ? null : `${strongestHz.toFixed(0)} Hz is louder than ${frequencyHz} Hz`;
}

/** Something that is no single tone: music, or a voice. */
export function hearsSound(sound: Recording, atLeastDbfs = -50): Hearing {
  const level = loudness(sound);
  return level >= atLeastDbfs ? null : `everything together is at ${level.toFixed(1)} dBFS only`;
}

/** Nothing at all, not even a click. */
export function hearsNothing(sound: Recording): Hearing {
  const level = loudestWindow(sound);
  return level < SILENCE_DBFS ? null : `something is at ${level.toFixed(1)} dBFS`;
}

const WAV_HEADER = 44;

/** A WAV file with a tone, for `--use-file-for-fake-audio-capture`, which plays it round and round. */
export function toneFile(frequencyHz: number, seconds = 10): string {
  const count = RATE * seconds;
  const bytes = Buffer.alloc(WAV_HEADER + count * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(count * 2, 40);
  tone(frequencyHz, seconds).copy(bytes, WAV_HEADER);
  const file = join(mkdtempSync(join(tmpdir(), 'parkline-tone-')), `${frequencyHz}.wav`);
  writeFileSync(file, bytes);
  return file;
}

/** A sine of −10 dBFS, 16 bits; whole hertz, so that seconds follow one another without a click. */
function tone(frequencyHz: number, seconds: number): Buffer {
  const bytes = Buffer.alloc(RATE * seconds * 2);
  for (let i = 0; i < RATE * seconds; i += 1) {
    const sample = 0.3 * Math.sin((2 * Math.PI * frequencyHz * i) / RATE);
    bytes.writeInt16LE(Math.round(sample * 32_767), i * 2);
  }
  return bytes;
}
