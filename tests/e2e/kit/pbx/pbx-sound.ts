import { systemMediaClock } from '../../../../shared/media/media-clock.ts';
import { createEmbeddedMediaEngine } from '../../../../shared/media/embedded/create-embedded-engine.ts';
import type { AudioClip, MediaEngine, MediaLeg } from '../../../../shared/media/engine.ts';
import { voiceWav, type Speaker } from '../voices.ts';

/** What a phone hears from the PBX. */
export type Sound = Speaker | 'silence';

/** Offers and answers of a leg are made here, since only the signalling of a scripted PBX is scripted. */
export type PbxLeg = MediaLeg;

/** Voices of the people and announcements behind a scripted PBX, over this product's own media engine. */
export class PbxSound {
  readonly #engine: MediaEngine;
  readonly #clips = new Map<Speaker, AudioClip>();

  private constructor(engine: MediaEngine) {
    this.#engine = engine;
  }

  static async open(speakers: readonly Speaker[]): Promise<PbxSound> {
    const engine = await createEmbeddedMediaEngine({
      addresses: [{ bind: '127.0.0.1' }],
      clock: systemMediaClock,
      soundsInBackground: { cacheFile: undefined },
    });
    if (!engine.ok) throw new Error(engine.error.detail);
    const sound = new PbxSound(engine.value);
    for (const speaker of speakers) {
      const clip = await engine.value.makeClip(voiceWav(speaker));
      if (!clip.ok) throw new Error(clip.error.detail);
      sound.#clips.set(speaker, clip.value);
    }
    return sound;
  }

  /** A leg that offers, and its offer. */
  offer(): { readonly leg: PbxLeg; readonly sdp: string } {
    const leg = this.#engine.open({ kind: 'webrtc', legName: 'scripted' });
    if (!leg.ok) throw new Error(leg.error.detail);
    return { leg: leg.value, sdp: leg.value.createOffer({ codecs: ['opus', 'PCMU'] }) };
  }

  /** A leg that answers a phone's offer, and its answer. */
  answer(offer: string): { readonly leg: PbxLeg; readonly sdp: string } {
    const leg = this.#engine.legFromOffer(offer, { legName: 'scripted' });
    if (!leg.ok) throw new Error(leg.error.detail);
    return { leg: leg.value, sdp: leg.value.createAnswer({ prefer: ['opus', 'PCMU'] }) };
  }

  /** A re-INVITE of the phone's. */
  answerAgain(leg: PbxLeg, offer: string): string {
    const taken = leg.applyOffer(offer);
    if (!taken.ok) throw new Error(taken.error.detail);
    return leg.createAnswer({ prefer: ['opus', 'PCMU'] });
  }

  play(leg: PbxLeg, sound: Sound): void {
    const clip = sound === 'silence' ? undefined : this.#clips.get(sound);
    if (clip === undefined) this.#engine.silence(leg);
    else this.#engine.play(leg, { kind: 'clip', clip, loop: true });
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }
}
