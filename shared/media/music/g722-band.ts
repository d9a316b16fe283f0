/** One sub-band of G.722: the adaptive predictor and scale factor that encoder and decoder share (ITU-T Rec. G.722 §3, figure names in comments). */

const SCALE_STEPS = [
  2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
  2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
] as const;

export function saturate(value: number): number {
  if (value > 32_767) return 32_767;
  return value < -32_768 ? -32_768 : value;
}

export interface BandLimits {
  /** The scale factor at the start. */
  readonly detector: number;
  readonly maxLogScale: number;
  /** 8 for the low band, 10 for the high one. */
  readonly shift: number;
}

export const LOW_BAND: BandLimits = { detector: 32, maxLogScale: 18_432, shift: 8 };
export const HIGH_BAND: BandLimits = { detector: 8, maxLogScale: 22_528, shift: 10 };

export class G722Band {
  /** Predicted value of the next sample. */
  prediction = 0;
  /** Scale factor. */
  detector: number;
  readonly #limits: BandLimits;
  #logScale = 0;
  #zeroPart = 0;
  readonly #differences = new Int32Array(7);
  readonly #zeros = new Int32Array(7);
  readonly #reconstructed = new Int32Array(3);
  readonly #partial = new Int32Array(3);
  readonly #poles = new Int32Array(3);

  constructor(limits: BandLimits) {
    this.#limits = limits;
    this.detector = limits.detector;
  }

  /** Adapts the scale factor (LOGSCL/SCALEL, LOGSCH/SCALEH), then the predictor, to a quantised difference. */
  adapt(difference: number, logStep: number): void {
    const { maxLogScale, shift } = this.#limits;
    const next = ((this.#logScale * 127) >> 7) + logStep;
    this.#logScale = Math.min(Math.max(next, 0), maxLogScale);
    const step = SCALE_STEPS[(this.#logScale >> 6) & 31] ?? 0;
    const right = shift - (this.#logScale >> 11);
    this.detector = (right < 0 ? step << -right : step >> right) << 2;
    this.#predict(difference);
  }

  #predict(difference: number): void {
    const d = this.#differences;
    const p = this.#partial;
    const r = this.#reconstructed;
    d[0] = difference;
    r[0] = saturate(this.prediction + difference); // RECONS
    p[0] = saturate(this.#zeroPart + difference); // PARREC
    const second = this.#secondPole();
    const first = this.#firstPole(second);
    this.#updateZeros(difference);
    d.copyWithin(1, 0, 6); // DELAYA
    r.copyWithin(1, 0, 2);
    p.copyWithin(1, 0, 2);
    this.#poles[1] = first;
    this.#poles[2] = second;
    this.prediction = saturate(this.#polePrediction() + this.#zeroPrediction()); // PREDIC
  }

  /** UPPOL2 */
  #secondPole(): number {
    const [, a1 = 0, a2 = 0] = this.#poles;
    const [p0 = 0, p1 = 0, p2 = 0] = this.#partial;
    const grown = saturate(a1 << 2);
    const turned = Math.min(p0 >> 15 === p1 >> 15 ? -grown : grown, 32_767);
    const step = p0 >> 15 === p2 >> 15 ? 128 : -128;
    const value = step + (turned >> 7) + ((a2 * 32_512) >> 15);
    return Math.min(Math.max(value, -12_288), 12_288);
  }

  /** UPPOL1 */
  #firstPole(second: number): number {
    const [, a1 = 0] = this.#poles;
    const [p0 = 0, p1 = 0] = this.#partial;
    const step = p0 >> 15 === p1 >> 15 ? 192 : -192;
    const limit = saturate(15_360 - second);
    const value = saturate(step + ((a1 * 32_640) >> 15));
    return Math.min(Math.max(value, -limit), limit);
  }

  /** UPZERO */
  #updateZeros(difference: number): void {
    const step = difference === 0 ? 0 : 128;
    const sign = difference >> 15;
    for (let i = 1; i < 7; i++) {
      const grown = (this.#differences[i] ?? 0) >> 15 === sign ? step : -step;
      this.#zeros[i] = saturate(grown + (((this.#zeros[i] ?? 0) * 32_640) >> 15));
    }
  }

  /** FILTEP */
  #polePrediction(): number {
    const [, r1 = 0, r2 = 0] = this.#reconstructed;
    const [, a1 = 0, a2 = 0] = this.#poles;
    const first = (a1 * saturate(r1 + r1)) >> 15;
    const second = (a2 * saturate(r2 + r2)) >> 15;
    return saturate(first + second);
  }

  /** FILTEZ */
  #zeroPrediction(): number {
    let sum = 0;
    for (let i = 6; i > 0; i--) {
      const d = this.#differences[i] ?? 0;
      sum += ((this.#zeros[i] ?? 0) * saturate(d + d)) >> 15;
    }
    this.#zeroPart = saturate(sum);
    return this.#zeroPart;
  }
}
