import { describe, expect, it } from 'vitest';
import {
  addReading,
  verdictOf,
  type QualitySummary,
} from '../../../../shared/phone/call-quality.ts';

const good = { loss: 0, jitterMs: 4, roundTripMs: 30, mos: 4.4, codec: 'opus' };

describe('how a call sounded', () => {
  it('is the mean of all readings and the worst of them', () => {
    const readings = [good, { ...good, loss: 0.06, mos: 2.6, roundTripMs: null }, good];
    const summary = readings.reduce<QualitySummary | null>(addReading, null);
    expect(summary).toMatchObject({ readings: 3, lowestMos: 2.6, roundTripMs: 30, codec: 'opus' });
    expect(summary?.loss).toBeCloseTo(0.02);
    expect(summary?.mos).toBeCloseTo(3.8);
  });

  it('knows the round trip as soon as it is told once', () => {
    const first = addReading(null, { ...good, roundTripMs: null, codec: null });
    expect(first.roundTripMs).toBeNull();
    expect(addReading(first, good)).toMatchObject({ roundTripMs: 30, codec: 'opus' });
  });
});

describe('the verdict', () => {
  it.each([
    [good, { kind: 'good' }],
    [
      { ...good, loss: 0.08, mos: 2.4 },
      { kind: 'lossy', grade: 'poor', loss: 0.08 },
    ],
    [
      { ...good, jitterMs: 120, mos: 3.5 },
      { kind: 'uneven', grade: 'fair', jitterMs: 120 },
    ],
    [
      { ...good, roundTripMs: 900, mos: 3 },
      { kind: 'delayed', grade: 'poor', roundTripMs: 900 },
    ],
    [
      { ...good, roundTripMs: null, mos: 3 },
      { kind: 'uneven', grade: 'poor', jitterMs: 4 },
    ],
  ])('of %j names what was to blame most: %j', (measured, verdict) => {
    expect(verdictOf(measured)).toEqual(verdict);
  });
});
