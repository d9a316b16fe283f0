/** A SIP message as a scripted PBX sees it: text, read without the product's own parser, which would agree with its own mistakes. */
export interface SipText {
  /** `INVITE sip:701@pbx.test SIP/2.0` or `SIP/2.0 200 OK`. */
  readonly firstLine: string;
  /** In order, names as they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export function readSip(text: string): SipText {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [firstLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  return { firstLine, headers, body: rest.join('\r\n\r\n') };
}

/** The first header of that name; `''` when there is none. */
export function headerOf(message: SipText, name: string): string {
  const wanted = name.toLowerCase();
  return message.headers.find(([each]) => each.toLowerCase() === wanted)?.[1] ?? '';
}

export const methodOf = ({ firstLine }: SipText): string => firstLine.split(' ')[0] ?? '';

/** 0 for a request. */
export const statusOf = ({ firstLine }: SipText): number =>
  firstLine.startsWith('SIP/2.0 ') ? Number(firstLine.split(' ')[1]) : 0;

/** `701` of `INVITE sip:701@pbx.test SIP/2.0`. */
export const dialledOf = ({ firstLine }: SipText): string =>
  decodeURIComponent(/^\S+ sips?:([^@;\s]*)/.exec(firstLine)?.[1] ?? '');

export const tagOf = (nameAddr: string): string => /;tag=([^;>\s]+)/.exec(nameAddr)?.[1] ?? '';

/** `sip:…` of a Contact, From or Refer-To. */
export const uriOf = (nameAddr: string): string =>
  /<([^>]+)>/.exec(nameAddr)?.[1] ?? nameAddr.split(';')[0] ?? '';

/** What stands in a template, as it goes over the wire: CRLF, and the length of what follows the head. */
export function sipText(head: string, body = ''): string {
  const lines = head
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** The headers of a request that a response repeats (RFC 3261 §8.2.6.2), with a tag of ours on To. */
export function echoed(request: SipText, toTag: string): string {
  const via = request.headers.filter(([name]) => name.toLowerCase() === 'via');
  const to = headerOf(request, 'To');
  return [
    ...via.map(([, value]) => `Via: ${value};received=127.0.0.1`),
    `From: ${headerOf(request, 'From')}`,
    `To: ${tagOf(to) === '' ? `${to};tag=${toTag}` : to}`,
    `Call-ID: ${headerOf(request, 'Call-ID')}`,
    `CSeq: ${headerOf(request, 'CSeq')}`,
  ].join('\n');
}
