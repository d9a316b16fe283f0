import * as byteRuns from './byte-runs.ts';
import * as characters from './characters.ts';
import type { MessageHead } from './message-head.ts';
import type { PlainReader } from './plain-reader.ts';
import { parseUri } from './uri.ts';
import type { SipUri } from './uri.ts';
import { decodeUtf8 } from './utf8.ts';

// Taken out of their modules once: an imported name is looked up whenever it is used.
const { TOKEN_RUN, endOfRun } = byteRuns;
const { SPACE, isToken, parseDecimal, isVersion } = characters;

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: SipUri }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  | {
      readonly kind: 'bad-request';
      readonly method: string;
      readonly status: 400 | 505;
      readonly reason: string;
    }
  | { readonly kind: 'bad-response' }
  | { readonly kind: 'not-sip' };

const VERSION = 'SIP/2.0';
const BEFORE_STATUS = `${VERSION} `;
const BEHIND_URI = ` ${VERSION}`;

/** The same of a whole head; what is spelt as usual is read without cutting the line out. */
export function readStartLine(head: MessageHead, reader: PlainReader): StartLine {
  const { text, start, firstEnd: end } = head;
  const plain = plainRequest(head, reader, end) ?? plainResponse(head, reader, end);
  return plain ?? parseStartLine(text.slice(start, end));
}

function plainRequest(
  { bytes, text, start }: MessageHead,
  reader: PlainReader,
  end: number,
): StartLine | undefined {
  const gap = endOfRun(bytes, TOKEN_RUN, start);
  if (gap === start || bytes[gap] !== SPACE) return undefined;
  const uri = reader.uri(gap + 1);
  const version = reader.end;
  if (uri === undefined || version + BEHIND_URI.length !== end) return undefined;
  if (bytes[version] !== SPACE || !isVersion(bytes, version + 1)) return undefined;
  return { kind: 'request', method: text.slice(start, gap), uri };
}

function plainResponse(
  { bytes, text, start }: MessageHead,
  reader: PlainReader,
  end: number,
): StartLine | undefined {
  const from = start + BEFORE_STATUS.length;
  if (!isVersion(bytes, start) || bytes[from - 1] !== SPACE) return undefined;
  const status = reader.status(from);
  if (status === undefined || bytes[from + 3] !== SPACE) return undefined;
  if (!isAsciiIn(bytes, from + 4, end)) return undefined;
  return { kind: 'response', status, reason: text.slice(from + 4, end) };
}

/** Reads a request or status line (RFC 3261 §7.1, §7.2); strict, with one space between its elements. */
export function parseStartLine(line: string): StartLine {
  return line.startsWith('SIP/') ? parseStatusLine(line) : parseRequestLine(line);
}

function parseStatusLine(line: string): StartLine {
  if (!line.startsWith(`${VERSION} `)) return { kind: 'bad-response' };
  const space = line.indexOf(' ', 8);
  const digits = space < 0 ? line.slice(8) : line.slice(8, space);
  const status = digits.length === 3 ? parseDecimal(digits, 699) : undefined;
  if (status === undefined || status < 100) return { kind: 'bad-response' };
  return { kind: 'response', status, reason: space < 0 ? '' : decodeUtf8(line.slice(space + 1)) };
}

function parseRequestLine(line: string): StartLine {
  const first = line.indexOf(' ');
  const method = first < 0 ? '' : line.slice(0, first);
  if (!isToken(method)) return { kind: 'not-sip' };
  const last = line.lastIndexOf(' ');
  const version = line.slice(last + 1);
  if (version !== VERSION) return wrongVersion(line, method, version);
  const uri = parseUri(line.slice(first + 1, last));
  if (uri === undefined)
    return { kind: 'bad-request', method, status: 400, reason: 'Malformed Request-URI' };
  if (uri.headers !== undefined) {
    return { kind: 'bad-request', method, status: 400, reason: 'Header fields in Request-URI' };
  }
  return { kind: 'request', method, uri };
}

function wrongVersion(line: string, method: string, version: string): StartLine {
  if (!line.includes(' SIP/')) return { kind: 'not-sip' };
  return /^SIP\/\d{1,9}\.\d{1,9}$/.test(version)
    ? { kind: 'bad-request', method, status: 505, reason: 'Version Not Supported' }
    : { kind: 'bad-request', method, status: 400, reason: 'Malformed request line' };
}

function isAsciiIn(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) > 127) return false;
  return true;
}
