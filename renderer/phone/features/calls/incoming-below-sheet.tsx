import { useEffect, useRef, type FocusEvent } from 'react';
import { liveCalls } from '../../../../shared/phone/call-list.ts';
import { useCalls } from '../../session-context.tsx';
import { useSay } from '../../text.tsx';
import { IncomingCall } from './incoming-call.tsx';
import { OfItsAccount } from './of-its-account.tsx';

/** Whoever calls while a sheet is open is answered or declined beside it: it stays open, with what was typed. */
export function IncomingBelowSheet() {
  const say = useSay();
  const incoming = liveCalls(useCalls()).filter((call) => call.state.kind === 'incoming');
  const keepOrigin = useFocusGivenBack();
  if (incoming.length === 0) return null;
  return (
    <section
      className="below-sheet"
      aria-label={say('call.panel')}
      data-testid="calls-below-sheet"
      onFocus={keepOrigin}
    >
      {incoming.map((call) => (
        <OfItsAccount key={call.id} call={call}>
          <IncomingCall call={call} />
        </OfItsAccount>
      ))}
    </section>
  );
}

/** When a pressed button leaves with its call, the focus is again where it came from. */
function useFocusGivenBack(): (event: FocusEvent) => void {
  const origin = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    if (origin.current?.isConnected === true) origin.current.focus({ preventScroll: true });
    origin.current = null;
  });
  return ({ currentTarget, relatedTarget }) => {
    if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget))
      origin.current = relatedTarget;
  };
}
