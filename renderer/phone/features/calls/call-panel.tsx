import { useStore } from 'zustand';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { findCall } from '../../../../shared/phone/call-flow.ts';
import { useCalls, useSwitchboard } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { ActiveCall } from './active-call.tsx';
import { CallStrip } from './call-strip.tsx';
import { useFocusKept } from './use-focus-kept.ts';
import { IncomingCall } from './incoming-call.tsx';
import { InView } from './in-view.tsx';
import { OfItsAccount } from './of-its-account.tsx';

/**
 * The calls of all accounts: the shown one large, the others one line each, and below them who calls. One that comes or goes moves
 * no button of those before it: a press on its way to Mute must not decline a caller.
 */
export function CallPanel() {
  const say = useSay();
  const calls = useCalls();
  const shownCall = useStore(useSwitchboard().floor.state, (state) => state.shownCall);
  const shown = shownCall === null ? undefined : findCall(calls, shownCall);
  const incoming = liveCalls(calls).filter((call) => call.state.kind === 'incoming');
  const main = shown !== undefined && shown.state.kind !== 'incoming' ? shown : undefined;
  const others = liveCalls(calls).filter(
    (call) => call.id !== main?.id && call.state.kind !== 'incoming',
  );
  const panel = useFocusKept();
  if (main === undefined && incoming.length === 0 && others.length === 0) return null;
  return (
    <section ref={panel} className="calls" aria-label={say('call.panel')} data-testid="call-panel">
      {main === undefined ? null : (
        <OfItsAccount key={main.id} call={main}>
          <ActiveCall call={main} />
        </OfItsAccount>
      )}
      {others.map((call) => (
        <OfItsAccount key={call.id} call={call}>
          <CallStrip call={call} />
        </OfItsAccount>
      ))}
      {incoming.map((call) => (
        <OfItsAccount key={call.id} call={call}>
          <InView>
            <IncomingCall call={call} />
          </InView>
        </OfItsAccount>
      ))}
    </section>
  );
}
