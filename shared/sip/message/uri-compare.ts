import { USER } from './characters.ts';
import { normalizeEscapes } from './percent.ts';
import { isSipScheme } from './uri.ts';
import type { SipUri } from './uri.ts';

/** Parameters that never match when only one of two URIs has them (RFC 3261 §19.1.4; `transport` by its examples). */
const NEVER_IGNORED = ['user', 'ttl', 'method', 'maddr', 'transport'] as const;

/** Characters whose escape means the same as themselves: all of `USER` but the reserved ones. */
const UNRESERVED = withoutReserved(USER);

function withoutReserved(table: Uint8Array): Uint8Array {
  const out = table.slice();
  for (const reserved of ';/?:@&=+$,') out[reserved.charCodeAt(0)] = 0;
  return out;
}

/** Whether two URIs are equal by RFC 3261 §19.1.4; of other schemes, by scheme and text. */
export function sameUri(a: SipUri, b: SipUri): boolean {
  if (a.scheme !== b.scheme) return false;
  if (!isSipScheme(a)) return a.opaque === b.opaque;
  return (
    sameText(a.user, b.user) &&
    sameText(a.password, b.password) &&
    a.host.toLowerCase() === b.host.toLowerCase() &&
    a.port === b.port &&
    sameParams(a, b) &&
    sameHeaders(a.headers, b.headers)
  );
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return normalizeEscapes(a, UNRESERVED) === normalizeEscapes(b, UNRESERVED);
}

function sameParams(a: SipUri, b: SipUri): boolean {
  for (const name of NEVER_IGNORED) if (a.params.has(name) !== b.params.has(name)) return false;
  for (const [name, value] of a.params) {
    const other = b.params.get(name);
    if (other !== undefined && !sameText(value?.toLowerCase(), other?.toLowerCase())) return false;
  }
  return true;
}

function sameHeaders(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return normalizeHeaders(a) === normalizeHeaders(b);
}

function normalizeHeaders(headers: string): string {
  const fields = headers.split('&').map((field) => {
    const equals = field.indexOf('=');
    const name = equals < 0 ? field : field.slice(0, equals);
    return name.toLowerCase() + normalizeEscapes(field.slice(name.length), UNRESERVED);
  });
  return fields.sort().join('&');
}
