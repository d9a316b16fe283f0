import type {
  ClientOutcome,
  ExtraHeaders,
  ServerTransaction,
} from '../../sip/transaction/transaction-user.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { refuseMethod } from '../../sip/transaction/admission.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import { ALLOW, ALLOW_EVENTS, ALLOWED_METHODS, SUPPORTED, type CallRandom } from './call-kit.ts';
import { contactOf } from './party.ts';
import { formatReason } from './reason-header.ts';
import { sdpOf } from './sdp-body.ts';

/** Answers a request inside a call that needs no thought. */
export function answerPlainly(tx: ServerTransaction): void {
  switch (tx.request.method) {
    case 'OPTIONS':
      tx.reply(200, {
        headers: [
          ['Allow', ALLOW],
          ['Allow-Events', ALLOW_EVENTS],
          ['Accept', 'application/sdp'],
          ['Supported', SUPPORTED],
        ],
      });
      return;
    case 'NOTIFY':
      tx.reply(489, { headers: [['Allow-Events', ALLOW_EVENTS]] });
      return;
    case 'PRACK':
      tx.reply(481);
      return;
    default:
      refuseMethod(tx, ALLOWED_METHODS);
  }
}

/** BYE ends the leg anyway, NOTIFY belongs to a subscription, which may be over while the call is not. */
const ANSWER_PROVES_NOTHING: ReadonlySet<string> = new Set(['BYE', 'NOTIFY']);

/**
 * Whether the answer to a request of ours says that the far side has no such dialog (RFC 3261 §12.2.1.2). Silence says
 * less: a phone may know a method badly, and a closed WebSocket may come back; liveness decides then (WIRE.md §10).
 */
export function provesGone(method: string, outcome: ClientOutcome): boolean {
  if (ANSWER_PROVES_NOTHING.has(method)) return false;
  return outcome.kind === 'response' && outcome.response.status === 481;
}

/** Whose offer the early dialog waits to see answered. */
export type EarlyOffer =
  | { readonly kind: 'ours' }
  /** `retryAfterS`: when the far side may offer again, 0–10 s drawn anew for each refusal. */
  | { readonly kind: 'theirs'; readonly retryAfterS: number };

/** The offer of an INVITE that came in; without one, ours in the 2xx to come. */
export function openOfferOf(invite: SipRequest, random: CallRandom): EarlyOffer {
  if (sdpOf(invite) === undefined) return { kind: 'ours' };
  return { kind: 'theirs', retryAfterS: Math.floor(random.fraction() * 11) };
}

/**
 * Answers a request in an early dialog, the caller's BYE aside: nothing there is settled yet, and a REFER refuses nothing else (WIRE.md
 * §2). Provisional responses are not reliable here, so that the INVITE's offer is open till the 2xx and no UPDATE may bring another one:
 * 491 where that offer is ours, 500 where it is theirs (RFC 3311 §5.2).
 */
export function answerEarly(tx: ServerTransaction, open: EarlyOffer): void {
  const { method } = tx.request;
  if (method === 'OPTIONS' || (method === 'UPDATE' && sdpOf(tx.request) === undefined)) {
    tx.reply(200, { headers: contactAndAllow(tx.flow) });
  } else if (method === 'UPDATE' && open.kind === 'theirs') {
    tx.reply(500, { headers: [['Retry-After', String(open.retryAfterS)]] });
  } else if (method === 'REFER') {
    const reason = formatReason({ cause: 403, text: 'Not answered yet' });
    tx.reply(403, { headers: [['Reason', reason]] });
  } else {
    tx.reply(method === 'UPDATE' ? 491 : 403);
  }
}

/**
 * 469 for an INFO of a package: we never said that we take any, and say so again by an empty Recv-Info (RFC 6086 §4.2.2). False when
 * the INFO belongs to no package.
 */
export function refuseInfoPackage(tx: ServerTransaction): boolean {
  if (!tx.request.headers.has('Info-Package')) return false;
  tx.reply(469, { headers: [['Recv-Info', '']] });
  return true;
}

/** What every response that makes or keeps a dialog carries. */
export function contactAndAllow(flow: Flow): ExtraHeaders {
  return [
    ['Contact', contactOf(flow)],
    ['Allow', ALLOW],
  ];
}
