/** G.722 at 64 kbit/s (ITU-T Rec. G.722, mode 1): 16 kHz samples, two per octet. RTP counts it at 8000 by RFC 3551 §4.5.2's historical mistake. */
import { G722Band, HIGH_BAND, LOW_BAND, saturate } from './g722-band.ts';

const DECISION_LEVELS = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023,
  1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
] as const;
const LOW_CODES_NEGATIVE = [
  0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,
  9, 8, 7, 6, 5, 4,
] as const;
const LOW_CODES_POSITIVE = [
  0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38,
  37, 36, 35, 34, 33, 32,
] as const;
const LOW_LOG_STEPS = [-60, -30, 58, 172, 334, 538, 1198, 3042] as const;
const LOW_STEP_OF_CODE = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0] as const;
/** Inverse quantisers with 4 and 6 bits (low band) and 2 bits (high band). */
const INVERSE_4 = [
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200,
  0,
] as const;
const INVERSE_6 = [
  -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232,
  -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400,
  -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232,
  9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688,
  1360, 1040, 728, 432, 136, -432, -136,
] as const;
const INVERSE_2 = [-7408, -1616, 7408, 1616] as const;
const HIGH_LOG_STEPS = [798, -214, 798, -214] as const;
const MIRROR_FILTER = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11] as const;

/** The quadrature mirror filter's delay line, 24 samples, new ones at the end. */
class MirrorFilter {
  readonly #line = new Int32Array(24);

  push(older: number, newer: number): readonly [even: number, odd: number] {
    const line = this.#line;
    line.copyWithin(0, 2);
    line[22] = older;
    line[23] = newer;
    let even = 0;
    let odd = 0;
    for (let i = 0; i < 12; i++) {
      odd += (line[2 * i] ?? 0) * (MIRROR_FILTER[i] ?? 0);
      even += (line[2 * i + 1] ?? 0) * (MIRROR_FILTER[11 - i] ?? 0);
    }
    return [even, odd];
  }
}

/** Keeps its state between calls, as the stream does. */
export class G722Encoder {
  readonly #low = new G722Band(LOW_BAND);
  readonly #high = new G722Band(HIGH_BAND);
  readonly #filter = new MirrorFilter();

  /** `samples` at 16 kHz, an even number of them. */
  encode(samples: Int16Array): Uint8Array {
    const out = new Uint8Array(samples.length >> 1);
    for (let i = 0; i < out.length; i++) {
      const [even, odd] = this.#filter.push(samples[2 * i] ?? 0, samples[2 * i + 1] ?? 0);
      const low = this.#encodeLow((even + odd) >> 14);
      const high = this.#encodeHigh((even - odd) >> 14);
      out[i] = (high << 6) | low;
    }
    return out;
  }

  #encodeLow(sample: number): number {
    const band = this.#low;
    const error = saturate(sample - band.prediction);
    const magnitude = error >= 0 ? error : -(error + 1);
    let level = 1;
    while (level < 30 && magnitude >= ((DECISION_LEVELS[level] ?? 0) * band.detector) >> 12)
      level++;
    const code = (error < 0 ? LOW_CODES_NEGATIVE[level] : LOW_CODES_POSITIVE[level]) ?? 0;
    adaptLow(band, code);
    return code;
  }

  #encodeHigh(sample: number): number {
    const band = this.#high;
    const error = saturate(sample - band.prediction);
    const magnitude = error >= 0 ? error : -(error + 1);
    const far = magnitude >= (564 * band.detector) >> 12;
    const code = error < 0 ? (far ? 0 : 1) : far ? 2 : 3;
    adaptHigh(band, code);
    return code;
  }
}

/** Keeps its state between calls, as the stream does. Every octet decodes to something. */
export class G722Decoder {
  readonly #low = new G722Band(LOW_BAND);
  readonly #high = new G722Band(HIGH_BAND);
  readonly #filter = new MirrorFilter();

  /** @returns two 16 kHz samples per octet */
  decode(bytes: Uint8Array): Int16Array {
    const out = new Int16Array(bytes.length * 2);
    for (let i = 0; i < bytes.length; i++) {
      const code = bytes[i] ?? 0;
      const low = this.#decodeLow(code & 0x3f);
      const high = this.#decodeHigh(code >> 6);
      const [even, odd] = this.#filter.push(low + high, low - high);
      out[2 * i] = saturate(even >> 11);
      out[2 * i + 1] = saturate(odd >> 11);
    }
    return out;
  }

  #decodeLow(code: number): number {
    const band = this.#low;
    const value = band.prediction + ((band.detector * (INVERSE_6[code] ?? 0)) >> 15);
    adaptLow(band, code);
    return limit15(value);
  }

  #decodeHigh(code: number): number {
    const band = this.#high;
    const value = band.prediction + ((band.detector * (INVERSE_2[code] ?? 0)) >> 15);
    adaptHigh(band, code);
    return limit15(value);
  }
}

function limit15(value: number): number {
  return Math.min(Math.max(value, -16_384), 16_383);
}

function adaptLow(band: G722Band, code: number): void {
  const coarse = code >> 2;
  const difference = (band.detector * (INVERSE_4[coarse] ?? 0)) >> 15;
  band.adapt(difference, LOW_LOG_STEPS[LOW_STEP_OF_CODE[coarse] ?? 0] ?? 0);
}

function adaptHigh(band: G722Band, code: number): void {
  const difference = (band.detector * (INVERSE_2[code] ?? 0)) >> 15;
  band.adapt(difference, HIGH_LOG_STEPS[code] ?? 0);
}
