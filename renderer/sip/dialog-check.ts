import { C } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import { finalStatusOf } from './jssip-words.ts';

/** JsSIP 3.13 has it, its types leave it out. */
interface RequestingSession {
  sendRequest(
    method: string,
    options: { eventHandlers: { onDialogError: (response?: unknown) => void } },
  ): void;
}

function requesting(session: unknown): session is RequestingSession {
  return (
    typeof session === 'object' &&
    session !== null &&
    'sendRequest' in session &&
    typeof session.sendRequest === 'function'
  );
}

/**
 * Asks the far side, within the call, whether it still knows the call: a server that was started anew answers any request of a dialog
 * that it has lost with 481 (RFC 3261 §12.2.1.2). Only that ends a call: whoever dislikes OPTIONS, or says nothing, may have it yet.
 */
export function checkDialog(session: RTCSession, onUnknown: () => void): void {
  const inner: unknown = session;
  if (!session.isEstablished() || !requesting(inner)) return;
  inner.sendRequest(C.OPTIONS, {
    eventHandlers: {
      onDialogError: (response) => {
        if (finalStatusOf(response)?.status === 481) onUnknown();
      },
    },
  });
}
