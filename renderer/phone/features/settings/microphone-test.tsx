import { useEffect, useState } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { LevelMeter } from './level-meter.tsx';

type TestState =
  | { readonly kind: 'off' }
  | { readonly kind: 'no-microphone' }
  | { readonly kind: 'on'; readonly streams: readonly [MediaStream] };

/** Shows that the microphone hears: a level while one speaks. */
export function MicrophoneTest() {
  const say = useSay();
  const { sounds } = useSession();
  const [test, setTest] = useState<TestState>({ kind: 'off' });
  useEffect(() => {
    if (test.kind !== 'on') return;
    return () => {
      for (const track of test.streams[0].getTracks()) track.stop();
    };
  }, [test]);
  const start = async () => {
    const stream = await sounds.microphone.openForTest();
    setTest(stream === null ? { kind: 'no-microphone' } : { kind: 'on', streams: [stream] });
  };
  return (
    <div className="mic-test">
      {test.kind === 'on' ? (
        <LevelMeter label={say('settings.level')} streams={test.streams} />
      ) : null}
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
