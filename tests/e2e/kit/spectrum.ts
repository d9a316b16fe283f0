/**
 * What a stretch of sound consists of: the same arithmetic for a track in a page, the monitor of a sound sink and the
 * packets that a plain RTP phone received.
 */

/** Mono samples, -1 to 1. */
export interface Recording {
  /** Hertz. */
  readonly rate: number;
  readonly samples: Float32Array;
}

/** Power by frequency; `binHz` wide each, the first at 0 Hz. */
interface Bins {
  readonly binHz: number;
  readonly power: Float64Array;
}

const LOWEST_DB = -120;
/** Telephone band: what every codec of ours carries. */
const BAND = { fromHz: 60, toHz: 3_600 } as const;
/** A tone that is switched on and off has its power within this distance. */
const TONE_HALF_WIDTH_HZ = 18;

const decibel = (power: number): number => Math.max(LOWEST_DB, 10 * Math.log10(power + 1e-12));

/** Loudness in dBFS: 0 is a square wave at full scale, a sine at full scale is -3. */
export function loudness({ samples }: Recording): number {
  if (samples.length === 0) return LOWEST_DB;
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return decibel(sum / samples.length);
}

/** A recording by frequency. */
export class Spectrum {
  readonly #bins: Bins;

  constructor(recording: Recording) {
    this.#bins = binsOf(recording);
  }

  /** Loudness around one frequency, in dBFS. */
  loudnessAt(hertz: number): number {
    return decibel(this.#around(hertz));
  }

  /** Share (0–1) of the telephone band's power that is around one frequency. */
  shareAt(hertz: number): number {
    return this.#share(this.#around(hertz));
  }

  /** Share (0–1) of the telephone band's power that is below a frequency. */
  shareBelow(hertz: number): number {
    return this.#share(this.#between(BAND.fromHz, hertz));
  }

  #share(power: number): number {
    const all = this.#between(BAND.fromHz, BAND.toHz);
    return all <= 0 ? 0 : power / all;
  }

  #around(hertz: number): number {
    return this.#between(hertz - TONE_HALF_WIDTH_HZ, hertz + TONE_HALF_WIDTH_HZ);
  }

  #between(fromHz: number, toHz: number): number {
    const { binHz, power } = this.#bins;
    let sum = 0;
    const last = Math.min(power.length - 1, Math.floor(toHz / binHz));
    for (let bin = Math.max(0, Math.ceil(fromHz / binHz)); bin <= last; bin += 1) {
      sum += power[bin] ?? 0;
    }
    return sum;
  }
}

/** Power spectrum under a Hann window, scaled so that the bins add up to the mean square of the samples. */
function binsOf({ rate, samples }: Recording): Bins {
  const size = 2 ** Math.floor(Math.log2(Math.max(2, samples.length)));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const start = samples.length - size;
  for (let n = 0; n < size; n += 1) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
    real[n] = (samples[start + n] ?? 0) * window;
  }
  transform(real, imaginary);
  // A Hann window keeps 3/8 of the power; one side of the spectrum holds half of it.
  const scale = 2 / (size * size * 0.375);
  const power = Float64Array.from({ length: size / 2 }, (_, bin) => {
    const [re, im] = [real[bin] ?? 0, imaginary[bin] ?? 0];
    return (re * re + im * im) * scale;
  });
  return { binHz: rate / size, power };
}

/** Fast Fourier transform in place; the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  reorder(real, imaginary);
  const size = real.length;
  for (let width = 2; width <= size; width *= 2) {
    const half = width / 2;
    for (let k = 0; k < half; k += 1) {
      const angle = (-2 * Math.PI * k) / width;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let at = k; at < size; at += width) {
        const [re, im] = [real[at + half] ?? 0, imaginary[at + half] ?? 0];
        const [turnedRe, turnedIm] = [re * cos - im * sin, re * sin + im * cos];
        const [baseRe, baseIm] = [real[at] ?? 0, imaginary[at] ?? 0];
        real[at] = baseRe + turnedRe;
        imaginary[at] = baseIm + turnedIm;
        real[at + half] = baseRe - turnedRe;
        imaginary[at + half] = baseIm - turnedIm;
      }
    }
  }
}

/** Bit-reversed order, where the butterflies begin. */
function reorder(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let at = 1, mirrored = 0; at < size; at += 1) {
    let bit = size >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (at >= mirrored) continue;
    [real[at], real[mirrored]] = [real[mirrored] ?? 0, real[at] ?? 0];
    [imaginary[at], imaginary[mirrored]] = [imaginary[mirrored] ?? 0, imaginary[at] ?? 0];
  }
}
