/** How a header field is looked up (`key`) and written (`name`). */
export interface HeaderName {
  /** Lower case, long form. */
  readonly key: string;
  readonly name: string;
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

const KNOWN = knownNames();

function knownNames(): ReadonlyMap<string, HeaderName> {
  const known = new Map<string, HeaderName>();
  for (const name of NAMES.split(' ')) {
    const entry = { key: name.toLowerCase(), name };
    known.set(name, entry).set(entry.key, entry);
  }
  for (const [letter, name] of Object.entries(COMPACT)) {
    const entry = known.get(name);
    if (entry) known.set(letter, entry).set(letter.toUpperCase(), entry);
  }
  return known;
}

/** Any spelling or compact form to one key; a name of no registered header keeps the spelling it came with. */
export function headerName(spelling: string): HeaderName {
  const exact = KNOWN.get(spelling);
  if (exact) return exact;
  const key = spelling.toLowerCase();
  return KNOWN.get(key) ?? { key, name: spelling };
}
