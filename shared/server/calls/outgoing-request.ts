import { makeRequest } from '../../sip/message/builders.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { makeNameAddr, parseNameAddr, withTag } from '../../sip/message/name-addr.ts';
import { makeUri } from '../../sip/message/uri.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ClientOutcome, ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { CallerIdentity } from '../ports/journal.ts';
import type { Binding } from '../ports/registrar.ts';
import { ALLOW, ALLOW_EVENTS, SUPPORTED } from './call-kit.ts';
import { addressOf, contactOf, formatIdentity, hostOf } from './party.ts';
import { SDP } from './sdp-body.ts';
import { longerInterval, offerSessionTimer } from './session-timer.ts';

/** What tells one INVITE of the same call to the same device from the next. */
export interface InviteAttempt {
  readonly callId: string;
  readonly fromTag: string;
  readonly cseq: number;
  /** Session interval to ask for, in seconds. */
  readonly sessionS: number;
  /** What the device told to be its least interval, in seconds (RFC 4028 §7.4: then our Min-SE too). */
  readonly leastS?: number;
}

/** Who calls whom. */
export interface InvitedCall {
  readonly tenant: Tenant;
  readonly user: User;
  /** Who calls, as the device may show it. */
  readonly from: CallerIdentity;
  /** Added to the INVITE. */
  readonly headers: ExtraHeaders;
  /** Of an INVITE that continues another, so that a loop through several servers ends (RFC 7332); default 70. */
  readonly maxForwards?: number;
}

export interface InviteParts {
  readonly call: InvitedCall;
  readonly binding: Binding;
  readonly flow: Flow;
  /** Our SDP. */
  readonly offer: string;
}

/** The INVITE for one device. */
export function makeOutgoingInvite(parts: InviteParts, about: InviteAttempt): SipRequest {
  const { call, binding, flow, offer } = parts;
  const { tenant, user, from, headers, maxForwards } = call;
  const host = hostOf(tenant, flow);
  const identity: ExtraHeaders = [
    ['P-Asserted-Identity', formatIdentity(from, host)],
    ...(from.anonymous ? ([['Privacy', 'id']] as const) : []),
  ];
  return makeRequest({
    method: 'INVITE',
    uri: binding.contact.uri,
    from: withTag(addressOf(from, host), about.fromTag),
    to: makeNameAddr(makeUri({ user: user.extension, host })),
    callId: about.callId,
    cseq: about.cseq,
    ...(maxForwards !== undefined && { maxForwards }),
    contact: parseNameAddr(contactOf(flow)),
    headers: [
      ...binding.path.map((route) => ['Route', route] as const),
      ...identity,
      ['Allow', ALLOW],
      ['Allow-Events', ALLOW_EVENTS],
      ['Supported', SUPPORTED],
      ...offerSessionTimer(about.sessionS, about.leastS),
      ...headers,
    ],
    body: offer,
    contentType: SDP,
  });
}

/**
 * The attempt after a 422: the same call with the interval that the device asks for (RFC 4028 §7.4). Undefined for
 * every other outcome, and when the device asked for no more than it was offered.
 */
export function longerSession(
  request: SipRequest,
  outcome: ClientOutcome,
): InviteAttempt | undefined {
  if (outcome.kind !== 'response' || outcome.response.status !== 422) return undefined;
  const offered = Number.parseInt(request.headers.get('Session-Expires') ?? '', 10);
  const sessionS = longerInterval(outcome.response, offered);
  if (sessionS === undefined) return undefined;
  const { callId, fromTag, cseq } = request;
  return { callId, fromTag: fromTag ?? '', cseq: cseq.sequence + 1, sessionS, leastS: sessionS };
}
