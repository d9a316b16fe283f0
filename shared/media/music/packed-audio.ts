/** Prepared audio as bytes, to pass it between threads and keep it on disk: the encoding is what takes the time. */
import { CODECS_BEST_FIRST, type CodecName } from '../engine.ts';
import { PreparedAudio } from './prepared-audio.ts';
import type { FrameList } from './prepared-audio.ts';

/** Says what the bytes are; the digit changes with the layout, with the encoders' settings and with the built-in sounds. */
const MAGIC = 'parkline-audio-1';
const HEADER_OCTETS = MAGIC.length + 4;
/** Ten minutes; more is no recording of ours. */
const MAX_FRAMES = 30_000;

/** Magic, number of frames (32 bit), then per codec each frame with its length (16 bit), all big-endian. */
export function packAudio(audio: PreparedAudio): Uint8Array {
  const frames = CODECS_BEST_FIRST.flatMap((codec) => framesOf(audio, codec));
  const octets = frames.reduce((sum, frame) => sum + 2 + frame.length, HEADER_OCTETS);
  const packed = Buffer.alloc(octets);
  packed.write(MAGIC, 'latin1');
  packed.writeUInt32BE(audio.frameCount, MAGIC.length);
  let at = HEADER_OCTETS;
  for (const frame of frames) {
    packed.writeUInt16BE(frame.length, at);
    packed.set(frame, at + 2);
    at += 2 + frame.length;
  }
  return packed;
}

/** Undefined when the bytes are not what `packAudio` of this version made. */
export function unpackAudio(bytes: Uint8Array): PreparedAudio | undefined {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packed.length < HEADER_OCTETS || packed.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    return undefined;
  }
  const frameCount = packed.readUInt32BE(MAGIC.length);
  if (frameCount < 1 || frameCount > MAX_FRAMES) return undefined;
  const reader = { packed, at: HEADER_OCTETS };
  const [opus, G722, PCMU, PCMA] = CODECS_BEST_FIRST.map(() => readFrames(reader, frameCount));
  if (!opus || !G722 || !PCMU || !PCMA || reader.at !== packed.length) return undefined;
  return new PreparedAudio({ opus, G722, PCMU, PCMA });
}

function framesOf(audio: PreparedAudio, codec: CodecName): Uint8Array[] {
  return Array.from({ length: audio.frameCount }, (_, index) => {
    const frame = audio.frame(codec, index);
    if (frame === undefined) throw new Error(`no frame ${index} of ${codec}`);
    return frame;
  });
}

/** Where each frame lies: half a million objects for ten minutes of music would be a long pause, and memory. */
class FrameTable implements FrameList {
  readonly #packed: Buffer;
  /** The length before each frame, and the end of the last. */
  readonly #starts: Uint32Array;

  constructor(packed: Buffer, starts: Uint32Array) {
    this.#packed = packed;
    this.#starts = starts;
  }

  get length(): number {
    return this.#starts.length - 1;
  }

  at(index: number): Uint8Array | undefined {
    const [start, end] = [this.#starts[index], this.#starts[index + 1]];
    if (start === undefined || end === undefined) return undefined;
    return this.#packed.subarray(start + 2, end);
  }
}

function readFrames(
  reader: { readonly packed: Buffer; at: number },
  count: number,
): FrameList | undefined {
  const starts = new Uint32Array(count + 1);
  for (let index = 0; index < count; index++) {
    const { packed, at } = reader;
    if (at + 2 > packed.length) return undefined;
    const end = at + 2 + packed.readUInt16BE(at);
    if (end > packed.length) return undefined;
    starts[index] = at;
    reader.at = end;
  }
  starts[count] = reader.at;
  return new FrameTable(reader.packed, starts);
}
