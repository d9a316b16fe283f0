import {
  AT,
  COLON,
  EQUALS,
  PASSWORD,
  QUESTION,
  SEMICOLON,
  URI_ANY,
  URI_HEADER,
  URI_PARAM,
  USER,
  indexOfCode,
  isDigit,
  parseDecimal,
} from './characters.ts';
import { MAX_PORT, endOfHost, formatHostPort, isHost } from './host.ts';
import { ensureEscaped, isEscaped, percentDecode, percentEncode } from './percent.ts';
import { NO_PARAMS, paramNameAt, withMore } from './params.ts';
import type { Params, ReadParams } from './params.ts';

/**
 * A URI of RFC 3261 §19.1. `user`, `password`, `params` and `headers` are kept escaped as they travel;
 * {@link userOf} gives the user as text. Of schemes other than `sip` and `sips` only `opaque` is known, and `host` is empty.
 */
export interface SipUri {
  /** Lower case. */
  readonly scheme: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** As written; IPv6 in brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  /** Names in lower case. */
  readonly params: Params;
  /** What follows `?`, escaped. Never expanded into header fields by the parser (RFC 4475 §3.1.2.11). */
  readonly headers?: string | undefined;
  readonly opaque?: string | undefined;
}

/** Text for {@link makeUri}; the user is not escaped yet. */
export interface UriParts {
  readonly scheme?: 'sip' | 'sips';
  readonly user?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  /** Values as text; they are escaped. */
  readonly params?: Iterable<readonly [string, string | null]>;
  /** Header names and values as text, e.g. Replaces in a Refer-To. */
  readonly headers?: Iterable<readonly [string, string]>;
}

export const isSipScheme = (uri: SipUri): boolean => uri.scheme === 'sip' || uri.scheme === 'sips';

/** Reads a URI that fills the part; undefined when it is malformed, which includes any white space. */
export function parseUri(text: string, from = 0, to = text.length): SipUri | undefined {
  const scheme = sipSchemeAt(text, from, to);
  if (scheme !== undefined) return parseSip(scheme, text, from + scheme.length + 1, to);
  const colon = indexOfCode(text, COLON, from, to);
  if (colon <= from) return undefined;
  const other = text.slice(from, colon).toLowerCase();
  if (!isScheme(other) || !isEscaped(text, URI_ANY, colon + 1, to)) return undefined;
  return { scheme: other, host: '', params: NO_PARAMS, opaque: text.slice(colon + 1, to) };
}

function sipSchemeAt(text: string, from: number, to: number): 'sip' | 'sips' | undefined {
  if ((text.charCodeAt(from) | LOWER) !== S || (text.charCodeAt(from + 1) | LOWER) !== I) return;
  if ((text.charCodeAt(from + 2) | LOWER) !== P) return undefined;
  const next = text.charCodeAt(from + 3);
  if (next === COLON) return from + 3 < to ? 'sip' : undefined;
  const secure = (next | LOWER) === S && text.charCodeAt(from + 4) === COLON;
  return secure && from + 4 < to ? 'sips' : undefined;
}

/** Makes a letter lower case. */
const LOWER = 32;
const I = 105;
const P = 112;
const S = 115;

const isScheme = (text: string): boolean => text.length <= 32 && /^[a-z][a-z0-9+.-]*$/.test(text);

function parseSip(scheme: string, text: string, from: number, to: number): SipUri | undefined {
  const at = endOfUserinfo(text, from, to);
  const userinfo = at < 0 ? NO_USERINFO : parseUserinfo(text, from, at);
  const hostFrom = at < 0 ? from : at + 1;
  const hostTo = endOfHost(text, hostFrom, to);
  if (userinfo === undefined || hostTo <= hostFrom) return undefined;
  const hasPort = hostTo < to && text.charCodeAt(hostTo) === COLON;
  const portTo = hasPort ? endOfDigits(text, hostTo + 1, to) : hostTo;
  const port = hasPort ? parseDecimal(text, MAX_PORT, hostTo + 1, portTo) : undefined;
  const tail = portTo === to ? NO_TAIL : parseTail(text, portTo, to);
  if (tail === undefined || (hasPort && port === undefined)) return undefined;
  const { user, password } = userinfo;
  const { params, headers } = tail;
  const host = text.slice(hostFrom, hostTo);
  return { scheme, user, password, host, port, params, headers, opaque: undefined };
}

interface Userinfo {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const NO_USERINFO: Userinfo = { user: undefined, password: undefined };

/** Where the `@` is, -1 when there is none. */
function endOfUserinfo(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && USER[text.charCodeAt(at)] === 1) at++;
  return indexOfCode(text, AT, at, to);
}

function parseUserinfo(text: string, from: number, to: number): Userinfo | undefined {
  const colon = indexOfCode(text, COLON, from, to);
  const userTo = colon < 0 ? to : colon;
  if (!isEscaped(text, USER, from, userTo)) return undefined;
  const user = text.slice(from, userTo);
  if (colon < 0) return { user, password: undefined };
  if (colon + 1 < to && !isEscaped(text, PASSWORD, colon + 1, to)) return undefined;
  return { user, password: text.slice(colon + 1, to) };
}

