import {
  CLOSE_BRACKET,
  HOST,
  OPEN_BRACKET,
  indexOfCode,
  isAll,
  parseDecimal,
} from './characters.ts';

export const MAX_PORT = 65_535;

/** A host name, an IPv4 address, or an IPv6 address in brackets. */
export function isHost(text: string): boolean {
  if (text.charCodeAt(0) !== OPEN_BRACKET) return isAll(text, HOST);
  return text.charCodeAt(text.length - 1) === CLOSE_BRACKET && isIpv6(text.slice(1, -1));
}

export const formatHostPort = (host: string, port: number | undefined): string =>
  port === undefined ? host : `${host}:${port}`;

/** Behind the host that starts at `from`; `from` itself or -1 when none does. */
export function endOfHost(text: string, from: number, to: number): number {
  if (text.charCodeAt(from) !== OPEN_BRACKET) {
    let end = from;
    while (end < to && HOST[text.charCodeAt(end)] === 1) end++;
    return end;
  }
  const close = indexOfCode(text, CLOSE_BRACKET, from, to);
  return close > 0 && isIpv6(text.slice(from + 1, close)) ? close + 1 : -1;
}

const LONGEST_IPV6 = 45;

/** RFC 3986 §3.2.2, without zones: eight groups of hex digits, one `::`, the last two groups perhaps as IPv4. */
export function isIpv6(text: string): boolean {
  // IPv4 and names, as nearly always.
  if (text.length > LONGEST_IPV6 || !text.includes(':')) return false;
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
