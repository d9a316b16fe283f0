/** How a call sounded, from what was measured every few seconds while it lasted. */

/** One measurement, of the time since the one before. */
export interface QualityReading {
  /** Share of packets lost on the way to us, 0–1. */
  readonly loss: number;
  readonly jitterMs: number;
  /** `null` until RTCP has said so. */
  readonly roundTripMs: number | null;
  /** Mean opinion score estimated by the E-model (ITU-T G.107), 1.0–4.5. */
  readonly mos: number;
  readonly codec: string | null;
}

/** All measurements of one call: means, and the worst moment. */
export interface QualitySummary {
  readonly readings: number;
  readonly loss: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  readonly mos: number;
  /** Of the worst reading. */
  readonly lowestMos: number;
  readonly codec: string | null;
}

export type QualityGrade = 'good' | 'fair' | 'poor';

/** What a person would say of it, and what was to blame most when it was not good. */
export type QualityVerdict =
  | { readonly kind: 'good' }
  /** `loss` 0–1. */
  | { readonly kind: 'lossy'; readonly grade: 'fair' | 'poor'; readonly loss: number }
  | { readonly kind: 'delayed'; readonly grade: 'fair' | 'poor'; readonly roundTripMs: number }
  | { readonly kind: 'uneven'; readonly grade: 'fair' | 'poor'; readonly jitterMs: number };

/** Adds one measurement; `null` before the first. */
export function addReading(before: QualitySummary | null, reading: QualityReading): QualitySummary {
  if (before === null) return { ...reading, readings: 1, lowestMos: reading.mos };
  const { readings } = before;
  const mean = (old: number, fresh: number) => (old * readings + fresh) / (readings + 1);
  return {
    readings: readings + 1,
    loss: mean(before.loss, reading.loss),
    jitterMs: mean(before.jitterMs, reading.jitterMs),
    roundTripMs:
      before.roundTripMs === null || reading.roundTripMs === null
        ? (reading.roundTripMs ?? before.roundTripMs)
        : mean(before.roundTripMs, reading.roundTripMs),
    mos: mean(before.mos, reading.mos),
    lowestMos: Math.min(before.lowestMos, reading.mos),
    codec: reading.codec ?? before.codec,
  };
}

/** User satisfaction by ITU-T G.107 annex B: 3.8 and more satisfies, below 3.1 many are dissatisfied. */
export function gradeOf(mos: number): QualityGrade {
  if (mos >= 3.8) return 'good';
  return mos >= 3.1 ? 'fair' : 'poor';
}

/** Names the impairment that weighs most against its usual limit: 1 % loss, 30 ms of jitter, 300 ms round trip. */
export function verdictOf(
  measured: Pick<QualityReading, 'loss' | 'jitterMs' | 'roundTripMs' | 'mos'>,
): QualityVerdict {
  const grade = gradeOf(measured.mos);
  if (grade === 'good') return { kind: 'good' };
  const { loss, jitterMs, roundTripMs } = measured;
  const [lossy, uneven, delayed] = [loss / 0.01, jitterMs / 30, (roundTripMs ?? 0) / 300];
  if (lossy >= uneven && lossy >= delayed) return { kind: 'lossy', grade, loss };
  return uneven >= delayed
    ? { kind: 'uneven', grade, jitterMs }
    : { kind: 'delayed', grade, roundTripMs: roundTripMs ?? 0 };
}
