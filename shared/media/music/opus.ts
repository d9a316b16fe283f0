/** Opus (RFC 6716) by libopus compiled to WebAssembly. Only music, tones and clips are encoded; calls pass through untouched. */
import OpusScript from 'opusscript';

export type OpusRate = 16_000 | 48_000;

const BITS_PER_SECOND = 40_000;

export interface OpusFrameEncoder {
  /** One 20 ms frame of mono samples. */
  encode(frame: Int16Array): Uint8Array;
  /** Frees the WebAssembly memory. */
  dispose(): void;
}

export function createOpusEncoder(rate: OpusRate): OpusFrameEncoder {
  const encoder = new OpusScript(rate, 1, OpusScript.Application.AUDIO);
  encoder.setBitrate(BITS_PER_SECOND);
  return {
    encode(frame) {
      const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
      return Uint8Array.from(encoder.encode(bytes, frame.length)); // a copy: the encoder reuses its memory
    },
    dispose: () => encoder.delete(),
  };
}
