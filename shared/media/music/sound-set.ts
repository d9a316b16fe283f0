/** The sounds every engine has ready: the music on hold and the tones, prepared for every codec. */
import type { ToneName } from '../engine.ts';
import { composeHoldMusic } from './hold-music.ts';
import { prepareAudio, type PreparedAudio } from './prepared-audio.ts';
import { tonePcm } from './tones.ts';
import type { Pcm } from './wav.ts';

export type SoundName = ToneName | 'music';

/** In the order of preparation: what is short and asked for first comes first. */
export const SOUND_NAMES: readonly SoundName[] = [
  'confirm',
  'ringback',
  'busy',
  'congestion',
  'music',
];

export type SoundSet = Readonly<Record<SoundName, PreparedAudio>>;

/** @param music the music on hold; default: the built-in piece, whose composition alone takes 0.2 s without a pause */
export function prepareSound(name: SoundName, music: Pcm | undefined): Promise<PreparedAudio> {
  return prepareAudio(name === 'music' ? (music ?? composeHoldMusic()) : tonePcm(name));
}

/** All of them, on this thread, in small steps: about a second and a half with the built-in music. */
export async function prepareSounds(music: Pcm | undefined): Promise<SoundSet> {
  return {
    confirm: await prepareSound('confirm', music),
    ringback: await prepareSound('ringback', music),
    busy: await prepareSound('busy', music),
    congestion: await prepareSound('congestion', music),
    music: await prepareSound('music', music),
  };
}
