/** A recording as 20 ms RTP payloads in every codec, made once; playing it costs no encoding. Frames of all codecs have the same index in time. */
import type { AudioClip, CodecName } from '../engine.ts';
import { encodeG711 } from './g711.ts';
import { G722Encoder } from './g722.ts';
import { createOpusEncoder } from './opus.ts';
import type { OpusRate } from './opus.ts';
import { resample } from './resample.ts';
import type { Pcm } from './wav.ts';

export const FRAME_MS = 20;
const FRAMES_PER_SECOND = 1_000 / FRAME_MS;
/** So many frames are encoded before other work gets a turn: about 10 ms of Opus. */
const FRAMES_PER_TURN = 25;

/** Lets the event loop go round once. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Frames by their number, as an array has them or made on demand. */
export interface FrameList {
  readonly length: number;
  at(index: number): Uint8Array | undefined;
}

type Frames = Readonly<Record<CodecName, FrameList>>;

export class PreparedAudio implements AudioClip {
  readonly #frames: Frames;
  readonly frameCount: number;

  constructor(frames: Frames) {
    this.#frames = frames;
    this.frameCount = frames.PCMU.length;
  }

  get durationMs(): number {
    return this.frameCount * FRAME_MS;
  }

  /** `index` below `frameCount`. */
  frame(codec: CodecName, index: number): Uint8Array | undefined {
    return this.#frames[codec].at(index);
  }
}

/** Cuts whole frames; a rest is filled up with silence. */
function* framesOf(samples: Int16Array, rate: number, count: number): Generator<Int16Array> {
  const size = rate / FRAMES_PER_SECOND;
  for (let i = 0; i < count; i++) {
    const frame = new Int16Array(size);
    frame.set(samples.subarray(i * size, (i + 1) * size));
    yield frame;
  }
}

async function encodeAll(
  frames: Iterable<Int16Array>,
  encode: (frame: Int16Array) => Uint8Array,
): Promise<readonly Uint8Array[]> {
  const out: Uint8Array[] = [];
  for (const frame of frames) {
    out.push(encode(frame));
    if (out.length % FRAMES_PER_TURN === 0) await nextTurn();
  }
  return out;
}

async function encodeOpus(pcm: Pcm, count: number): Promise<readonly Uint8Array[]> {
  const rate: OpusRate = pcm.rate > 16_000 ? 48_000 : 16_000;
  const encoder = createOpusEncoder(rate);
  try {
    const samples = resample(pcm.samples, pcm.rate, rate);
    return await encodeAll(framesOf(samples, rate, count), (frame) => encoder.encode(frame));
  } finally {
    encoder.dispose();
  }
}

/** Encodes a recording for every codec, a few milliseconds of work per turn of the event loop. */
export async function prepareAudio(pcm: Pcm): Promise<PreparedAudio> {
  const count = Math.max(1, Math.ceil((pcm.samples.length / pcm.rate) * FRAMES_PER_SECOND - 1e-9));
  const wide = resample(pcm.samples, pcm.rate, 16_000);
  await nextTurn();
  const narrow = resample(pcm.samples, pcm.rate, 8_000);
  await nextTurn();
  const g722 = new G722Encoder();
  return new PreparedAudio({
    G722: await encodeAll(framesOf(wide, 16_000, count), (frame) => g722.encode(frame)),
    PCMU: await encodeAll(framesOf(narrow, 8_000, count), (frame) => encodeG711('PCMU', frame)),
    PCMA: await encodeAll(framesOf(narrow, 8_000, count), (frame) => encodeG711('PCMA', frame)),
    opus: await encodeOpus(pcm, count),
  });
}
