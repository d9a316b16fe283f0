import { formatCSeq } from './cseq.ts';
import { CALL_ID, CSEQ, FROM, RECORD_ROUTE, TO, VIA, headerName } from './header-names.ts';
import { HeaderTable } from './header-table.ts';
import { NO_BODY, SipRequest, SipResponse } from './message.ts';
import { formatNameAddr, tagOf } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';
import { formatParam } from './params.ts';
import { reasonPhrase } from './reason-phrases.ts';
import type { SipUri } from './uri.ts';
import { encodeUtf8 } from './utf8.ts';

export type HeaderPairs = Iterable<readonly [string, string]>;

export interface NewRequest {
  readonly method: string;
  readonly uri: SipUri;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  /** Below 2³¹. */
  readonly cseq: number;
  /** Hops, 0 to 255; 70 unless given (RFC 3261 §8.1.1.6). */
  readonly maxForwards?: number;
  readonly contact?: NameAddr | undefined;
  readonly routes?: readonly NameAddr[];
  readonly headers?: HeaderPairs;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
}

/** A request with the mandatory header fields of RFC 3261 §8.1.1 except Via, which the client transaction adds. */
export function makeRequest(parts: NewRequest): SipRequest {
  return makeRequestFrom(requestHead(parts), parts);
}

/** The header fields that all requests of one dialog have in common. */
export function requestHead(
  parts: Pick<NewRequest, 'maxForwards' | 'from' | 'to' | 'callId'>,
): HeaderTable {
  return new HeaderTable()
    .append('Max-Forwards', String(parts.maxForwards ?? 70))
    .append('From', formatNameAddr(parts.from))
    .append('To', formatNameAddr(parts.to))
    .append('Call-ID', parts.callId);
}

/** The same from a head that was made once; it is copied. */
export function makeRequestFrom(
  head: HeaderTable,
  parts: Omit<NewRequest, 'maxForwards' | 'from' | 'to' | 'callId'>,
): SipRequest {
  const cseq = formatCSeq({ sequence: parts.cseq, method: parts.method });
  const headers = head.clone().append('CSeq', cseq);
  for (const route of parts.routes ?? []) headers.append('Route', formatNameAddr(route));
  if (parts.contact) headers.append('Contact', formatNameAddr(parts.contact));
  addRest(headers, parts);
  return new SipRequest({
    method: parts.method,
    uri: parts.uri,
    headers,
    body: bytesOf(parts.body),
  });
}

export interface NewResponse {
  /** The registered phrase unless given. */
  readonly reason?: string | undefined;
  /** Put on To when the request has no tag there and the status is above 100. */
  readonly toTag?: string | undefined;
  readonly contact?: NameAddr | undefined;
  readonly headers?: HeaderPairs | undefined;
  readonly body?: string | Uint8Array | undefined;
  readonly contentType?: string | undefined;
}

const COPIED = [VIA, FROM, TO, CALL_ID, CSEQ] as const;

/**
 * A response with what RFC 3261 §8.2.6 copies from the request, Record-Route in responses that can create a
 * dialog (§12.1.1), and Timestamp in a 100.
 */
export function makeResponse(
  request: { readonly headers: HeaderTable },
  status: number,
  parts: NewResponse = {},
): SipResponse {
  const headers = new HeaderTable();
  for (const name of COPIED) headers.appendFrom(request.headers, name);
  if (status > 100 && status < 300) headers.appendFrom(request.headers, RECORD_ROUTE);
  if (status === 100) headers.appendFrom(request.headers, TIMESTAMP);
  const response = new SipResponse({
    status,
    reason: parts.reason ?? reasonPhrase(status),
    headers,
    body: bytesOf(parts.body),
  });
  if (status > 100 && parts.toTag !== undefined) {
    addToTag(response, parts.toTag, request instanceof SipRequest ? request : response);
  }
  if (parts.contact) headers.append('Contact', formatNameAddr(parts.contact));
  addRest(headers, parts);
  return response;
}

const TIMESTAMP = headerName('Timestamp');

/** A To that cannot be read stays as it came: the request is being refused, and its sender matches by branch. */
function addToTag(
  { headers }: SipResponse,
  tag: string,
  said: Pick<SipRequest, 'hasUsableTo' | 'to'>,
): void {
  if (!said.hasUsableTo || tagOf(said.to) !== undefined) return;
  // Behind a whole address a parameter may simply follow, with brackets or without.
  const value = headers.find(TO)?.value ?? '';
  headers.setFirst(TO, `${value}${formatParam('tag', tag)}`);
}

function addRest(
  headers: HeaderTable,
  parts: { headers?: HeaderPairs | undefined; contentType?: string | undefined },
): void {
  for (const [name, value] of parts.headers ?? []) headers.append(name, value);
  if (parts.contentType !== undefined) headers.set('Content-Type', parts.contentType);
}

const bytesOf = (body: string | Uint8Array | undefined): Uint8Array =>
  typeof body === 'string' ? encodeUtf8(body) : (body ?? NO_BODY);
