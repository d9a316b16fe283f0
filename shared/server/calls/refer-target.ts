import type { Result } from '../../domain/result.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { readReferTo } from '../../sip/message/refer-to.ts';
import { isSipScheme, uriHeaders, type SipUri } from '../../sip/message/uri.ts';
import type { Refusal } from './incoming-invite.ts';

/** Where a REFER wants the other side to go. */
export interface ReferTarget {
  readonly uri: SipUri;
  /** The Replaces value inside the URI, for an attended transfer. */
  readonly replaces: string | undefined;
}

const refuse = (status: number, text: string): Result<never, Refusal> => ({
  ok: false,
  error: { status, text },
});

/** Reads Refer-To: exactly one (RFC 3515 §2.4.2: else 400), of a scheme we speak (else 416). */
export function readReferTarget(request: SipRequest): Result<ReferTarget, Refusal> {
  const read = readReferTo(request.headers);
  if (read.kind === 'refused') return refuse(400, 'Exactly one Refer-To is needed');
  const { uri } = read.target;
  if (!isSipScheme(uri)) return refuse(416, 'Unsupported URI scheme');
  const method = uri.params.get('method');
  if (typeof method === 'string' && method.toUpperCase() !== 'INVITE') {
    return refuse(403, 'Only calls can be transferred');
  }
  const replaces = uriHeaders(uri).find(([name]) => name === 'replaces')?.[1];
  return { ok: true, value: { uri, replaces } };
}
