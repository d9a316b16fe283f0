import { isToken, singleLine } from './characters.ts';
import { CONTENT_LENGTH } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { formatUri } from './uri.ts';
import { Utf8Writer } from './utf8.ts';

const writer = new Utf8Writer();

/**
 * The message's bytes. Content-Length is written from the body, last, whatever the header fields say.
 * Throws when the method is not a token, which only our own code can cause.
 */
export function serializeMessage(message: SipMessage): Uint8Array {
  writer.start().text(startLine(message));
  for (const field of message.headers.entries()) {
    if (field.known === CONTENT_LENGTH) continue;
    writer.text(field.known.name).text(': ');
    field.writeTo(writer);
    writer.text('\r\n');
  }
  return writer.text(`Content-Length: ${message.body.length}\r\n\r\n`).bytes(message.body).take();
}

function startLine(message: SipMessage): string {
  if (message.kind === 'response')
    return `SIP/2.0 ${message.status} ${singleLine(message.reason)}\r\n`;
  if (!isToken(message.method)) throw new Error(`not a method: ${JSON.stringify(message.method)}`);
  return `${message.method} ${formatUri(message.uri)} SIP/2.0\r\n`;
}
