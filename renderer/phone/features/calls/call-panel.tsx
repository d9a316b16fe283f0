import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { findCall } from '../../../../shared/phone/call-flow.ts';
import type { Call } from '../../../../shared/phone/call.ts';
import { SessionProvider, useCalls, useSessions, useSwitchboard } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { ActiveCall } from './active-call.tsx';
import { CallStrip } from './call-strip.tsx';
import { useFocusKept } from './use-focus-kept.ts';
import { IncomingCall } from './incoming-call.tsx';

/** The calls of all accounts: incoming ones first, the shown one large, the others one line each. */
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
      {incoming.map((call) => (
        <OfItsAccount key={call.id} call={call}>
          <IncomingCall call={call} />
        </OfItsAccount>
      ))}
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
    </section>
  );
}

/** Everything that can be done with a call is done by the account it is of. */
function OfItsAccount({ call, children }: { readonly call: Call; readonly children: ReactNode }) {
  const session = useSessions().find(({ account }) => account.key === call.account);
  if (session === undefined) return null;
  return <SessionProvider session={session}>{children}</SessionProvider>;
}
