/** Sample rate conversion by windowed-sinc low-pass filters: whole recordings to any rate, streams by a factor of two. */

const LOBES = 16;

/** Sinc, cut at `cutoff` (1 = half the sample rate), under a Blackman window; `position` in samples from the centre. */
function kernel(position: number, cutoff: number, halfWidth: number): number {
  if (Math.abs(position) >= halfWidth) return 0;
  const x = Math.PI * position * cutoff;
  const sinc = x === 0 ? 1 : Math.sin(x) / x;
  const phase = (Math.PI * position) / halfWidth;
  return cutoff * sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
}

const toSample = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** Converts a whole recording. Rates in hertz. */
export function resample(samples: Int16Array, fromRate: number, toRate: number): Int16Array {
  if (fromRate === toRate) return samples;
  const cutoff = Math.min(1, toRate / fromRate) * 0.95;
  const halfWidth = LOBES / cutoff;
  const step = fromRate / toRate;
  const out = new Int16Array(Math.floor(samples.length / step));
  const kernels = kernelTable(cutoff, halfWidth);
  const taps = Math.ceil(halfWidth) * 2;
  for (let i = 0; i < out.length; i++) {
    const at = i * step;
    const first = Math.floor(at) - taps / 2 + 1;
    const weights = kernels[Math.round((at - Math.floor(at)) * PHASES)];
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      sum += (samples[first + tap] ?? 0) * (weights?.[tap] ?? 0);
    }
    out[i] = toSample(sum);
  }
  return out;
}

/** Positions between two samples for which the kernel is worked out once. */
const PHASES = 128;

function kernelTable(cutoff: number, halfWidth: number): readonly Float64Array[] {
  const taps = Math.ceil(halfWidth) * 2;
  return Array.from({ length: PHASES + 1 }, (_, phase) =>
    Float64Array.from({ length: taps }, (__, tap) =>
      kernel(tap - taps / 2 + 1 - phase / PHASES, cutoff, halfWidth),
    ),
  );
}

const HALF_TAPS = 31;
/** Half-band low-pass at a quarter of the higher rate. */
const HALF_BAND = Float64Array.from({ length: HALF_TAPS }, (_, tap) =>
  kernel(tap - (HALF_TAPS - 1) / 2, 0.47, (HALF_TAPS + 1) / 2),
);

/** Keeps the last samples, so that blocks join without a click. */
class HalfBandFilter {
  readonly #line = new Float64Array(HALF_TAPS);

  push(sample: number): void {
    this.#line.copyWithin(0, 1);
    this.#line[HALF_TAPS - 1] = sample;
  }

  get value(): number {
    let sum = 0;
    for (let i = 0; i < HALF_TAPS; i++) sum += (this.#line[i] ?? 0) * (HALF_BAND[i] ?? 0);
    return sum;
  }
}

/** 16 kHz to 8 kHz and the like, block by block. */
export class Halver {
  readonly #filter = new HalfBandFilter();

  process(samples: Int16Array): Int16Array {
    const out = new Int16Array(samples.length >> 1);
    for (let i = 0; i < out.length; i++) {
      this.#filter.push(samples[2 * i] ?? 0);
      this.#filter.push(samples[2 * i + 1] ?? 0);
      out[i] = toSample(this.#filter.value);
    }
    return out;
  }
}

/** 8 kHz to 16 kHz and the like, block by block. */
export class Doubler {
  readonly #filter = new HalfBandFilter();

  process(samples: Int16Array): Int16Array {
    const out = new Int16Array(samples.length * 2);
    for (let i = 0; i < samples.length; i++) {
      this.#filter.push(samples[i] ?? 0);
      out[2 * i] = toSample(2 * this.#filter.value);
      this.#filter.push(0);
      out[2 * i + 1] = toSample(2 * this.#filter.value);
    }
    return out;
  }
}
