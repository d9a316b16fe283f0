import OpusScript from 'opusscript';
import type { CodecName } from '../../../shared/media/engine.ts';
import type { AudioSink } from '../../../shared/media/embedded/leg-streams.ts';
import { decodeG711 } from '../../../shared/media/music/g711.ts';
import { G722Decoder } from '../../../shared/media/music/g722.ts';
import { DigitReader } from '../../../shared/media/embedded/rtp/telephone-event.ts';
import { EAR_MS } from './hearing.ts';
import type { Recording } from './spectrum.ts';

const RATE = 16_000;
/** Nothing came for so long: the far side is silent, whatever it said before. */
const STALE_MS = 250;

/** Decodes what a telephone receives and keeps the last of it, 16 kHz. */
export class TelephoneEar implements AudioSink {
  readonly #g722 = new G722Decoder();
  readonly #opus = new OpusScript(RATE, 1, OpusScript.Application.AUDIO);
  #kept = new Float32Array((RATE * EAR_MS) / 1_000);
  #heardAt = 0;
  readonly #digitReader = new DigitReader();
  #digits = '';

  audio(packet: { readonly payload: Uint8Array }, codec: CodecName): void {
    const fresh = this.#decode(packet.payload, codec);
    const all = new Float32Array(this.#kept.length);
    all.set(this.#kept.subarray(fresh.length));
    fresh.forEach((sample, n) => {
      all[all.length - fresh.length + n] = sample / 32_768;
    });
    this.#kept = all;
    this.#heardAt = performance.now();
  }

  /** RFC 4733: digits are no sound. */
  event(packet: { readonly payload: Buffer; readonly timestamp: number }): void {
    this.#digits += this.#digitReader.take(packet.payload, packet.timestamp) ?? '';
  }

  /** All keys that the far side pressed, in order. */
  get digits(): string {
    return this.#digits;
  }

  recording(): Recording {
    const fresh = performance.now() - this.#heardAt < STALE_MS;
    return {
      rate: RATE,
      samples: fresh ? this.#kept.slice() : new Float32Array(this.#kept.length),
    };
  }

  dispose(): void {
    this.#opus.delete();
  }

  #decode(payload: Uint8Array, codec: CodecName): Int16Array {
    switch (codec) {
      case 'opus':
        return this.#fromOpus(payload);
      case 'G722':
        return this.#g722.decode(payload);
      case 'PCMU':
      case 'PCMA':
        return doubled(decodeG711(codec, payload));
    }
  }

  #fromOpus(payload: Uint8Array): Int16Array {
    const bytes = this.#opus.decode(Buffer.from(payload));
    return Int16Array.from({ length: bytes.length >> 1 }, (_, n) => bytes.readInt16LE(2 * n));
  }
}

/** From 8 to 16 kHz by straight lines: good enough to tell tones apart. */
function doubled(samples: Int16Array): Int16Array {
  return Int16Array.from({ length: samples.length * 2 }, (_, n) => {
    const [here, next] = [samples[n >> 1] ?? 0, samples[(n >> 1) + 1] ?? samples[n >> 1] ?? 0];
    return n % 2 === 0 ? here : (here + next) / 2;
  });
}
