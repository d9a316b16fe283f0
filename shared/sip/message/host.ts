import { CLOSE_BRACKET, COLON, HOST, OPEN_BRACKET, isAll, parseDecimal } from './characters.ts';

/** Host and port as they stand in URIs and Via; an IPv6 address keeps its brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
}

const MAX_PORT = 65_535;

/** `host [:port]`, nothing else; undefined when malformed. */
export function parseHostPort(text: string): HostPort | undefined {
  const end = text.charCodeAt(0) === OPEN_BRACKET ? text.indexOf(']') + 1 : endOfName(text);
  const host = text.slice(0, end);
  if (!isHost(host)) return undefined;
  if (end === text.length) return { host, port: undefined };
  if (text.charCodeAt(end) !== COLON) return undefined;
  const port = parseDecimal(text.slice(end + 1), MAX_PORT);
  return port === undefined ? undefined : { host, port };
}

/** A host name, an IPv4 address, or an IPv6 address in brackets. */
export function isHost(text: string): boolean {
  if (text.charCodeAt(0) !== OPEN_BRACKET) return isAll(text, HOST);
  return text.charCodeAt(text.length - 1) === CLOSE_BRACKET && isIpv6(text.slice(1, -1));
}

export const formatHostPort = (host: string, port: number | undefined): string =>
  port === undefined ? host : `${host}:${port}`;

function endOfName(text: string): number {
  const colon = text.indexOf(':');
  return colon < 0 ? text.length : colon;
}

const LONGEST_IPV6 = 45;

/** RFC 3986 §3.2.2, without zones: eight groups of hex digits, one `::`, the last two groups perhaps as IPv4. */
export function isIpv6(text: string): boolean {
  if (text.length > LONGEST_IPV6) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const compressed = halves.length === 2;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    const count = countGroups(half, index === halves.length - 1, compressed);
    if (count < 0) return false;
    groups += count;
  }
  return compressed ? groups <= 7 : groups === 8;
}

/** How many 16-bit groups a colon-separated run holds, -1 when it is malformed. */
function countGroups(run: string, last: boolean, mayBeEmpty: boolean): number {
  if (run === '') return mayBeEmpty ? 0 : -1;
  const parts = run.split(':');
  let groups = 0;
  for (const [index, part] of parts.entries()) {
    const ipv4 = last && index === parts.length - 1 && part.includes('.');
    if (ipv4 ? !isIpv4(part) : !/^[0-9a-fA-F]{1,4}$/.test(part)) return -1;
    groups += ipv4 ? 2 : 1;
  }
  return groups;
}

export function isIpv4(text: string): boolean {
  const parts = text.split('.', 5);
  return (
    parts.length === 4 &&
    parts.every((part) => part.length <= 3 && parseDecimal(part, 255) !== undefined)
  );
}
