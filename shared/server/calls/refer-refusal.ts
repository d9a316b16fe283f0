import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Refusal } from './incoming-invite.ts';
import { formatReason } from './reason-header.ts';

/** The final no to a REFER, with a Reason that the phone can show. */
export function refuseRefer(tx: ServerTransaction, refusal: Refusal): void {
  tx.reply(refusal.status, {
    headers: [
      ['Reason', formatReason({ cause: refusal.status, text: refusal.text })],
      ...(refusal.headers ?? []),
    ],
  });
}
