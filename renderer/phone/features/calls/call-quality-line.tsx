import { gradeOf } from '../../../../shared/phone/call-quality.ts';
import { usePhoneState } from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';
import { verdictWords } from './quality-words.ts';

/** How it sounds in plain words, then codec, loss, jitter, round trip and the estimated opinion score of the last seconds. */
export function CallQualityLine({ callId }: { readonly callId: string }) {
  const say = useSay();
  const intl = useIntlShape();
  const quality = usePhoneState(({ qualities }) => qualities.get(callId) ?? null);
  if (quality === null) return null;
  const number = (value: number, digits = 0) =>
    intl.formatNumber(value, { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return (
    <p className="quality" data-grade={gradeOf(quality.mos)} data-codec={quality.codec ?? ''}>
      <span className="quality-dot" aria-hidden />
      <span>
        {verdictWords(quality, say)}
        {' · '}
        {say('quality.line', {
          codec: quality.codec ?? '–',
          mos: number(quality.mos, 1),
          loss: number(quality.loss * 100, 1),
          jitter: number(quality.jitterMs),
          roundTrip: quality.roundTripMs === null ? '–' : number(quality.roundTripMs),
        })}
      </span>
    </p>
  );
}
