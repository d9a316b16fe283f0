import type { ServerTransaction } from '../sip/transaction/transaction-user.ts';
import { ALLOW, ALLOW_EVENTS, SUPPORTED } from './calls/call-kit.ts';

/** Answers an OPTIONS outside any dialog (RFC 3261 §11.2): we are here, and this is what we understand. */
export function answerOptions(tx: ServerTransaction): void {
  tx.reply(200, {
    headers: [
      ['Allow', `${ALLOW}, REGISTER`],
      ['Accept', 'application/sdp, message/sipfrag'],
      ['Allow-Events', ALLOW_EVENTS],
      ['Supported', `${SUPPORTED}, path, outbound`],
    ],
  });
}