function endOfDigits(text: string, from: number, to: number): number {
  let end = from;
  while (end < to && isDigit(text.charCodeAt(end))) end++;
  return end;
}

interface Tail {
  readonly params: Params;
  readonly headers: string | undefined;
}

const NO_TAIL: Tail = { params: NO_PARAMS, headers: undefined };

/** What follows the host: parameters, then header fields. */
function parseTail(text: string, from: number, to: number): Tail | undefined {
  const question = indexOfCode(text, QUESTION, from, to);
  const paramsTo = question < 0 ? to : question;
  if (from < paramsTo && text.charCodeAt(from) !== SEMICOLON) return undefined;
  const params = parseUriParams(text, from, paramsTo);
  if (params === undefined) return undefined;
  if (question < 0) return { params, headers: undefined };
  if (!isEscaped(text, URI_HEADER, question + 1, to)) return undefined;
  return { params, headers: text.slice(question + 1, to) };
}

function parseUriParams(text: string, start: number, end: number): Params | undefined {
  let params: ReadParams | undefined;
  for (let from = start + 1; from <= end;) {
    const semicolon = indexOfCode(text, SEMICOLON, from, end);
    const to = semicolon < 0 ? end : semicolon;
    const equals = indexOfCode(text, EQUALS, from, to);
    const nameTo = equals < 0 ? to : equals;
    if (!isEscaped(text, URI_PARAM, from, nameTo)) return undefined;
    if (equals >= 0 && !isEscaped(text, URI_PARAM, equals + 1, to)) return undefined;
    const value = equals < 0 ? null : text.slice(equals + 1, to);
    params = withMore(params, paramNameAt(text, from, nameTo), value);
    from = to + 1;
  }
  return params ?? NO_PARAMS;
}

/** The user part as text, `%`-escapes resolved; of a `tel:` URI its number. Undefined when there is none. */
export function userOf(uri: SipUri): string | undefined {
  if (uri.user !== undefined) return percentDecode(uri.user);
  if (uri.scheme !== 'tel' || uri.opaque === undefined) return undefined;
  const semicolon = uri.opaque.indexOf(';');
  return percentDecode(semicolon < 0 ? uri.opaque : uri.opaque.slice(0, semicolon));
}

/** A URI parameter's value as text; null for a parameter without value, undefined for none of that name. */
export function uriParam(uri: SipUri, name: string): string | null | undefined {
  const value = uri.params.get(name.toLowerCase());
  return typeof value === 'string' ? percentDecode(value) : value;
}

/** The header fields behind a URI's `?`, names in lower case and values as text. */
export function uriHeaders(uri: SipUri): readonly (readonly [string, string])[] {
  if (uri.headers === undefined) return [];
  return uri.headers.split('&').map((field) => {
    const equals = field.indexOf('=');
    const name = equals < 0 ? field : field.slice(0, equals);
    return [
      percentDecode(name).toLowerCase(),
      equals < 0 ? '' : percentDecode(field.slice(equals + 1)),
    ];
  });
}

/** A URI from plain text: everything that needs escaping is escaped. */
export function makeUri(parts: UriParts): SipUri {
  const params = [...(parts.params ?? [])].map(([name, value]): [string, string | null] => [
    percentEncode(name.toLowerCase(), URI_PARAM),
    value === null ? null : percentEncode(value, URI_PARAM),
  ]);
  const headers = [...(parts.headers ?? [])].map(
    ([name, value]) => `${escapeHeader(name)}=${escapeHeader(value)}`,
  );
  return {
    scheme: parts.scheme ?? 'sip',
    user:
      parts.user === undefined || parts.user === '' ? undefined : percentEncode(parts.user, USER),
    password: undefined,
    host: parts.host,
    port: parts.port,
    params: params.length === 0 ? NO_PARAMS : new Map(params),
    headers: headers.length === 0 ? undefined : headers.join('&'),
    opaque: undefined,
  };
}

// '=' and '&' separate the fields, so inside a name or value they are escaped.
const escapeHeader = (text: string): string => percentEncode(text, HEADER_TEXT);
const HEADER_TEXT = URI_HEADER.map((flag, code) => (code === EQUALS || code === 38 ? 0 : flag));

/**
 * The URI as it travels. Whatever its parts hold, the result has no white space, angle bracket, quote or control
 * character; a host that is none becomes `invalid.invalid`.
 */
export function formatUri(uri: SipUri): string {
  if (!isSipScheme(uri))
    return `${isScheme(uri.scheme) ? uri.scheme : 'invalid'}:${ensureEscaped(uri.opaque ?? '', URI_ANY)}`;
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) {
    text += ensureEscaped(uri.user, USER);
    if (uri.password !== undefined) text += `:${ensureEscaped(uri.password, PASSWORD)}`;
    text += '@';
  }
  text += formatHostPort(isHost(uri.host) ? uri.host : 'invalid.invalid', uri.port);
  for (const [name, value] of uri.params) {
    text += `;${ensureEscaped(name, URI_PARAM)}`;
    if (value !== null) text += `=${ensureEscaped(value, URI_PARAM)}`;
  }
  return uri.headers === undefined ? text : `${text}?${ensureEscaped(uri.headers, URI_HEADER)}`;
}
