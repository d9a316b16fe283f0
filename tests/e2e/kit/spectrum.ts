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
const HUM_HZ = 80;

const decibel = (power: number): number => Math.max(LOWEST_DB, 10 * Math.log10(power + 1e-12));

/** Loudness in dBFS: 0 is a square wave at full scale, a sine at full scale is -3. */
export function loudness({ samples }: Recording): number {
  if (samples.length === 0) return LOWEST_DB;
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return decibel(sum / samples.length);
}

/** Loudness of the loudest of many short windows, in dBFS: a click in an otherwise silent recording shows here. */
export function loudestWindow({ samples, rate }: Recording, windowMs = 20): number {
  const size = Math.max(1, Math.round((rate * windowMs) / 1_000));
  let loudest = LOWEST_DB;
  for (let at = 0; at + size <= samples.length; at += size) {
    loudest = Math.max(loudest, loudness({ samples: samples.subarray(at, at + size), rate }));
  }
  return loudest;
}

/** A recording by frequency. */
export class Spectrum {
  readonly #bins: Bins;

  /**
   * @param windowSize samples, a power of two: the spectrum is the mean of half-overlapping windows of that length. Default: one window, as
   *   long as fits, over the end of the recording.
   */
  constructor(recording: Recording, windowSize = longestWindow(recording)) {
    this.#bins = binsOf(recording, windowSize);
  }

  /** Loudness around one frequency, in dBFS. */
  loudnessAt(hertz: number): number {
    return decibel(this.#around(hertz));
  }

  /** The frequency with most power above 80 Hz, where mains hum and offsets end. */
  get strongestHz(): number {
    const { binHz, power } = this.#bins;
    let strongest = Math.ceil(HUM_HZ / binHz);
    for (let bin = strongest; bin < power.length; bin += 1) {
      if ((power[bin] ?? 0) > (power[strongest] ?? 0)) strongest = bin;
    }
    return strongest * binHz;
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

const longestWindow = ({ samples }: Recording): number =>
  2 ** Math.floor(Math.log2(Math.max(2, samples.length)));

/** Power spectrum under Hann windows, scaled so that the bins add up to the mean square of the samples. */
function binsOf({ rate, samples }: Recording, size: number): Bins {
  if (samples.length < size && size > 2) {
    throw new Error(`too short to analyse: ${samples.length} samples`);
  }
  const power = new Float64Array(size / 2);
  const first = (samples.length - size) % Math.max(1, size / 2);
  let windows = 0;
  for (let at = Math.max(0, first); windows === 0 || at + size <= samples.length; at += size / 2) {
    addWindow(samples.subarray(at, at + size), power);
    windows += 1;
  }
  // A Hann window keeps 3/8 of the power; one side of the spectrum holds half of it.
  const scale = 2 / (size * size * 0.375 * windows);
  return { binHz: rate / size, power: power.map((each) => each * scale) };
}

function addWindow(samples: Float32Array, power: Float64Array): void {
  const size = power.length * 2;
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  samples.forEach((sample, n) => {
    real[n] = sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
  });
  transform(real, imaginary);
  for (let bin = 0; bin < power.length; bin += 1) {
    const [re, im] = [real[bin] ?? 0, imaginary[bin] ?? 0];
    power[bin] = (power[bin] ?? 0) + re * re + im * im;
  }
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
