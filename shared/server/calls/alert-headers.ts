import type { SipRequest } from '../../sip/message/message.ts';
import type { ExtraHeaders } from '../../sip/transaction/transaction-user.ts';
import type { Caller } from '../ports/authenticator.ts';

/** What nobody needs more of. */
const MOST_ALERTS = 3;
/** Seconds; who asks for more does not mean an answer by itself. */
const LONGEST_ANSWER_AFTER = 60;

/** RFC 7462's alert URNs. */
const URN = /^<(urn:alert:[a-z0-9][\w:.@-]{0,99})>$/i;
/** Ours to say, of a recall (WIRE §9). */
const RECALL = /^<urn:alert:service:recall/i;
/** What the vendors' phones read: a name they know, below an address that fetches nothing (Yealink, Grandstream, Snom, Fanvil). */
const LOCAL =
  /^<https?:\/\/(?:127\.0\.0\.1|localhost)(?:\/[\w.-]{0,60})?>(?:\s*;\s*(?:info=[\w-]{1,40}|delay=\d{1,2}))*$/i;
/** The same without an address (Polycom, Yealink). */
const BARE = /^info=[\w-]{1,40}(?:\s*;\s*delay=\d{1,2})?$/i;
const ANSWER_AFTER = /;\s*answer-after\s*=\s*"?(\d{1,3})"?\s*(?=$|[;,])/i;

/**
 * How a caller wishes to be announced, as far as the phone that they dialled may be told: which ring (Alert-Info, RFC 7462 and the names
 * that vendors gave theirs) and whether the phone may answer by itself (`Call-Info: …;answer-after=N`). Whether it then does is the
 * phone's to decide. Only from users of the tenant: a stranger's wish would open a microphone. Never an address that a phone would fetch.
 */
export function alertHeadersOf(
  request: SipRequest,
  { from, host }: { readonly from: Caller['kind']; readonly host: string },
): ExtraHeaders {
  if (from !== 'user') return [];
  const alerts = valuesOf(request, 'Alert-Info').filter(isHarmless).slice(0, MOST_ALERTS);
  const after = ANSWER_AFTER.exec(valuesOf(request, 'Call-Info').join(','))?.[1];
  return [
    ...alerts.map((value) => ['Alert-Info', value] as const),
    ...(after === undefined || Number(after) > LONGEST_ANSWER_AFTER
      ? []
      : ([['Call-Info', `<sip:${host}>;answer-after=${Number(after)}`]] as const)),
  ];
}

const isHarmless = (value: string): boolean =>
  (URN.test(value) && !RECALL.test(value)) || LOCAL.test(value) || BARE.test(value);

/** No value that may pass holds a comma. */
function valuesOf(request: SipRequest, name: string): readonly string[] {
  return request.headers.all(name).flatMap((line) => line.split(',').map((value) => value.trim()));
}
