const GONE = '(removed)';

/** Headers that hold credentials or challenges, with their folded continuation lines (RFC 3261 §7.3.1). */
const SECRET_HEADER =
  /^((?:proxy-|www-)?(?:authorization|authenticate)|(?:proxy-)?authentication-info|cookie|set-cookie|identity)[ \t]*:[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*/gim;
/** Keys in SDP: ICE password, DTLS fingerprint, SDES, the `k=` line, MIKEY. */
const SDP_SECRET = /^(a=(?:ice-pwd|crypto|fingerprint|key-mgmt):|k=)[^\r\n]*/gim;
const SDES_KEY = /inline:[^\s|]+(?:\|[^\s]*)?/g;
/** `sip:101:secret@pbx`, `turn:name:secret@host`, `https://name:secret@host`. */
const URI_PASSWORD =
  /\b((?:sips?|turns?|stuns?|https?|wss?):(?:\/\/)?[^\s:@/;<>"]+):[^\s@/;<>"]+@/gi;
/** The sign-in link of a demo or of provisioning: extension and password behind `#sign-in=`. */
const SIGN_IN_LINK = /([#?&]sign-in=[^\s:&"]*)[^\s"<>]*/gi;
const BEARER = /\b(Bearer|Basic|Digest)[ \t]+[^\s,;"]+(?=[\s,;"]|$)(?!=)/g;
/** `response="…"`, `nonce=…`, `"password": "…"`, `token=…` wherever they stand. */
const NAMED_SECRET =
  /(["']?\b(?:response|nonce|cnonce|nextnonce|opaque|rspauth|ha1|password|passwd|pwd|secret|token|csrf|credential|credentials|api[-_]?key)["']?[ \t]*[=:][ \t]*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&>}"']+)/gi;

/**
 * A text without what would let its reader sign in or decrypt: credentials and challenges, passwords in addresses and links,
 * tokens, media keys. Doing it twice changes nothing.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(SECRET_HEADER, (_whole, name: string) => `${name}: ${GONE}`)
    .replace(SDP_SECRET, `$1${GONE}`)
    .replace(SDES_KEY, `inline:${GONE}`)
    .replace(URI_PASSWORD, `$1:${GONE}@`)
    .replace(SIGN_IN_LINK, `$1${GONE}`)
    .replace(BEARER, `$1 ${GONE}`)
    .replace(NAMED_SECRET, (whole, before: string, value: string) =>
      value.startsWith(GONE.slice(0, -1)) ? whole : `${before}${GONE}`,
    );
}

/** User parts of addresses, where numbers stand. */
const ADDRESS = /\b(sips?:(?=[^\s@;:<>"&?,]+(?::[^\s@]*)?@)|tel:)([^\s@;:<>"&?,]+)/gi;
/** Display names: quoted or bare before `<sip:`, or the `display` of dialog-info. */
const QUOTED_NAME = /"((?:[^"\\]|\\.)*)"(?=\s*<(?:sips?|tel):)/gi;
const BARE_NAME =
  /^((?:from|to|contact|f|t|m|p-asserted-identity|p-preferred-identity|remote-party-id|refer-to|referred-by|r|b):[ \t]*)([^"<\r\n:]+?)([ \t]*<)/gim;
const XML_PERSON =
  /\b(display|parker|parker-name|ended-by|note|slot|group|recall-group)="([^"]*)"/g;
const PARK_HEADER = /^(x-park-(?:note|slot|parker|parker-name|group|by)[ \t]*:[ \t]*)([^\r\n]+)/gim;
/** What was dialled and is no address: six digits and more. */
const LONG_NUMBER = /\+?\d{6,}/g;

/**
 * Names and numbers replaced by `‹1›`, `‹2›`, …, the same by the same, so that one can still see who is who. Numbers of fewer
 * than six digits are found where they stand for somebody: in addresses, headers and documents.
 */
export function withoutNumbers(text: string): string {
  const alias = aliases();
  const people = collected(text);
  const marked = text
    .replace(ADDRESS, (_whole, scheme: string, user: string) => scheme + alias(user))
    .replace(QUOTED_NAME, (_whole, name: string) => `"${alias(name)}"`)
    .replace(
      BARE_NAME,
      (_whole, before: string, name: string, after: string) => before + alias(name) + after,
    )
    .replace(
      XML_PERSON,
      (_whole, name: string, value: string) => `${name}="${value === '' ? '' : alias(value)}"`,
    )
    .replace(PARK_HEADER, (_whole, header: string, value: string) => header + alias(value));
  return people
    .reduce((rest, person) => rest.replace(standing(person), alias(person)), marked)
    .replace(LONG_NUMBER, (number, at: number, whole: string) =>
      isPartOfToken(whole, at, number.length) ? number : alias(number),
    );
}

/** Names and long numbers that stand as somebody's and may be repeated anywhere. */
function collected(text: string): readonly string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(ADDRESS)) found.add(match[2] ?? '');
  for (const match of text.matchAll(QUOTED_NAME)) found.add(match[1] ?? '');
  for (const match of text.matchAll(BARE_NAME)) found.add(match[2] ?? '');
  for (const match of text.matchAll(XML_PERSON)) found.add(match[2] ?? '');
  const telling = [...found].filter(
    (each) => /^\+?\d{6,}$/.test(each) || /\p{L}.*\p{L}.*\p{L}/u.test(each),
  );
  // Longer ones first: a name may be part of another.
  return telling
    .filter((each) => !PUBLIC_WORDS.has(each.toLowerCase()))
    .toSorted((a, b) => b.length - a.length);
}

/** The text where it stands alone, not as a part of a longer word. */
function standing(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
}

/** User parts that are nobody's name. */
const PUBLIC_WORDS = new Set(['anonymous', 'unavailable', 'unknown', 'conference']);

/** Times, versions, ports and hexadecimal ids are no telephone numbers. */
function isPartOfToken(whole: string, at: number, length: number): boolean {
  return (
    /[\w.:-]/.test(whole[at - 1] ?? ' ') ||
    /[\w:]|\.\d|-\w/.test(whole.slice(at + length, at + length + 2))
  );
}

function aliases(): (person: string) => string {
  const known = new Map<string, string>();
  return (person) => {
    if (/^‹\d+›$/.test(person)) return person;
    const next = known.get(person) ?? `‹${known.size + 1}›`;
    known.set(person, next);
    return next;
  };
}
