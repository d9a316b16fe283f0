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
    if (known !== CONTENT_LENGTH) head += `${known.name}: ${value}\r\n`;
  }
  return encodeBefore(`${head}Content-Length: ${message.body.length}\r\n\r\n`, message.body);
}

function startLine(message: SipMessage): string {
  if (message.kind === 'response')
    return `SIP/2.0 ${message.status} ${singleLine(message.reason)}\r\n`;
  if (!isToken(message.method)) throw new Error(`not a method: ${JSON.stringify(message.method)}`);
  return `${message.method} ${formatUri(message.uri)} SIP/2.0\r\n`;
}
