/** Sounds that get ready while the server serves already: from a file that an earlier start left, else by a thread of their own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { encodeG711 } from '../music/g711.ts';
import { G722Encoder } from '../music/g722.ts';
import { packAudio, unpackAudio } from '../music/packed-audio.ts';
import { PreparedAudio } from '../music/prepared-audio.ts';
import { prepareSound, SOUND_NAMES, type SoundName } from '../music/sound-set.ts';
import type { Pcm } from '../music/wav.ts';
import type { PackedSound } from './sound-worker.ts';

export interface BackgroundSoundsOptions {
  /** Undefined: the built-in piece. */
  readonly music: Pcm | undefined;
  /** Where the prepared sounds are kept between starts, about 1 MB; undefined: nowhere. */
  readonly cacheFile: string | undefined;
}

/** A sound that is not ready yet is silence: listeners get packets, and hear it from where it then is. */
export class BackgroundSounds {
  readonly #options: BackgroundSoundsOptions;
  readonly #ready = new Map<SoundName, PreparedAudio>();
  readonly #silence = silentFrame();
  readonly #key: string;
  #worker: Worker | undefined;
  #closed = false;
  /** Settles when every sound is ready, and kept where a file was named; at once when they were. Never rejects. */
  readonly done: Promise<void>;

  constructor(options: BackgroundSoundsOptions) {
    this.#options = options;
    this.#key = keyOf(options.music);
    this.done = this.#readCache() ? Promise.resolve() : this.#prepare();
  }

  sound(name: SoundName): PreparedAudio {
    return this.#ready.get(name) ?? this.#silence;
  }

  /** Ends the preparation. Harmless twice. */
  close(): void {
    this.#closed = true;
    void this.#worker?.terminate();
  }

  async #prepare(): Promise<void> {
    try {
      await this.#prepareInThread();
    } catch {
      // A system that gives us no thread: the same on this one, in small steps.
      await this.#prepareHere();
    }
    if (!this.#closed) await this.#writeCache();
  }

  #prepareInThread(): Promise<void> {
    const { music } = this.#options;
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./sound-worker.ts', import.meta.url), {
        workerData: { music },
      });
      this.#worker = worker;
      worker.unref();
      worker.on('message', ({ name, packed }: PackedSound) => {
        const audio = unpackAudio(packed);
        if (audio !== undefined) this.#ready.set(name, audio);
      });
      worker.once('error', reject);
      worker.once('exit', () => {
        if (this.#closed || this.#complete) resolve();
        else reject(new Error('the sounds were not prepared'));
      });
    });
  }

  async #prepareHere(): Promise<void> {
    for (const name of SOUND_NAMES) {
      if (this.#closed) return;
      if (!this.#ready.has(name)) {
        this.#ready.set(name, await prepareSound(name, this.#options.music));
      }
    }
  }

  get #complete(): boolean {
    return this.#ready.size === SOUND_NAMES.length;
  }

  /** The file: key line, then per sound its length (32 bit) and its bytes. Anything odd about it, and it is made anew. */
  #readCache(): boolean {
    const file = this.#options.cacheFile;
    if (file === undefined) return false;
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch {
      return false;
    }
    if (bytes.toString('latin1', 0, this.#key.length) !== this.#key) return false;
    let at = this.#key.length;
    for (const name of SOUND_NAMES) {
      if (at + 4 > bytes.length) break;
      const end = at + 4 + bytes.readUInt32BE(at);
      const audio = unpackAudio(bytes.subarray(at + 4, end));
      if (audio !== undefined) this.#ready.set(name, audio);
      at = end;
    }
    return this.#complete && at === bytes.length;
  }

  async #writeCache(): Promise<void> {
    const file = this.#options.cacheFile;
    if (file === undefined || !this.#complete) return;
    const parts: Uint8Array[] = [Buffer.from(this.#key, 'latin1')];
    for (const name of SOUND_NAMES) {
      const packed = packAudio(this.sound(name));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(packed.length);
      parts.push(length, packed);
    }
    const partial = `${file}.${process.pid}.partial`;
    try {
      await writeFile(partial, Buffer.concat(parts), { mode: 0o600 });
      await rename(partial, file);
    } catch {
      // A full disk costs the next start a second of another thread, nothing more.
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }
}

function keyOf(music: Pcm | undefined): string {
  const hash = createHash('sha256').update(music === undefined ? 'built-in' : `${music.rate}\n`);
  if (music !== undefined) {
    const { buffer, byteOffset, byteLength } = music.samples;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return `parkline-sounds ${hash.digest('hex')}\n`;
}

/** 20 ms of nothing in every codec. */
function silentFrame(): PreparedAudio {
  const narrow = new Int16Array(160);
  return new PreparedAudio({
    opus: [Uint8Array.of(0xf8, 0xff, 0xfe)],
    G722: [new G722Encoder().encode(new Int16Array(320))],
    PCMU: [encodeG711('PCMU', narrow)],
    PCMA: [encodeG711('PCMA', narrow)],
  });
}
