/** Everything that can be played, prepared: the built-in music, tenants' music by name, tones, and clips by number. */
import { assertNever } from '../../domain/assert-never.ts';
import { unpackAudio } from '../music/packed-audio.ts';
import type { PreparedAudio } from '../music/prepared-audio.ts';
import { prepareSounds, type SoundName } from '../music/sound-set.ts';
import { isRepeating } from '../music/tones.ts';
import type { Pcm } from '../music/wav.ts';
import type { LoopSource } from './loop/media-loop.ts';
import type { PlayRequest } from './player.ts';

export class SoundLibrary {
  readonly #sound: (name: SoundName) => PreparedAudio;
  readonly #music = new Map<string, PreparedAudio>();
  readonly #clips = new Map<number, PreparedAudio>();

  /** @param holdMusic the music for whoever has none of their own; default: the built-in piece. Takes over a second then, in small steps. */
  static async load(holdMusic?: Pcm): Promise<SoundLibrary> {
    const sounds = await prepareSounds(holdMusic);
    return new SoundLibrary((name) => sounds[name]);
  }

  /** @param sound asked at every frame: what it gives may change */
  constructor(sound: (name: SoundName) => PreparedAudio) {
    this.#sound = sound;
  }

  /** @param packed `packAudio`'s; anything else is a bug */
  addClip(clip: number, packed: Uint8Array): void {
    const audio = unpackAudio(packed);
    if (!audio) throw new Error(`clip ${clip} is no packed audio`);
    this.#clips.set(clip, audio);
  }

  /** Whoever hears it goes on hearing it. */
  dropClip(clip: number): void {
    this.#clips.delete(clip);
  }

  /** Registers or replaces; who listens to that name hears the new one from the next frame on. */
  addMusic(name: string, clip: number): void {
    this.#music.set(name, this.#clip(clip));
  }

  /** Who listens to that name hears the built-in music from the next frame on. */
  removeMusic(name: string): void {
    this.#music.delete(name);
  }

  request(source: LoopSource): Omit<PlayRequest, 'onFinished'> {
    switch (source.kind) {
      case 'music': {
        const { name } = source;
        const named = (): PreparedAudio | undefined =>
          name === undefined ? undefined : this.#music.get(name);
        return { audio: () => named() ?? this.#sound('music'), mode: 'shared' };
      }
      case 'tone': {
        const { tone } = source;
        return { audio: () => this.#sound(tone), mode: isRepeating(tone) ? 'loop' : 'once' };
      }
      case 'clip': {
        const clip = this.#clip(source.clip);
        return { audio: () => clip, mode: source.loop ? 'loop' : 'once' };
      }
      default:
        return assertNever(source);
    }
  }

  #clip(number: number): PreparedAudio {
    const clip = this.#clips.get(number);
    if (!clip) throw new Error(`no clip ${number}`);
    return clip;
  }
}
