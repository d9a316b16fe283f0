import OpusScript from 'opusscript';
import { decodeG711 } from '../../../shared/media/music/g711.ts';
import { G722Decoder } from '../../../shared/media/music/g722.ts';
import type { HeardPacket } from './steady-caller.ts';

/** Quieter than this is silence, dBFS. */
const SILENCE_DB = -50;
const PCM_RATE = 16_000;
const CLOCK_RATES = { opus: 48_000, G722: 8_000, PCMU: 8_000, PCMA: 8_000 } as const;

/** A stretch of sound on the listener's own time line. */
interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  readonly level: number;
}

/** The longest time in which nothing is heard between the first and the last sound, in ms. */
export function longestHole(stretches: readonly Stretch[]): number {
  const audible = stretches
    .filter(({ level }) => level > SILENCE_DB)
    .toSorted((a, b) => a.startMs - b.startMs);
  let [longest, heardUntil] = [0, audible[0]?.startMs ?? 0];
  for (const { startMs, endMs } of audible) {
    longest = Math.max(longest, startMs - heardUntil);
    heardUntil = Math.max(heardUntil, endMs);
  }
  return longest;
}

/**
 * Puts packets on the time line that their RTP timestamps draw (RFC 3550 §5.1): where timestamps jump, a receiver has nothing to
 * play, however well its jitter buffer smooths the arrivals.
 */
export function timelineOf(packets: readonly HeardPacket[]): readonly Stretch[] {
  const decode = new Decoder();
  const [first] = packets;
  const stretches = packets.map(({ timestamp, codec, payload }) => {
    const samples = decode.samples(codec, payload);
    const sinceFirst = (timestamp - (first?.timestamp ?? 0)) | 0;
    const startMs = (sinceFirst * 1_000) / CLOCK_RATES[codec];
    const durationMs = (samples.length * 1_000) / decode.rateOf(codec);
    return { startMs, endMs: startMs + durationMs, level: levelOf(samples) };
  });
  decode.dispose();
  return stretches;
}

function levelOf(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0);
  return 10 * Math.log10(power / Math.max(1, samples.length) + 1e-12);
}

class Decoder {
  readonly #opus = new OpusScript(PCM_RATE, 1, OpusScript.Application.AUDIO);
  readonly #g722 = new G722Decoder();

  rateOf(codec: HeardPacket['codec']): number {
    return codec === 'PCMU' || codec === 'PCMA' ? 8_000 : PCM_RATE;
  }

  samples(codec: HeardPacket['codec'], payload: Buffer): Int16Array {
    switch (codec) {
      case 'opus': {
        const bytes = this.#opus.decode(payload);
        return Int16Array.from({ length: bytes.length >> 1 }, (_, n) => bytes.readInt16LE(2 * n));
      }
      case 'G722':
        return this.#g722.decode(payload);
      case 'PCMU':
      case 'PCMA':
        return decodeG711(codec, payload);
    }
  }

  dispose(): void {
    this.#opus.delete();
  }
}
