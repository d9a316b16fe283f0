import {
  COMMA,
  GREATER,
  LESS,
  QUESTION,
  QUOTE,
  SEMICOLON,
  SPACE,
  TAB,
  TOKEN,
  indexOfCode,
} from './characters.ts';
import { NO_PARAMS, formatParams } from './params.ts';
import type { Params } from './params.ts';
import { quote } from './quote.ts';
import { parseList, parseWhole } from './scanner.ts';
import type { Scanner } from './scanner.ts';
import { formatUri, parseUri } from './uri.ts';
import type { SipUri } from './uri.ts';

/** `name-addr` or `addr-spec` with its header parameters: From, To, Contact, Route, Refer-To and the like. */
export interface NameAddr {
  /** As text, quotes and escapes resolved; undefined when there is none or it is empty. */
  readonly displayName?: string | undefined;
  readonly uri: SipUri;
  /** Parameters of the header field, not of the URI. */
  readonly params: Params;
}

/** Contact of a REGISTER may be `*` (RFC 3261 §10.2.2). */
export type ContactList =
  { readonly kind: 'all' } | { readonly kind: 'list'; readonly contacts: readonly NameAddr[] };

/** One address that fills the whole value; undefined when malformed. */
export const parseNameAddr = (text: string): NameAddr | undefined => parseWhole(text, scanNameAddr);

/** A comma-separated list of at most `max` addresses. */
export const parseNameAddrs = (text: string, max = 256): NameAddr[] | undefined =>
  parseList(text, scanNameAddr, max);

/** Reads one address with its parameters at the cursor. */
export function scanNameAddr(scanner: Scanner): NameAddr | undefined {
  scanner.skipSpace();
  const displayName = scanDisplayName(scanner);
  if (displayName === undefined) return undefined;
  const uri = scanner.peek() === LESS ? scanBracketed(scanner) : scanBare(scanner);
  if (uri === undefined) return undefined;
  const params = scanner.params();
  return params === undefined ? undefined : { displayName: displayName || undefined, uri, params };
}

/** Stops before `<` or before a bare URI; '' when there is no name, undefined when it is malformed. */
function scanDisplayName(scanner: Scanner): string | undefined {
  if (scanner.peek() === QUOTE) {
    const name = scanner.quoted();
    scanner.skipSpace();
    return scanner.peek() === LESS ? name : undefined;
  }
  const { text, position: from, end } = scanner;
  let i = from;
  while (i < end && isUnquotedName(text.charCodeAt(i))) i++;
  if (i === end || text.charCodeAt(i) !== LESS) return '';
  scanner.position = i;
  return i === from ? '' : text.slice(from, i).trim();
}

// Letters beyond ASCII are not in the grammar of an unquoted name, and phones send them all the same.
const isUnquotedName = (code: number): boolean =>
  TOKEN[code] === 1 || code === SPACE || code === TAB || code > 127;

function scanBracketed(scanner: Scanner): SipUri | undefined {
  const { text, position, end } = scanner;
  const close = indexOfCode(text, GREATER, position, end);
  if (close < 0) return undefined;
  scanner.position = close + 1;
  return parseUri(text, position + 1, close);
}

/** Without brackets, semicolons start header parameters, and `?` and `,` must not occur (RFC 3261 §20). */
function scanBare(scanner: Scanner): SipUri | undefined {
  const { text, position: from, end } = scanner;
  let i = from;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === SEMICOLON || code === COMMA || code === SPACE || code === TAB) break;
    if (code === QUESTION || code === GREATER || code === QUOTE) return undefined;
  }
  scanner.position = i;
  return parseUri(text, from, i);
}

/** The address on one line, the URI always in brackets; nothing in a display name can break out of its quotes. */
export function formatNameAddr(address: NameAddr): string {
  const name = address.displayName ? `${quote(address.displayName)} ` : '';
  return `${name}<${formatUri(address.uri)}>${formatParams(address.params)}`;
}

export const makeNameAddr = (uri: SipUri, displayName?: string): NameAddr => ({
  displayName: displayName || undefined,
  uri,
  params: NO_PARAMS,
});

/** The `tag` parameter of From or To. */
export const tagOf = (address: NameAddr): string | undefined =>
  address.params.get('tag') ?? undefined;

/** The same address with one header parameter set. */
export const withParam = (address: NameAddr, name: string, value: string | null): NameAddr => ({
  ...address,
  params: new Map(address.params).set(name.toLowerCase(), value),
});

export const withTag = (address: NameAddr, tag: string): NameAddr => withParam(address, 'tag', tag);
