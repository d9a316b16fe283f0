import type { SipRequest, SipResponse } from '../message/message.ts';
import { ownLowerCase, ownText } from '../message/own-text.ts';
import { formatUri } from '../message/uri.ts';
import { BRANCH_COOKIE, branchOf, formatVia } from '../message/via.ts';

/**
 * What two messages of one server transaction have in common (RFC 3261 §17.2.3). `method` is the transaction's: INVITE for the ACK
 * that belongs to it and for the INVITE a CANCEL looks for.
 */
export function serverKey(request: SipRequest, method: string): string {
  const via = request.via;
  const branch = branchOf(via) ?? '';
  // A cookie with nothing behind it identifies nothing: such a branch is treated like those of RFC 2543.
  if (branch.length > cookie.length && startsWithCookie(branch)) {
    return ownLowerCase(`${branch}|${via.host}:${via.port ?? ''}|${method}`);
  }
  return legacyKey(request, method);
}

/**
 * RFC 2543 peers: the fields that RFC 3261 §17.2.3 compares. The To tag is left out because it is absent from an INVITE and present in
 * its ACK; requests inside one dialog still differ by CSeq.
 */
function legacyKey(request: SipRequest, method: string): string {
  const parts = [
    formatUri(request.uri),
    request.fromTag ?? '',
    request.callId,
    String(request.cseq.sequence),
    formatVia(request.via),
  ];
  return ownText(`2543|${parts.join('|')}|${method}`);
}

/** What a response and its request have in common (RFC 3261 §17.1.3); undefined when the response has no branch. */
export function clientKey(response: SipResponse): string | undefined {
  const branch = branchOf(response.via);
  return branch === undefined ? undefined : branchKey(branch, response.cseq.method);
}

/** The same of a request that goes out with that branch. */
export const branchKey = (branch: string, method: string): string =>
  `${branch.toLowerCase()}|${method}`;

/** Requests outside dialogs that came by several paths share this (RFC 3261 §8.2.2.2); undefined inside dialogs. */
export function mergeKey(request: SipRequest): string | undefined {
  if (request.toTag !== undefined) return undefined;
  const { sequence, method } = request.cseq;
  return ownText(`${request.callId}|${request.fromTag ?? ''}|${sequence}|${method}`);
}

/** What a 2xx to an INVITE and its ACK have in common: the dialog and the CSeq number (RFC 3261 §13.2.2.4). */
export function answerKey(message: SipRequest | SipResponse, toTag = message.toTag): string {
  const { callId, fromTag = '', cseq } = message;
  return ownText(`${callId}|${fromTag}|${toTag ?? ''}|${cseq.sequence}`);
}

const cookie = BRANCH_COOKIE.toLowerCase();

const startsWithCookie = (branch: string): boolean =>
  branch.startsWith(BRANCH_COOKIE) || branch.toLowerCase().startsWith(cookie);
