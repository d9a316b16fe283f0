import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { EAR_MS } from './hearing.ts';
import type { Ear } from './hearing.ts';
import type { Recording } from './spectrum.ts';

const execFileAsync = promisify(execFile);

const RATE = 16_000;
const KEPT_SAMPLES = (RATE * EAR_MS) / 1_000;

/**
 * A loudspeaker without a sound: a PulseAudio null sink, and somebody who listens at its monitor. What is heard here was
 * really played, on this device and no other.
 */
export class SoundSink {
  readonly name: string;
  readonly ear: Ear;
  readonly #module: string;
  readonly #recorder: ChildProcess;
  #kept = new Float32Array(KEPT_SAMPLES);
  #odd: Buffer = Buffer.alloc(0);

  private constructor(name: string, module: string) {
    this.name = name;
    this.#module = module;
    this.#recorder = spawn(
      'parec',
      [
        `--device=${name}.monitor`,
        '--format=s16le',
        `--rate=${RATE}`,
        '--channels=1',
        '--latency-msec=40',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    this.#recorder.stdout?.on('data', (bytes: Buffer) => this.#keep(bytes));
    this.ear = { whose: `the loudspeaker ${name}`, listen: async () => this.recording() };
  }

  /** @param name letters, digits and dashes; also its description, or Chromium lists all of them as "Null Output" */
  static async open(name: string): Promise<SoundSink> {
    const { stdout } = await execFileAsync('pactl', [
      'load-module',
      'module-null-sink',
      `sink_name=${name}`,
      `sink_properties=device.description=${name}`,
      `rate=48000`,
    ]);
    return new SoundSink(name, stdout.trim());
  }

  /** The last of what was played. */
  recording(): Recording {
    return { rate: RATE, samples: this.#kept.slice() };
  }

  async close(): Promise<void> {
    this.#recorder.kill();
    await execFileAsync('pactl', ['unload-module', this.#module]);
  }

  #keep(bytes: Buffer): void {
    const whole = Buffer.concat([this.#odd, bytes]);
    const count = Math.min(KEPT_SAMPLES, whole.length >> 1);
    const from = (whole.length >> 1) - count;
    this.#odd = whole.subarray(whole.length & ~1);
    const all = new Float32Array(KEPT_SAMPLES);
    all.set(this.#kept.subarray(count));
    for (let n = 0; n < count; n += 1) {
      all[KEPT_SAMPLES - count + n] = whole.readInt16LE(2 * (from + n)) / 32_768;
    }
    this.#kept = all;
  }
}
