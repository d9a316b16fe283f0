import { expect } from '@playwright/test';
import { loudness, Spectrum } from './spectrum.ts';
import type { Recording } from './spectrum.ts';
import { SPEAKERS, VOICES } from './voices.ts';
import type { Speaker } from './voices.ts';

/** What somebody hears. */
export type Heard = Speaker | 'music' | 'silence' | 'something else';

/** So much is kept of what reached an ear. */
export const EAR_MS = 700;

/** Somebody's ear: the last `EAR_MS` of what reached it. */
export interface Ear {
  readonly whose: string;
  listen(): Promise<Recording>;
}

/** Quieter than this is silence; the quietest voice arrives at about -20. */
const SILENCE_DB = -55;
const CLEAR_SHARE = 0.5;
const CLEARLY_NOT_SHARE = 0.05;
/** Music of ours has its weight below this. */
const MUSIC_TOP_HZ = 1_000;
const MUSIC_SHARE = 0.7;

/** Names what is in a recording. */
export function recognise(recording: Recording): Heard {
  if (loudness(recording) < SILENCE_DB) return 'silence';
  const spectrum = new Spectrum(recording);
  const shares = SPEAKERS.map((speaker) => ({
    speaker,
    share: spectrum.shareAt(VOICES[speaker]),
  }));
  const [loudest] = shares.toSorted((a, b) => b.share - a.share);
  if (loudest !== undefined && loudest.share >= CLEAR_SHARE) return loudest.speaker;
  const noVoice = shares.every(({ share }) => share < CLEARLY_NOT_SHARE);
  return noVoice && spectrum.shareBelow(MUSIC_TOP_HZ) > MUSIC_SHARE ? 'music' : 'something else';
}

/** Time goes by until an ear has forgotten what it heard before. */
export const freshEars = (): Promise<void> => new Promise((done) => setTimeout(done, EAR_MS + 50));

/** Waits until somebody hears just that. What was heard before does not count. */
export async function expectHears(ear: Ear, what: Heard, timeoutMs = 8_000): Promise<void> {
  await freshEars();
  await expect
    .poll(async () => recognise(await ear.listen()), {
      message: `${ear.whose} hears ${what}`,
      timeout: timeoutMs,
      intervals: [150, 250, 250, 500],
    })
    .toBe(what);
}

/** Both hear each other. */
export async function expectTalk(
  a: { readonly ear: Ear; readonly voice: Speaker },
  b: { readonly ear: Ear; readonly voice: Speaker },
): Promise<void> {
  await Promise.all([expectHears(a.ear, b.voice), expectHears(b.ear, a.voice)]);
}

/** Level of somebody's voice in an ear, in dBFS. */
export async function levelOf(voice: Speaker, ear: Ear): Promise<number> {
  return new Spectrum(await ear.listen()).loudnessAt(VOICES[voice]);
}

/** dBFS; the quietest voice arrives at about −20. */
const HEARD_DB = -40;
const UNHEARD_DB = -60;

/** Hears all of these at once, and none of those. What was heard before does not count. */
export async function expectVoices(
  ear: Ear,
  voices: { readonly heard: readonly Speaker[]; readonly unheard: readonly Speaker[] },
  timeoutMs = 10_000,
): Promise<void> {
  await freshEars();
  for (const voice of voices.heard) {
    await expect
      .poll(() => levelOf(voice, ear), {
        message: `${ear.whose} hears ${voice}`,
        timeout: timeoutMs,
      })
      .toBeGreaterThan(HEARD_DB);
  }
  for (const voice of voices.unheard) {
    await expect
      .poll(() => levelOf(voice, ear), {
        message: `${ear.whose} does not hear ${voice}`,
        timeout: timeoutMs,
      })
      .toBeLessThan(UNHEARD_DB);
  }
}
