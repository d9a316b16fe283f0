import { assertNever } from '../../../../shared/domain/assert-never.ts';
import {
  verdictOf,
  type QualityReading,
  type QualityVerdict,
} from '../../../../shared/phone/call-quality.ts';
import type { Say } from '../../text.tsx';

/** How a call sounds or sounded, in plain words: "Poor: 8 % of the sound was lost". */
export function verdictWords(
  measured: Pick<QualityReading, 'loss' | 'jitterMs' | 'roundTripMs' | 'mos'>,
  say: Say,
): string {
  const verdict = verdictOf(measured);
  if (verdict.kind === 'good') return say('quality.good');
  const why = blameWords(verdict, say);
  return say(verdict.grade === 'poor' ? 'quality.poor' : 'quality.fair', { why });
}

function blameWords(verdict: Exclude<QualityVerdict, { kind: 'good' }>, say: Say): string {
  switch (verdict.kind) {
    case 'lossy':
      return say('quality.lossy', { loss: Math.round(verdict.loss * 1000) / 10 });
    case 'delayed':
      return say('quality.delayed', { roundTrip: Math.round(verdict.roundTripMs) });
    case 'uneven':
      return say('quality.uneven', { jitter: Math.round(verdict.jitterMs) });
    default:
      return assertNever(verdict);
  }
}
