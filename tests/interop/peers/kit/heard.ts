import { readFileSync } from 'node:fs';

/** Sound as a peer wrote it to disk, its first channel; samples from -1 to 1. */
export interface Heard {
  readonly rate: number;
  readonly samples: Float64Array;
}

export const NOTHING: Heard = { rate: 8_000, samples: new Float64Array(0) };

const HEADER_BYTES = 44;

/**
 * Reads a 16 bit WAV file that may still be written to: the lengths in its header are not believed.
 * @param rateUntilClosed of a peer that leaves the header blank until its call ends: the rate of its one channel, in Hz;
 *   without it a blank header means that nothing was heard
 */
export function readHeard(file: string, rateUntilClosed?: number): Heard {
  const bytes = readFileSync(file);
  const data = bytes.indexOf('data', 0, 'latin1');
  if (data < 0) {
    if (rateUntilClosed === undefined || bytes.length < HEADER_BYTES) return NOTHING;
    return { rate: rateUntilClosed, samples: samplesOf(bytes.subarray(HEADER_BYTES), 1) };
  }
  const format = bytes.indexOf('fmt ', 0, 'latin1');
  if (bytes.readUInt16LE(format + 22) !== 16) throw new Error(`${file} is not 16 bit`);
  const channels = bytes.readUInt16LE(format + 10);
  const rate = bytes.readUInt32LE(format + 12);
  return { rate, samples: samplesOf(bytes.subarray(data + 8), channels) };
}

function samplesOf(pcm: Buffer, channels: number): Float64Array {
  const samples = new Float64Array(Math.floor(pcm.length / (2 * channels)));
  for (const index of samples.keys())
    samples[index] = pcm.readInt16LE(2 * channels * index) / 32_768;
  return samples;
}

/** The last `ms` of a recording, in milliseconds. */
export function lastPart({ rate, samples }: Heard, ms: number): Heard {
  return { rate, samples: samples.subarray(Math.max(0, samples.length - (rate * ms) / 1000)) };
}

/** Root mean square, 0 to 1. */
export function loudness({ samples }: Heard): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** The share of the sound's power that lies in a sine of `hz`: 1 for that tone alone, near 0 for anything else. */
export function shareOfTone(heard: Heard, hz: number): number {
  const { rate, samples } = heard;
  const power = loudness(heard) ** 2;
  if (power < 1e-8) return 0;
  let [cosine, sine] = [0, 0];
  for (const [index, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hz * index) / rate;
    cosine += sample * Math.cos(angle);
    sine += sample * Math.sin(angle);
  }
  return (2 * (cosine ** 2 + sine ** 2)) / samples.length ** 2 / power;
}

/** A sine as a WAV file of one channel. */
export function toneWav(hz: number, { seconds, rate }: { seconds: number; rate: number }): Buffer {
  const frames = seconds * rate;
  const bytes = Buffer.alloc(44 + 2 * frames);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + 2 * frames, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * frames, 40);
  for (let frame = 0; frame < frames; frame += 1) {
    const value = 9_000 * Math.sin((2 * Math.PI * hz * frame) / rate);
    bytes.writeInt16LE(Math.round(value), 44 + 2 * frame);
  }
  return bytes;
}
