/** WAV files: PCM 16 bit or G.711, mono or stereo, 8–48 kHz. */
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
const FORMATS = { pcm: 1, aLaw: 6, muLaw: 7, extensible: 0xfffe } as const;

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

function isSupported({ tag, channels, rate, bits }: Format): boolean {
  const coded = tag === FORMATS.aLaw || tag === FORMATS.muLaw;
  if (!(tag === FORMATS.pcm && bits === 16) && !(coded && bits === 8)) return false;
  return (channels === 1 || channels === 2) && rate >= 8_000 && rate <= 48_000;
}

function decode(format: Format, data: Buffer): Int16Array {
  if (format.tag === FORMATS.pcm) {
    return Int16Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(2 * i));
  }
  return decodeG711(format.tag === FORMATS.aLaw ? 'PCMA' : 'PCMU', data);
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
  if (!format || !isSupported(format)) {
    return refuse('unsupported-format', JSON.stringify(format ?? 'no fmt chunk'));
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
