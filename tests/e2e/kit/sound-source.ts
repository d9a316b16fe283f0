import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { voiceWav } from './voices.ts';
import type { Speaker } from './voices.ts';

const execFileAsync = promisify(execFile);

const WAV_HEADER_BYTES = 44;

/**
 * A microphone of the sound server's, into which one voice speaks for ever. A phone that uses it lists the machine's real
 * devices, which Chromium's make-believe microphone keeps from it.
 */
export class SoundSource {
  readonly name: string;
  readonly #modules: readonly string[];
  readonly #voice: ChildProcess;

  private constructor(name: string, modules: readonly string[], voice: ChildProcess) {
    this.name = name;
    this.#modules = modules;
    this.#voice = voice;
  }

  /** @param name letters, digits and dashes; also what the phone calls it */
  static async open(name: string, voice: Speaker): Promise<SoundSource> {
    const throat = await load(
      'module-null-sink',
      `sink_name=${name}-throat`,
      `sink_properties=device.description=${name}-throat`,
      'rate=48000',
    );
    const mouth = await load(
      'module-remap-source',
      `master=${name}-throat.monitor`,
      `source_name=${name}`,
      `source_properties=device.description=${name}`,
    );
    return new SoundSource(name, [mouth, throat], speak(`${name}-throat`, voice));
  }

  async close(): Promise<void> {
    this.#voice.kill('SIGTERM');
    for (const module of this.#modules) await execFileAsync('pactl', ['unload-module', module]);
  }
}

async function load(...module: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync('pactl', ['load-module', ...module]);
  return stdout.trim();
}

function speak(sink: string, voice: Speaker): ChildProcess {
  const child = spawn(
    'pacat',
    [
      '--playback',
      `--device=${sink}`,
      '--format=s16le',
      '--rate=48000',
      '--channels=1',
      '--latency-msec=50',
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const round = voiceWav(voice).subarray(WAV_HEADER_BYTES);
  const feed = (): void => void child.stdin.write(round, (error) => (error ? undefined : feed()));
  child.stdin.on('error', () => undefined);
  feed();
  return child;
}
