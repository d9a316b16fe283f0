import { accepts } from '../../sip/message/media-type.ts';
import type { SipMessage } from '../../sip/message/message.ts';

export const SDP = 'application/sdp';

/** The SDP of a message; undefined when it has none. Multipart bodies are not read. */
export function sdpOf(message: SipMessage): string | undefined {
  return message.body.length > 0 && message.contentType === SDP ? message.text : undefined;
}

/** The sender's Accept leaves no room for the SDP of our answer: 406 (RFC 3261 §20.1; without Accept, SDP is taken). */
export function refusesSdp({ headers }: SipMessage): boolean {
  return headers.has('Accept') && !accepts(headers.all('Accept'), SDP);
}

/** A body of another type, or a packed one, that the sender insists on: 415 (RFC 3261 §8.2.3; §20.11 for `handling`). */
export function hasForeignBody(message: SipMessage): boolean {
  if (message.body.length === 0) return false;
  const coding = message.headers.get('Content-Encoding')?.trim().toLowerCase() ?? 'identity';
  if (message.contentType === SDP && coding === 'identity') return false;
  return !/;\s*handling\s*=\s*optional\b/i.test(message.headers.get('Content-Disposition') ?? '');
}

/** The status that a refused offer is answered with, and why (WIRE.md §8). */
export function statusOfRefusal(reason: string): {
  readonly status: number;
  readonly text: string;
} {
  switch (reason) {
    case 'no-ports':
      return { status: 503, text: 'No media ports left' };
    case 'offer-pending':
      return { status: 491, text: 'Request pending' };
    case 'malformed':
      return { status: 488, text: 'Session description not understood' };
    default:
      return { status: 488, text: 'No common audio' };
  }
}
