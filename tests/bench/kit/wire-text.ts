/** SIP messages as text: as little work as a load generator can do and still be a phone. Only for what our own server sends. */

/** The first value of a header field, by its full name as the server writes it. */
export function headerOf(message: string, name: string): string {
  const line = `\r\n${name}: `;
  const at = message.indexOf(line);
  if (at < 0) return '';
  const from = at + line.length;
  return message.slice(from, message.indexOf('\r\n', from));
}

/** What stands between two marks behind `from`; empty when they are not there. */
export function between(text: string, [open, close]: readonly [string, string], from = 0): string {
  const at = text.indexOf(open, from);
  if (at < 0) return '';
  const start = at + open.length;
  const end = text.indexOf(close, start);
  return text.slice(start, end < 0 ? text.length : end);
}

/** A status line's code; 0 of a request. */
export const statusOf = (message: string): number =>
  message.startsWith('SIP/2.0 ') ? Number(message.slice(8, 11)) : 0;

/** The branch of the topmost Via. */
export const branchOf = (message: string): string =>
  /;branch=([^;\r\n]+)/.exec(headerOf(message, 'Via'))?.[1] ?? '';

export const bodyOf = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4);

/** A message with its length; `lines` without line ends. */
export const message = (lines: readonly string[], body = ''): string =>
  `${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** What a response repeats of a request (RFC 3261 §8.2.6.2); the tag is put on To where it has none. */
export function responseLines(request: string, status: string, tag: string): string[] {
  const to = headerOf(request, 'To');
  return [
    `SIP/2.0 ${status}`,
    `Via: ${headerOf(request, 'Via')}`,
    `From: ${headerOf(request, 'From')}`,
    `To: ${to.includes(';tag=') ? to : `${to};tag=${tag}`}`,
    `Call-ID: ${headerOf(request, 'Call-ID')}`,
    `CSeq: ${headerOf(request, 'CSeq')}`,
  ];
}
