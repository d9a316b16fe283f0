import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { usePhoneState } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { callOf } from '../../model/phone-lookups.ts';
import { ActiveCall } from './active-call.tsx';
import { CallStrip } from './call-strip.tsx';
import { IncomingCall } from './incoming-call.tsx';

/** The calls: incoming ones first, the shown one large, the others one line each. */
export function CallPanel() {
  const say = useSay();
  const calls = usePhoneState((state) => state.calls);
  const shown = usePhoneState((state) => callOf(state, state.shownCall));
  const incoming = liveCalls(calls).filter((call) => call.state.kind === 'incoming');
  const main = shown !== undefined && shown.state.kind !== 'incoming' ? shown : undefined;
  const others = liveCalls(calls).filter(
    (call) => call.id !== main?.id && call.state.kind !== 'incoming',
  );
  if (main === undefined && incoming.length === 0 && others.length === 0) return null;
  return (
    <section className="calls" aria-label={say('call.panel')} data-testid="call-panel">
      {incoming.map((call) => (
        <IncomingCall key={call.id} call={call} />
      ))}
      {main === undefined ? null : <ActiveCall key={main.id} call={main} />}
      {others.map((call) => (
        <CallStrip key={call.id} call={call} />
      ))}
    </section>
  );
}
