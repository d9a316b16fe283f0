import { isToken, singleLine } from './characters.ts';
import type { SipMessage } from './message.ts';
import { formatUri } from './uri.ts';
import { encodeUtf8 } from './utf8.ts';

/**
 * The message's bytes. Content-Length is written from the body, last, whatever the header fields say.
 * Throws when the method is not a token, which only our own code can cause.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  let head = startLine(message);
  for (const { name, value } of message.headers.entries()) {
    if (name !== 'Content-Length') head += `${name}: ${value}\r\n`;
  }
  const headBytes = encodeUtf8(`${head}Content-Length: ${message.body.length}\r\n\r\n`);
  if (message.body.length === 0) return headBytes;
  const bytes = new Uint8Array(headBytes.length + message.body.length);
  bytes.set(headBytes);
  bytes.set(message.body, headBytes.length);
  return bytes;
}

function startLine(message: SipMessage): string {
  if (message.kind === 'response')
    return `SIP/2.0 ${message.status} ${singleLine(message.reason)}\r\n`;
  if (!isToken(message.method)) throw new Error(`not a method: ${JSON.stringify(message.method)}`);
  return `${message.method} ${formatUri(message.uri)} SIP/2.0\r\n`;
}
