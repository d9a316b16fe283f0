import { useEffect, useState } from 'react';
import { Label, Meter } from 'react-aria-components';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

type TestState =
  | { readonly kind: 'off' }
  | { readonly kind: 'no-microphone' }
  | { readonly kind: 'on'; readonly stream: MediaStream };

const PAINT_EVERY_MS = 80;

/** Shows that the microphone hears: a level while one speaks. */
export function MicrophoneTest() {
  const say = useSay();
  const { sounds } = useSession();
  const [test, setTest] = useState<TestState>({ kind: 'off' });
  useEffect(() => {
    if (test.kind !== 'on') return;
    return () => {
      for (const track of test.stream.getTracks()) track.stop();
    };
  }, [test]);
  const start = async () => {
    const stream = await sounds.microphone.openForTest();
    setTest(stream === null ? { kind: 'no-microphone' } : { kind: 'on', stream });
  };
  return (
    <div className="mic-test">
      {test.kind === 'on' ? <LevelMeter stream={test.stream} /> : null}
      {test.kind === 'no-microphone' ? (
        <p className="field-error">{say('settings.noMicrophone')}</p>
      ) : null}
      {test.kind === 'on' ? (
        <ActionButton onPress={() => setTest({ kind: 'off' })}>
          {say('settings.stopTest')}
        </ActionButton>
      ) : (
        <ActionButton onPress={() => void start()}>{say('settings.testMicrophone')}</ActionButton>
      )}
    </div>
  );
}

function LevelMeter({ stream }: { readonly stream: MediaStream }) {
  const say = useSay();
  const level = useLevel(stream);
  return (
    <Meter value={level} minValue={0} maxValue={1} className="meter">
      {({ percentage }) => (
        <>
          <Label className="field-label">{say('settings.level')}</Label>
          <div className="meter-track">
            <div className="meter-fill" style={{ inlineSize: `${percentage}%` }} />
          </div>
        </>
      )}
    </Meter>
  );
}

/** Loudness of a stream, 0–1, some times a second. */
function useLevel(stream: MediaStream): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    context.createMediaStreamSource(stream).connect(analyser);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      setLevel(Math.min(1, Math.sqrt(power) * 4));
    }, PAINT_EVERY_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return level;
}
