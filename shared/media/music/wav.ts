/** WAV files: PCM 8, 16, 24 or 32 bit, 32-bit floating point, or G.711; mono or stereo; 8–48 kHz. */
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { AudioRefusal } from '../engine.ts';
import { decodeG711 } from './g711.ts';

export interface Pcm {
  /** Hertz. */
  readonly rate: number;
  readonly samples: Int16Array;
}

const MAX_MINUTES = 10;
const MIN_MS = 100;
const FORMATS = { pcm: 1, float: 3, aLaw: 6, muLaw: 7, extensible: 0xfffe } as const;

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

const refuse = (reason: AudioRefusal['reason'], detail: string): Result<never, AudioRefusal> =>
  err({ reason, detail });

function readFormat(chunk: Buffer): Format | undefined {
  if (chunk.length < 16) return undefined;
  const tag = chunk.readUInt16LE(0);
  const extended = tag === FORMATS.extensible && chunk.length >= 26;
  return {
    tag: extended ? chunk.readUInt16LE(24) : tag,
    channels: chunk.readUInt16LE(2),
    rate: chunk.readUInt32LE(4),
    bits: chunk.readUInt16LE(14),
  };
}

/** Reads sample `i` of interleaved data as 16 bits. */
type SampleReader = (data: Buffer, i: number) => number;

const clip16 = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.max(-32_768, Math.min(32_767, Math.round(value)));

const PCM_READERS: Readonly<Record<number, SampleReader>> = {
  8: (data, i) => (data.readUInt8(i) - 128) * 256, // 8 bits are unsigned, all others signed
  16: (data, i) => data.readInt16LE(2 * i),
  24: (data, i) => data.readIntLE(3 * i, 3) >> 8,
  32: (data, i) => data.readInt32LE(4 * i) >> 16,
};
const readFloat: SampleReader = (data, i) => clip16(data.readFloatLE(4 * i) * 32_767);

function readerOf({ tag, bits }: Format): SampleReader | undefined {
  if (tag === FORMATS.pcm) return PCM_READERS[bits];
  return tag === FORMATS.float && bits === 32 ? readFloat : undefined;
}

/** Why a format is not taken, as a sentence's end; undefined when it is. */
function objectionTo(format: Format): string | undefined {
  const { tag, channels, rate, bits } = format;
  const coded = (tag === FORMATS.aLaw || tag === FORMATS.muLaw) && bits === 8;
  if (!coded && !readerOf(format)) return `it is encoded as format ${tag} with ${bits} bits`;
  if (channels !== 1 && channels !== 2) return `it has ${channels} channels`;
  return rate >= 8_000 && rate <= 48_000 ? undefined : `its sample rate is ${rate} Hz`;
}

function decode(format: Format, data: Buffer): Int16Array {
  const read = readerOf(format);
  if (!read) return decodeG711(format.tag === FORMATS.aLaw ? 'PCMA' : 'PCMU', data);
  const length = Math.floor(data.length / (format.bits / 8));
  const samples = new Int16Array(length);
  for (let i = 0; i < length; i++) samples[i] = read(data, i);
  return samples;
}

function toMono(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples;
  return Int16Array.from({ length: samples.length >> 1 }, (_, i) =>
    Math.round(((samples[2 * i] ?? 0) + (samples[2 * i + 1] ?? 0)) / 2),
  );
}

/** Reads a whole file; chunks it does not know are skipped. */
export function readWav(bytes: Uint8Array): Result<Pcm, AudioRefusal> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    return refuse('not-wav', 'no RIFF WAVE header');
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ') format = readFormat(body);
    if (name === 'data') return readData(format, body, size);
    at += 8 + size + (size & 1);
  }
  return refuse('truncated', 'no data chunk');
}

function readData(
  format: Format | undefined,
  body: Buffer,
  size: number,
): Result<Pcm, AudioRefusal> {
  const objection = format ? objectionTo(format) : 'it has no fmt chunk before its data';
  if (!format || objection !== undefined) {
    const taken = 'PCM of 8, 16, 24 or 32 bits, float or G.711, mono or stereo, 8–48 kHz, is taken';
    return refuse('unsupported-format', `${objection ?? ''}; ${taken}`);
  }
  if (body.length < size) return refuse('truncated', `${body.length} of ${size} octets`);
  const frames = size / (format.channels * (format.bits / 8));
  if (frames > format.rate * 60 * MAX_MINUTES) return refuse('too-long', `${MAX_MINUTES} minutes`);
  if (frames * 1_000 < format.rate * MIN_MS) return refuse('too-short', `${MIN_MS} ms`);
  return ok({ rate: format.rate, samples: toMono(decode(format, body), format.channels) });
}

/** A PCM 16 bit mono file. */
export function writeWav({ rate, samples }: Pcm): Uint8Array {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(FORMATS.pcm, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => file.writeInt16LE(sample, 44 + i * 2));
  return file;
}
