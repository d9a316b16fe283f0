/** Everything that can be played, prepared: the built-in music, tenants' music by name, tones, and clips that come with the request. */
import { assertNever } from '../../domain/assert-never.ts';
import type { PlaySource, ToneName } from '../engine.ts';
import { composeHoldMusic } from '../music/hold-music.ts';
import { PreparedAudio, prepareAudio } from '../music/prepared-audio.ts';
import { isRepeating, tonePcm } from '../music/tones.ts';
import type { Pcm } from '../music/wav.ts';
import type { PlayRequest } from './player.ts';

type Tones = Readonly<Record<ToneName, PreparedAudio>>;

export class SoundLibrary {
  readonly #holdMusic: PreparedAudio;
  readonly #tones: Tones;
  readonly #music = new Map<string, PreparedAudio>();

  /** @param holdMusic the music for whoever has none of their own; default: the built-in piece. Takes about a second, in small steps. */
  static async load(holdMusic: Pcm = composeHoldMusic()): Promise<SoundLibrary> {
    return new SoundLibrary(await prepareAudio(holdMusic), {
      confirm: await prepareAudio(tonePcm('confirm')),
      busy: await prepareAudio(tonePcm('busy')),
      congestion: await prepareAudio(tonePcm('congestion')),
      ringback: await prepareAudio(tonePcm('ringback')),
    });
  }

  constructor(holdMusic: PreparedAudio, tones: Tones) {
    this.#holdMusic = holdMusic;
    this.#tones = tones;
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
        return { audio: () => named() ?? this.#holdMusic, mode: 'shared' };
      }
      case 'tone': {
        const tone = this.#tones[source.tone];
        return { audio: () => tone, mode: isRepeating(source.tone) ? 'loop' : 'once' };
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
