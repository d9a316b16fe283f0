import { isToken, singleLine } from './characters.ts';
import { CONTENT_LENGTH } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { formatUri } from './uri.ts';
import { encodeBefore } from './utf8.ts';

/**
 * The message's bytes. Content-Length is written from the body, last, whatever the header fields say.
 * Throws when the method is not a token, which only our own code can cause.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  let head = startLine(message);
  for (const { known, value } of message.headers.entries()) {
    if (known !== CONTENT_LENGTH) head += known.label + value;
  }
  const { body } = message;
  return encodeBefore(head + contentLength(body.length), body);
}

/** With the empty line behind it. */
const contentLength = (length: number): string =>
  length === 0 ? EMPTY : `${CONTENT_LENGTH.label}${length}\r\n\r\n`;

const EMPTY = `${CONTENT_LENGTH.label}0\r\n\r\n`;

function startLine(message: SipMessage): string {
  if (message.kind === 'response') return `SIP/2.0 ${message.status} ${singleLine(message.reason)}`;
  if (!isToken(message.method)) throw new Error(`not a method: ${JSON.stringify(message.method)}`);
  return `${message.method} ${formatUri(message.uri)} SIP/2.0`;
}
