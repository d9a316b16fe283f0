import { NameTable } from './name-table.ts';
import type { Readings } from './readings.ts';
import { SpellingTable } from './spelling-table.ts';

/** How a header field is looked up (`key`) and written (`name`). */
export interface HeaderName {
  /** Lower case, long form. */
  readonly key: string;
  readonly name: string;
  /** What stands before its value, from the end of the line before on: a message is put together of few pieces. */
  readonly label: string;
  /** A bit of its own for a field that a message has one of at most and that decides where it belongs or ends; 0 for all others. */
  readonly once: number;
  /** Under which reading its value is kept when it is among those that are read of every message. */
  readonly core: keyof Readings | undefined;
}

const NAMES =
  'Accept Accept-Contact Accept-Encoding Accept-Language Alert-Info Allow Allow-Events Authentication-Info ' +
  'Authorization Call-ID Call-Info Contact Content-Disposition Content-Encoding Content-Language Content-Length ' +
  'Content-Type CSeq Date Diversion Error-Info Event Expires Flow-Timer From History-Info Identity In-Reply-To ' +
  'Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Asserted-Identity P-Preferred-Identity Path Priority ' +
  'Privacy Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Record-Route Refer-Sub Refer-To ' +
  'Referred-By Reject-Contact Replaces Reply-To Request-Disposition Require Retry-After Route RSeq Server ' +
  'Service-Route Session-Expires SIP-ETag SIP-If-Match Subject Subscription-State Supported Target-Dialog Timestamp ' +
  'To Unsupported User-Agent Via Warning WWW-Authenticate';

/** RFC 3261 §7.3.3 and the registrations since. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

const ONCE = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Type', 'Content-Length'];

const CORE: ReadonlyMap<string, keyof Readings> = new Map([
  ['Via', 'vias'],
  ['From', 'from'],
  ['To', 'to'],
  ['Call-ID', 'callId'],
  ['CSeq', 'cseq'],
  ['Contact', 'contacts'],
  ['Route', 'routes'],
  ['Record-Route', 'recordRoutes'],
]);

const KNOWN = knownNames();
const lowerCase = new NameTable(
  [...KNOWN].filter(([spelling]) => spelling === spelling.toLowerCase()),
);
const registered = new SpellingTable(
  NAMES.split(' ').map((name) => [`${name}:`, headerName(name)] as const),
);

function knownNames(): ReadonlyMap<string, HeaderName> {
  const known = new Map<string, HeaderName>();
  for (const name of NAMES.split(' ')) {
    const entry = {
      key: name.toLowerCase(),
      name,
      label: labelOf(name),
      once: bitOf(ONCE.indexOf(name)),
      core: CORE.get(name),
    };
    known.set(name, entry).set(entry.key, entry);
  }
  for (const [letter, name] of Object.entries(COMPACT)) {
    const entry = known.get(name);
    if (entry) known.set(letter, entry).set(letter.toUpperCase(), entry);
  }
  return known;
}

function bitOf(index: number): number {
  return index < 0 ? 0 : 1 << index;
}

/** The registered name that is spelt so, or so in lower case; other spellings may still mean one. */
export const registeredName = (spelling: string): HeaderName | undefined => KNOWN.get(spelling);

/** Any spelling or compact form to one key; a name of no registered header keeps the spelling it came with. */
export function headerName(spelling: string): HeaderName {
  const exact = KNOWN.get(spelling);
  if (exact) return exact;
  const key = spelling.toLowerCase();
  return (
    KNOWN.get(key) ?? { key, name: spelling, label: labelOf(spelling), once: 0, core: undefined }
  );
}

function labelOf(name: string): string {
  return `\r\n${name}: `;
}

/** What every message is asked for. */
export const VIA = headerName('Via');
export const FROM = headerName('From');
export const TO = headerName('To');
export const CALL_ID = headerName('Call-ID');
export const CSEQ = headerName('CSeq');
export const CONTACT = headerName('Contact');
export const ROUTE = headerName('Route');
export const RECORD_ROUTE = headerName('Record-Route');
export const MAX_FORWARDS = headerName('Max-Forwards');
export const CONTENT_LENGTH = headerName('Content-Length');

/** The same for the token between `from` and `to`. */
export const headerNameAt = (text: string, from: number, to: number): HeaderName =>
  lowerCase.find(text, from, to) ?? headerName(text.slice(from, to));

/** The same in bytes whose latin1 reading is `text`. */
export const headerNameIn = (
  bytes: Uint8Array,
  text: string,
  from: number,
  to: number,
): HeaderName => lowerCase.findInBytes(bytes, from, to) ?? headerName(text.slice(from, to));

/** The registered name in its registered spelling, and the colon right behind it; undefined for any other. */
export const usualNameIn = (bytes: Uint8Array, from: number): HeaderName | undefined =>
  registered.find(bytes, from);
