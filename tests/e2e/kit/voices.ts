import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from '../../../shared/media/music/wav.ts';

/**
 * Everyone speaks in one tone, by which everyone else is known. None of them is a note of the music on hold, nor an
 * overtone of another.
 */
export const VOICES = {
  '101': 1077,
  '102': 1281,
  '103': 1523,
  client: 1919,
  'second client': 2283,
} as const;

export type Speaker = keyof typeof VOICES;

export const SPEAKERS: readonly Speaker[] = ['101', '102', '103', 'client', 'second client'];

const RATE = 48_000;
const LEVEL = 0.35;
/** On and off like syllables, or noise suppression takes the tone for a noise of the room. Whole periods fit into the loop. */
const LOOP_S = 2;
const SYLLABLE_S = 0.4;
const SPOKEN_S = 0.3;
const EDGE_S = 0.015;

function loudnessWithin(syllable: number): number {
  const edge = Math.min(syllable, SPOKEN_S - syllable) / EDGE_S;
  return Math.max(0, Math.min(1, edge));
}

/** Two seconds of somebody's tone for playing in a loop: a WAV file, 48 kHz mono. */
export function voiceWav(speaker: Speaker): Uint8Array {
  const hertz = VOICES[speaker];
  const samples = Int16Array.from({ length: RATE * LOOP_S }, (_, n) => {
    const seconds = n / RATE;
    const gate = loudnessWithin(seconds % SYLLABLE_S);
    return Math.round(32_767 * LEVEL * gate * Math.sin(2 * Math.PI * hertz * seconds));
  });
  return writeWav({ rate: RATE, samples });
}

let folder: string | undefined;

/** A file of that voice, for a browser's make-believe microphone. */
export function voiceFile(speaker: Speaker): string {
  folder ??= mkdtempSync(join(tmpdir(), 'parkline-voices-'));
  chmodSync(folder, 0o755);
  const file = join(folder, `${speaker.replaceAll(' ', '-')}.wav`);
  writeFileSync(file, voiceWav(speaker));
  return file;
}
