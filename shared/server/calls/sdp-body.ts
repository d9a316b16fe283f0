import type { SipMessage } from '../../sip/message/message.ts';

export const SDP = 'application/sdp';

/** The SDP of a message; undefined when it has none. Multipart bodies are not read. */
export function sdpOf(message: SipMessage): string | undefined {
  return message.body.length > 0 && message.contentType === SDP ? message.text : undefined;
}

/** A body of another type that the sender insists on: 415 (RFC 3261 §8.2.3; §20.11 for `handling`). */
export function hasForeignBody(message: SipMessage): boolean {
  if (message.body.length === 0 || message.contentType === SDP) return false;
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
