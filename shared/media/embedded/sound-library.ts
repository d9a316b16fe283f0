/** Everything that can be played, prepared: the built-in music, tenants' music by name, tones, and clips that come with the request. */
import { assertNever } from '../../domain/assert-never.ts';
import type { PlaySource } from '../engine.ts';
import { PreparedAudio } from '../music/prepared-audio.ts';
import { prepareSounds, type SoundName } from '../music/sound-set.ts';
import { isRepeating } from '../music/tones.ts';
import type { Pcm } from '../music/wav.ts';
import type { PlayRequest } from './player.ts';

export class SoundLibrary {
  readonly #sound: (name: SoundName) => PreparedAudio;
  readonly #music = new Map<string, PreparedAudio>();

  /** @param holdMusic the music for whoever has none of their own; default: the built-in piece. Takes over a second then, in small steps. */
  static async load(holdMusic?: Pcm): Promise<SoundLibrary> {
    const sounds = await prepareSounds(holdMusic);
    return new SoundLibrary((name) => sounds[name]);
  }

  /** @param sound asked at every frame: what it gives may change */
  constructor(sound: (name: SoundName) => PreparedAudio) {
    this.#sound = sound;
  }

  addMusic(name: string, audio: PreparedAudio): void {
    this.#music.set(name, audio);
  }

  request(source: PlaySource): Omit<PlayRequest, 'onFinished'> {
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
        const { clip } = source;
        if (!(clip instanceof PreparedAudio)) throw new Error('a clip of another engine');
        return { audio: () => clip, mode: source.loop ? 'loop' : 'once' };
      }
      default:
        return assertNever(source);
    }
  }
}
