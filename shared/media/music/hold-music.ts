/**
 * The built-in music on hold: a short piece of our own, worked out note by note, so that no recording has to be licensed or shipped. Soft
 * electric piano over a pad and a bass, 32 s, its end flowing into its beginning. The same samples on every machine.
 */
import type { Pcm } from './wav.ts';

const RATE = 24_000;
const BEAT_S = 0.5;
const BEATS_PER_CHORD = 8;
const PEAK = 11_000;

/** MIDI note numbers: bass, then the chord from below. F major with its neighbours; the last chord leads back. */
const CHORDS: readonly (readonly number[])[] = [
  [41, 57, 60, 64, 67], // Fmaj9
  [45, 57, 60, 64, 67], // Am7
  [38, 57, 60, 62, 65], // Dm7
  [46, 58, 62, 65, 69], // B♭maj7
  [43, 58, 62, 65, 69], // Gm9
  [48, 58, 60, 64, 67], // C7
  [45, 55, 60, 64, 69], // Am7
  [36, 58, 62, 65, 67], // C9sus4
];
/** Which chord tone (1–4) sounds on each half beat; 0 = rest. */
const ARPEGGIO = [1, 0, 2, 3, 0, 4, 0, 3, 2, 0, 3, 4, 0, 3, 2, 0] as const;
/** A sparse melody: chord, half beat within it, note. */
const MELODY: readonly (readonly [chord: number, halfBeat: number, note: number])[] = [
  [0, 0, 76],
  [0, 6, 79],
  [0, 10, 81],
  [1, 2, 79],
  [1, 8, 76],
  [2, 0, 77],
  [2, 6, 76],
  [2, 10, 74],
  [3, 2, 72],
  [3, 8, 74],
  [4, 0, 77],
  [4, 6, 81],
  [4, 10, 79],
  [5, 2, 76],
  [5, 8, 79],
  [6, 0, 76],
  [6, 6, 72],
  [6, 10, 69],
  [7, 2, 72],
  [7, 8, 74],
];

interface Voice {
  /** Relative levels of the harmonics. */
  readonly partials: readonly number[];
  readonly attackS: number;
  /** Time in which it falls to a third. */
  readonly decayS: number;
  readonly lengthS: number;
  readonly level: number;
}

const BASS: Voice = {
  partials: [1, 0.3, 0.08],
  attackS: 0.02,
  decayS: 1.6,
  lengthS: 3.6,
  level: 0.5,
};
const PAD: Voice = { partials: [1, 0.25, 0.1], attackS: 0.9, decayS: 3, lengthS: 5.2, level: 0.13 };
const PIANO: Voice = {
  partials: [1, 0.35, 0.05, 0.12],
  attackS: 0.006,
  decayS: 0.55,
  lengthS: 2.2,
  level: 0.3,
};
const LEAD: Voice = {
  partials: [1, 0.2, 0.02, 0.06],
  attackS: 0.012,
  decayS: 0.9,
  lengthS: 3,
  level: 0.36,
};

const hertzOf = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);

/** Adds a note; what rings beyond the end rings on at the beginning. */
function addNote(mix: Float32Array, startS: number, midi: number, voice: Voice): void {
  const length = Math.round(voice.lengthS * RATE);
  const start = Math.round(startS * RATE);
  voice.partials.forEach((level, i) => {
    // sin(n·w) by the recurrence s(n) = 2·cos(w)·s(n-1) - s(n-2)
    const w = (2 * Math.PI * hertzOf(midi) * (i + 1)) / RATE;
    const factor = 2 * Math.cos(w);
    let before = -Math.sin(w);
    let now = 0;
    const fall = Math.exp(-(1 + i * 0.6) / (voice.decayS * RATE));
    let loudness = voice.level * level;
    for (let n = 0; n < length; n++) {
      const at = (start + n) % mix.length;
      const edge = Math.min(1, n / (voice.attackS * RATE), (length - n) / (0.05 * RATE));
      mix[at] = (mix[at] ?? 0) + now * loudness * edge;
      const next = factor * now - before;
      before = now;
      now = next;
      loudness *= fall;
    }
  });
}

function addChord(mix: Float32Array, index: number, chord: readonly number[]): void {
  const startS = index * BEATS_PER_CHORD * BEAT_S;
  const [bass = 0, ...tones] = chord;
  addNote(mix, startS, bass, BASS);
  addNote(mix, startS + 4.5 * BEAT_S, bass + 12, { ...BASS, lengthS: 1.6, level: 0.22 });
  for (const tone of tones) addNote(mix, startS, tone, PAD);
  ARPEGGIO.forEach((tone, half) => {
    const midi = tones[tone - 1];
    // Every second note a little later and softer: swing, as a hand would play it.
    const swing = half % 2 === 1 ? 0.035 : 0;
    const voice = half % 2 === 1 ? { ...PIANO, level: PIANO.level * 0.75 } : PIANO;
    if (midi !== undefined) addNote(mix, startS + (half / 2) * BEAT_S + swing, midi, voice);
  });
}

/** @returns 32 s of mono at 24 kHz */
export function composeHoldMusic(): Pcm {
  const chordS = BEATS_PER_CHORD * BEAT_S;
  const mix = new Float32Array(RATE * chordS * CHORDS.length);
  CHORDS.forEach((chord, i) => addChord(mix, i, chord));
  for (const [chord, half, note] of MELODY) {
    addNote(mix, chord * chordS + (half / 2) * BEAT_S, note, LEAD);
  }
  const peak = mix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return {
    rate: RATE,
    samples: Int16Array.from(mix, (value) => Math.round((value / peak) * PEAK)),
  };
}
