import {
  EQUALS,
  PASSWORD,
  QUESTION,
  SEMICOLON,
  URI_ANY,
  URI_HEADER,
  URI_PARAM,
  USER,
} from './characters.ts';
import { formatHostPort, isHost, parseHostPort } from './host.ts';
import { ensureEscaped, isEscaped, percentDecode, percentEncode } from './percent.ts';
import { NO_PARAMS } from './scanner.ts';
import type { Params } from './scanner.ts';

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

/** Reads a URI that fills the whole text; undefined when it is malformed, which includes any white space. */
export function parseUri(text: string): SipUri | undefined {
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return parseSip(scheme, text, colon + 1);
  if (!isScheme(scheme)) return undefined;
  const opaque = text.slice(colon + 1);
  return isEscaped(opaque, URI_ANY) ? { scheme, host: '', params: NO_PARAMS, opaque } : undefined;
}

const isScheme = (text: string): boolean => text.length <= 32 && /^[a-z][a-z0-9+.-]*$/.test(text);

function parseSip(scheme: string, text: string, start: number): SipUri | undefined {
  const at = text.indexOf('@', start);
  const userinfo = at < 0 ? NO_USERINFO : parseUserinfo(text.slice(start, at));
  if (userinfo === undefined) return undefined;
  const hostFrom = at < 0 ? start : at + 1;
  const hostEnd = endOfHost(text, hostFrom);
  const hostPort = parseHostPort(text.slice(hostFrom, hostEnd));
  if (hostPort === undefined) return undefined;
  const question = text.indexOf('?', hostEnd);
  const params = parseUriParams(text, hostEnd, question < 0 ? text.length : question);
  const headers = question < 0 ? undefined : text.slice(question + 1);
  if (params === undefined || (headers !== undefined && !isEscaped(headers, URI_HEADER)))
    return undefined;
  const { user, password } = userinfo;
  return {
    scheme,
    user,
    password,
    host: hostPort.host,
    port: hostPort.port,
    params,
    headers,
    opaque: undefined,
  };
}

interface Userinfo {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const NO_USERINFO: Userinfo = { user: undefined, password: undefined };

function parseUserinfo(text: string): Userinfo | undefined {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const password = colon < 0 ? undefined : text.slice(colon + 1);
  if (!isEscaped(user, USER)) return undefined;
  if (password !== undefined && password !== '' && !isEscaped(password, PASSWORD)) return undefined;
  return { user, password };
}

function endOfHost(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === SEMICOLON || code === QUESTION) return i;
  }
  return text.length;
}

function parseUriParams(text: string, start: number, end: number): Params | undefined {
  if (start === end) return NO_PARAMS;
  const params = new Map<string, string | null>();
  for (let from = start + 1; from <= end;) {
    const semicolon = text.indexOf(';', from);
    const to = semicolon < 0 || semicolon > end ? end : semicolon;
    if (!addUriParam(params, text.slice(from, to))) return undefined;
    from = to + 1;
  }
  return params;
}

function addUriParam(params: Map<string, string | null>, text: string): boolean {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? null : text.slice(equals + 1);
  if (!isEscaped(name, URI_PARAM) || (value !== null && !isEscaped(value, URI_PARAM))) return false;
  const key = name.toLowerCase();
  if (!params.has(key)) params.set(key, value);
  return true;
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
