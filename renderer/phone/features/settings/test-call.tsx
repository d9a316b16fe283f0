import { useEffect, useRef, useState } from 'react';
import { ActionButton } from '../../../controls/action-button.tsx';
import { playBack, record } from '../../../sip/audio/loopback-test.ts';
import type { Session } from '../../model/session.ts';
import { useSession } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';

const RECORD_MS = 3_000;

type Outcome = 'idle' | 'recording' | 'playing' | 'quiet' | 'no-microphone';

/** Three seconds into the microphone, then the same from the speaker: all of the way but the network. */
export function TestCall() {
  const say = useSay();
  const session = useSession();
  const [outcome, setOutcome] = useState<Outcome>('idle');
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const busy = outcome === 'recording' || outcome === 'playing';
  return (
    <div className="mic-test">
      <ActionButton
        isDisabled={busy}
        onPress={() =>
          void callMyself(session, (next) => {
            if (shown.current) setOutcome(next);
          })
        }
      >
        {say('settings.testCall')}
      </ActionButton>
      <p role="status" className="field-hint" data-outcome={outcome}>
        {outcome === 'recording' ? say('settings.testCall.record') : null}
        {outcome === 'playing' ? say('settings.testCall.play') : null}
        {outcome === 'quiet' ? say('settings.testCall.quiet') : null}
        {outcome === 'no-microphone' ? say('settings.noMicrophone') : null}
      </p>
    </div>
  );
}

async function callMyself(
  { sounds, settings }: Session,
  show: (outcome: Outcome) => void,
): Promise<void> {
  show('recording');
  const stream = await sounds.microphone.openForTest();
  if (stream === null) return show('no-microphone');
  const recording = await record(stream, RECORD_MS).finally(() => {
    for (const track of stream.getTracks()) track.stop();
  });
  show('playing');
  const heard = await playBack(recording, {
    deviceId: sounds.devices.inUse.speaker,
    volume: settings.current.speakerVolume,
  }).catch(() => false);
  show(heard ? 'idle' : 'quiet');
}
