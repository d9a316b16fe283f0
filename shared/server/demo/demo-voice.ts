import type { Pcm } from '../../media/music/wav.ts';

const RATE = 16_000;
const BEAT_S = 0.3;

/** The client hums: a rising and falling motif in Hz, 0 is a rest. Nothing of it is in the hold music. */
const MOTIF = [294, 330, 370, 440, 370, 330, 294, 0, 247, 294, 330, 294, 247, 220, 0, 0];

/** What "Client" says when answered: a hummed motif of about five seconds, made for looping. Mono at 16 kHz. */
export function demoVoice(): Pcm {
  const perNote = Math.round(BEAT_S * RATE);
  const samples = new Int16Array(perNote * MOTIF.length);
  MOTIF.forEach((frequency, index) =>
    hum(samples.subarray(index * perNote, (index + 1) * perNote), frequency),
  );
  return { rate: RATE, samples };
}

/** A voice-like note: three harmonics, a soft start and end, a little vibrato. */
function hum(into: Int16Array, frequency: number): void {
  if (frequency === 0) return;
  for (let at = 0; at < into.length; at += 1) {
    const seconds = at / RATE;
    const phase = 2 * Math.PI * frequency * seconds + 0.4 * Math.sin(2 * Math.PI * 5.5 * seconds);
    const edge = Math.min(1, at / 480, (into.length - at) / 960);
    const wave = Math.sin(phase) + 0.35 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase);
    into[at] = Math.round(7000 * edge * wave);
  }
}
