import { Dialog, type DialogMaker } from '../../sip/dialog/dialog.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import type { Endpoint } from '../../sip/transaction/endpoint.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import { contactOf } from './party.ts';
import { formatReason, type Reason } from './reason-header.ts';

/** An INVITE of ours, as far as its answers need it. */
export interface SentInvite {
  readonly endpoint: Endpoint;
  readonly request: DialogMaker;
  readonly flow: Flow;
}

/** Ends the dialog of a 2xx that nobody wants any more: ACK, then BYE (RFC 3261 §13.2.2.4). */
export function dismissAnswer(
  { endpoint, request, flow }: SentInvite,
  answer: SipResponse,
  reason: Reason | undefined,
): void {
  const dialog = Dialog.fromResponse(request, answer, { localContact: contactOf(flow) });
  endpoint.sendAck(dialog.createAck(request.cseq.sequence), flow);
  hangUpDialog({ endpoint, flow }, dialog, reason);
}

/** BYE in a dialog that never got a leg. */
export function hangUpDialog(
  { endpoint, flow }: Pick<SentInvite, 'endpoint' | 'flow'>,
  dialog: Dialog,
  reason: Reason | undefined,
): void {
  const headers = reason === undefined ? [] : ([['Reason', formatReason(reason)]] as const);
  const bye = dialog.createRequest('BYE', { headers });
  dialog.terminate();
  endpoint.request(bye, flow, { onFinal: () => undefined });
}

/** Dismisses the answers of further forks, which may come for half a minute: it keeps nothing else of the call alive. */
export function extraAnswersDismissed({
  endpoint,
  flow,
  request: { callId, from, uri, cseq },
}: SentInvite): (answer: SipResponse) => void {
  const invite: SentInvite = { endpoint, flow, request: { callId, from, uri, cseq } };
  return (answer) => dismissAnswer(invite, answer, { cause: 487, text: 'Answered already' });
}
