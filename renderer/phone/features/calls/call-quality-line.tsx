import { useEffect, useState } from 'react';
import type { CallQuality } from '../../../sip/phone-line.ts';
import { usePhone, useSession } from '../../session-context.tsx';
import { useIntlShape, useSay } from '../../text.tsx';

const READ_EVERY_MS = 3_000;

/** Codec, loss, jitter, round trip and the estimated opinion score of the last seconds. */
export function CallQualityLine({ callId }: { readonly callId: string }) {
  const say = useSay();
  const intl = useIntlShape();
  const quality = useQuality(callId);
  if (quality === null) return null;
  const number = (value: number, digits = 0) =>
    intl.formatNumber(value, { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return (
    <p className="quality" data-grade={grade(quality.mos)} data-codec={quality.codec ?? ''}>
      <span className="quality-dot" aria-hidden />
      {say('quality.line', {
        codec: quality.codec ?? '–',
        mos: number(quality.mos, 1),
        loss: number(quality.loss * 100, 1),
        jitter: number(quality.jitterMs),
        roundTrip: quality.roundTripMs === null ? '–' : number(quality.roundTripMs),
      })}
    </p>
  );
}

function useQuality(callId: string): CallQuality | null {
  const phone = usePhone();
  const { clock } = useSession().world;
  const [quality, setQuality] = useState<CallQuality | null>(null);
  useEffect(() => {
    let current = true;
    let waiting = clock.after(READ_EVERY_MS, read);
    function read() {
      void phone.line.quality(callId).then((next) => {
        if (!current) return;
        setQuality(next);
        waiting = clock.after(READ_EVERY_MS, read);
      });
    }
    return () => {
      current = false;
      waiting.dispose();
    };
  }, [phone, clock, callId]);
  return quality;
}

function grade(mos: number): 'good' | 'fair' | 'poor' {
  if (mos >= 3.8) return 'good';
  return mos >= 3.1 ? 'fair' : 'poor';
}
