/** Mono sound: samples between −1 and 1. */
export interface Sound {
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly rate: number;
}

/** Below this, in dBFS, is silence: what a dithered null sink or a codec's comfort noise leaves. */
export const SILENCE_DBFS = -60;

const decibels = (amplitude: number): number =>
  amplitude <= 0 ? -Infinity : 20 * Math.log10(amplitude);

/** Loudness of everything together, in dBFS; a full-scale square wave is 0. */
export function levelDbfs({ samples }: Sound): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return samples.length === 0 ? -Infinity : decibels(Math.sqrt(energy / samples.length));
}

/** Level of the loudest of many short windows, in dBFS: a click in an otherwise silent recording shows here. */
export function loudestWindowDbfs({ samples, rate }: Sound, windowMs = 20): number {
  const size = Math.max(1, Math.round((rate * windowMs) / 1000));
  let loudest = -Infinity;
  for (let at = 0; at + size <= samples.length; at += size) {
    loudest = Math.max(loudest, levelDbfs({ samples: samples.subarray(at, at + size), rate }));
  }
  return loudest;
}

export interface SpectralLine {
  readonly frequencyHz: number;
  /** Amplitude of the sine wave, in dBFS. */
  readonly levelDbfs: number;
}

const FFT_SIZE = 8192;

/** Amplitude spectrum, averaged over windows of 8192 samples (5.9 Hz a line at 48 kHz) with a Hann window. */
export function spectrum({ samples, rate }: Sound): readonly SpectralLine[] {
  if (samples.length < FFT_SIZE) throw new Error(`too short to analyse: ${samples.length} samples`);
  const power = new Float64Array(FFT_SIZE / 2);
  let windows = 0;
  for (let at = 0; at + FFT_SIZE <= samples.length; at += FFT_SIZE / 2, windows += 1) {
    const real = Float64Array.from(
      samples.subarray(at, at + FFT_SIZE),
      (sample, i) => sample * hann(i),
    );
    const imaginary = new Float64Array(FFT_SIZE);
    transform(real, imaginary);
    for (let i = 0; i < power.length; i += 1) {
      const [re, im] = [real[i] ?? 0, imaginary[i] ?? 0];
      power[i] = (power[i] ?? 0) + re * re + im * im;
    }
  }
  // A Hann window halves the amplitude, and a sine shares it between two mirror lines.
  return Array.from(power, (sum, i) => ({
    frequencyHz: (i * rate) / FFT_SIZE,
    levelDbfs: decibels((Math.sqrt(sum / windows) * 4) / FFT_SIZE),
  }));
}

const hann = (i: number): number => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FFT_SIZE);

/** The strongest line above 80 Hz, where mains hum and offsets end. */
export function strongestTone(sound: Sound): SpectralLine {
  const lines = spectrum(sound).filter(({ frequencyHz }) => frequencyHz > 80);
  return lines.reduce((best, line) => (line.levelDbfs > best.levelDbfs ? line : best));
}

/** Level of one tone, in dBFS, within `toleranceHz` of the frequency. */
export function toneDbfs(sound: Sound, frequencyHz: number, toleranceHz = 15): number {
  const near = spectrum(sound).filter(
    (line) => Math.abs(line.frequencyHz - frequencyHz) <= toleranceHz,
  );
  return Math.max(...near.map((line) => line.levelDbfs));
}

/** Iterative radix-2 FFT, in place. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  reverseBits(real, imaginary);
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k += 1) {
      const angle = (-Math.PI * k) / half;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let i = k; i < size; i += 2 * half) {
        const j = i + half;
        const re = (real[j] ?? 0) * cos - (imaginary[j] ?? 0) * sin;
        const im = (real[j] ?? 0) * sin + (imaginary[j] ?? 0) * cos;
        real[j] = (real[i] ?? 0) - re;
        imaginary[j] = (imaginary[i] ?? 0) - im;
        real[i] = (real[i] ?? 0) + re;
        imaginary[i] = (imaginary[i] ?? 0) + im;
      }
    }
  }
}

function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i += 1) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [real[i], real[j]] = [real[j] ?? 0, real[i] ?? 0];
    [imaginary[i], imaginary[j]] = [imaginary[j] ?? 0, imaginary[i] ?? 0];
  }
}
