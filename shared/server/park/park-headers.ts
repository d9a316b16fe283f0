import { formatFeatureCode } from '../../domain/feature-code.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import { recallAtOf } from '../../domain/park-state.ts';
import { makeNameAddr, formatNameAddr } from '../../sip/message/name-addr.ts';
import { PARK_HEADERS, formatParkRecall, parseParkNote } from '../../sip/message/park-headers.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { parkResultHeaders } from '../../sip/events/sipfrag.ts';
import { makeUri } from '../../sip/message/uri.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import type { Tenant } from '../ports/directory.ts';

/** Where the call went, for the parker: header lines of the final sipfrag or of the 200 (WIRE.md §2). */
export function parkedHeaders(tenant: Tenant, call: ParkedCall): ExtraHeaders {
  const { parkId, slot } = call.facts;
  const request = { kind: 'retrieve-extension', extension: slot } as const;
  return parkResultHeaders({
    parkId,
    slot,
    retrieve: formatFeatureCode(request, tenant.settings.featureCodes),
    recallAt: recallAtOf(call.state) ?? undefined,
  });
}

/** The parker's note; null when there is none. */
export function noteOf(request: SipRequest): string | null {
  const value = request.headers.get(PARK_HEADERS.note);
  return value === undefined ? null : (parseParkNote(value) ?? null);
}

/** What a retriever's 200 says of the call besides the caller's identity (WIRE.md §4). */
export function retrievedHeaders(call: ParkedCall, host: string): ExtraHeaders {
  const { parkId, parker } = call.facts;
  const uri = makeUri({ user: parker.extension, host });
  return [
    [PARK_HEADERS.id, parkId],
    [PARK_HEADERS.parker, formatNameAddr(makeNameAddr(uri, parker.displayName))],
  ];
}

/** What a recall's INVITE says of the call (WIRE.md §9). */
export function recallHeaders(call: ParkedCall, attempt: number): ExtraHeaders {
  const { parkId, slot } = call.facts;
  const parkedAt = 'parkedAt' in call.state ? call.state.parkedAt : call.facts.askedAt;
  return [
    ['Alert-Info', '<urn:alert:service:recall:hold>'],
    [PARK_HEADERS.id, parkId],
    [PARK_HEADERS.recall, formatParkRecall({ attempt, slot, parkedAt })],
  ];
}
