import { formatCSeq } from '../message/cseq.ts';
import { MAX_FORWARDS, VIA } from '../message/header-names.ts';
import { HeaderTable } from '../message/header-table.ts';
import { SipRequest, type SipResponse } from '../message/message.ts';
import type { Flow } from './flow.ts';
import type { ExtraHeaders } from './transaction-user.ts';
import { ownVia } from './via-rules.ts';

export interface Dispatch {
  readonly flow: Flow;
  /** Made by `newBranch` for this request alone. */
  readonly branch: string;
  /** User-Agent, unless the request has one. */
  readonly product: string | undefined;
}

/** A copy of `request` as it goes out: our Via on top and no other, Max-Forwards, User-Agent. */
export function addressed(request: SipRequest, { flow, branch, product }: Dispatch): SipRequest {
  const headers = request.headers.under(VIA, ownVia(flow, branch));
  if (headers.find(MAX_FORWARDS) === undefined) headers.append('Max-Forwards', '70');
  if (product !== undefined && !headers.has('User-Agent')) headers.append('User-Agent', product);
  return new SipRequest({ method: request.method, uri: request.uri, headers, body: request.body });
}

/** The CANCEL of a request that was sent (RFC 3261 §9.1): same Via, Request-URI, Call-ID, From, To, CSeq number and Route. */
export function makeCancel(sent: SipRequest, extra: ExtraHeaders): SipRequest {
  const headers = sharedWithInvite(sent, 'CANCEL', sent.headers.get('To'));
  for (const [name, value] of extra) headers.append(name, value);
  return new SipRequest({ method: 'CANCEL', uri: sent.uri, headers });
}

/** The ACK to a 3xx–6xx, which belongs to the INVITE's transaction (RFC 3261 §17.1.1.3). */
export function makeFailureAck(sent: SipRequest, response: SipResponse): SipRequest {
  const headers = sharedWithInvite(sent, 'ACK', response.headers.get('To'));
  return new SipRequest({ method: 'ACK', uri: sent.uri, headers });
}

function sharedWithInvite(sent: SipRequest, method: string, to: string | undefined): HeaderTable {
  const headers = new HeaderTable();
  for (const name of ['Via', 'Route'] as const) {
    for (const value of sent.headers.all(name)) headers.append(name, value);
  }
  return headers
    .append('Max-Forwards', '70')
    .append('From', sent.headers.get('From') ?? '')
    .append('To', to ?? '')
    .append('Call-ID', sent.callId)
    .append('CSeq', formatCSeq({ sequence: sent.cseq.sequence, method }));
}
