import { useEffect, useState } from 'react';
import { Label, Meter } from 'react-aria-components';

const PAINT_EVERY_MS = 80;

/** How loud streams are together, while one looks. */
export function LevelMeter({
  label,
  streams,
}: {
  readonly label: string;
  readonly streams: readonly MediaStream[];
}) {
  const level = useLevel(streams);
  return (
    <Meter value={level} minValue={0} maxValue={1} className="meter">
      {({ percentage }) => (
        <>
          <Label className="field-label">{label}</Label>
          <div className="meter-track">
            <div className="meter-fill" style={{ inlineSize: `${percentage}%` }} />
          </div>
        </>
      )}
    </Meter>
  );
}

/** Loudness, 0–1, some times a second. */
function useLevel(streams: readonly MediaStream[]): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    for (const stream of streams) {
      if (stream.getAudioTracks().length > 0)
        context.createMediaStreamSource(stream).connect(analyser);
    }
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      setLevel(Math.min(1, Math.sqrt(power) * 4));
    }, PAINT_EVERY_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [streams]);
  return level;
}
