/** Call progress tones, 425 Hz with the cadences of ITU-T E.180 supplement 2 (Europe), and the confirmation that a call was parked. */
import type { ToneName } from '../engine.ts';
import type { Pcm } from './wav.ts';

const RATE = 16_000;
const LEVEL = 6_500; // about -14 dBm0
/** Fades the edges, so that a tone does not click. */
const RAMP_MS = 4;

interface Beat {
  /** 0 = silence. */
  readonly hertz: number;
  readonly ms: number;
}

/** One round of each; all but `confirm` repeat. */
const CADENCES: Readonly<Record<ToneName, readonly Beat[]>> = {
  busy: [
    { hertz: 425, ms: 500 },
    { hertz: 0, ms: 500 },
  ],
  congestion: [
    { hertz: 425, ms: 240 },
    { hertz: 0, ms: 240 },
  ],
  ringback: [
    { hertz: 425, ms: 1_000 },
    { hertz: 0, ms: 4_000 },
  ],
  confirm: [
    { hertz: 0, ms: 100 },
    { hertz: 523.25, ms: 140 },
    { hertz: 0, ms: 60 },
    { hertz: 783.99, ms: 220 },
    { hertz: 0, ms: 280 },
  ],
};

export const isRepeating = (tone: ToneName): boolean => tone !== 'confirm';

export function tonePcm(tone: ToneName): Pcm {
  const beats = CADENCES[tone].map(beatSamples);
  const samples = new Int16Array(beats.reduce((sum, beat) => sum + beat.length, 0));
  let at = 0;
  for (const beat of beats) {
    samples.set(beat, at);
    at += beat.length;
  }
  return { rate: RATE, samples };
}

function beatSamples({ hertz, ms }: Beat): Int16Array {
  const length = (RATE * ms) / 1_000;
  const ramp = (RATE * RAMP_MS) / 1_000;
  return Int16Array.from({ length }, (_, i) => {
    const edge = Math.min(1, i / ramp, (length - i) / ramp);
    return hertz === 0 ? 0 : LEVEL * edge * Math.sin((2 * Math.PI * hertz * i) / RATE);
  });
}
