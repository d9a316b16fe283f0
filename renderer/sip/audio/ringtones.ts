import type { Sound } from './sounds.ts';

/** The ringtones one may choose from; each is made here, note by note. */
export const RINGTONE_NAMES = ['trill', 'bell', 'marimba', 'pulse', 'soft'] as const;
export type RingtoneName = (typeof RINGTONE_NAMES)[number];

type Note = Sound['notes'][number];

/** Notes one after the other, `stepMs` apart. */
function run(
  hz: readonly number[],
  atMs: number,
  each: Pick<Note, 'forMs' | 'gain'> & { readonly stepMs: number },
): Note[] {
  const { stepMs, ...note } = each;
  return hz.map((pitch, index) => ({ ...note, atMs: atMs + index * stepMs, hz: [pitch] }));
}

const repeat = (hz: readonly number[], times: number): number[] =>
  Array.from({ length: times }, (_, index) => hz[index % hz.length] ?? 440);

/** Two notes in turn, ten times: a soft electronic ringer. */
const trill = (hz: readonly number[], atMs: number): Note[] =>
  run(repeat(hz, 10), atMs, { stepMs: 80, forMs: 72, gain: 0.5 });

/** Struck: the partials of a small bell. */
const strike = (atMs: number): Note => ({
  atMs,
  forMs: 900,
  hz: [880, 1318.5, 1760, 2637],
  gain: 0.6,
});

export const RINGTONES: Readonly<Record<RingtoneName, Sound>> = {
  trill: { notes: [...trill([660, 880], 0), ...trill([660, 880], 1000)], everyMs: 4000 },
  bell: { notes: [strike(0), strike(220), strike(1100), strike(1320)], everyMs: 4000 },
  marimba: {
    notes: run([523.25, 659.25, 783.99, 1046.5, 783.99, 659.25, 783.99, 1046.5], 0, {
      stepMs: 160,
      forMs: 240,
      gain: 0.55,
    }),
    everyMs: 3600,
  },
  pulse: {
    notes: [0, 400, 800].map((atMs) => ({ atMs, forMs: 260, hz: [480, 620], gain: 0.5 })),
    everyMs: 3000,
  },
  soft: {
    notes: run([392, 493.88, 587.33], 0, { stepMs: 380, forMs: 520, gain: 0.35 }),
    everyMs: 4500,
  },
};
