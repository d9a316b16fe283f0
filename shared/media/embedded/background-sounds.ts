/** Sounds that get ready while the server serves already: from a file that an earlier start left, else by a process of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { encodeG711 } from '../music/g711.ts';
import { G722Encoder } from '../music/g722.ts';
import { packAudio, unpackAudio } from '../music/packed-audio.ts';
import { PreparedAudio } from '../music/prepared-audio.ts';
import { prepareSound, SOUND_NAMES, type SoundName } from '../music/sound-set.ts';
import type { Pcm } from '../music/wav.ts';
import type { PackedSound, SoundOrder } from './sound-maker.ts';

/** Named by a URL, as the packed server renames what it finds so. */
const MAKER = new URL('./sound-maker.ts', import.meta.url);

export interface BackgroundSoundsOptions {
  /** Undefined: the built-in piece. */
  readonly music: Pcm | undefined;
  /** Where the prepared sounds are kept between starts, about 1 MB; undefined: nowhere. */
  readonly cacheFile: string | undefined;
  /** Starts the process that prepares them; may throw. Default: as a process of Node's. */
  readonly startMaker?: () => ChildProcess;
}

/** What the process might print is not the server's own output, which programs read. */
export function startSoundMaker(): ChildProcess {
  return fork(fileURLToPath(MAKER), { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
}

/** A sound that is not ready yet is silence: listeners get packets, and hear it from where it then is. */
export class BackgroundSounds {
  readonly #options: BackgroundSoundsOptions;
  readonly #ready = new Map<SoundName, PreparedAudio>();
  readonly #silence = silentFrame();
  readonly #key: string;
  #maker: ChildProcess | undefined;
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
    // It ignores what asks it kindly, and has nothing to tidy up.
    this.#maker?.kill('SIGKILL');
  }

  async #prepare(): Promise<void> {
    try {
      await this.#prepareApart();
    } catch {
      // A system that gives us no process: the same in this thread, in small steps.
      await this.#prepareHere();
    }
    if (!this.#closed) await this.#writeCache();
  }

  #prepareApart(): Promise<void> {
    const { music, startMaker = startSoundMaker } = this.#options;
    return new Promise((resolve, reject) => {
      const maker = startMaker();
      this.#maker = maker;
      stepBack(maker);
      maker.on('message', ({ name, packed }: PackedSound) => {
        const audio = unpackAudio(packed);
        if (audio !== undefined) this.#ready.set(name, audio);
      });
      maker.on('error', reject);
      maker.once('exit', () => {
        if (this.#closed || this.#complete) resolve();
        else reject(new Error('the sounds were not prepared'));
      });
      // One that could not be started says so as an error of its own.
      maker.send({ music } satisfies SoundOrder, () => undefined);
      maker.unref();
      maker.channel?.unref();
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

/** Calls go first: nobody waits for the sounds. */
function stepBack({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Gone already, or a system that does not let us.
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
