import { COLON, SLASH, TOKEN, isAll, parseDecimal } from './characters.ts';
import { MAX_PORT, endOfHost, formatHostPort, isHost } from './host.ts';
import { formatParams } from './params.ts';
import type { Params } from './params.ts';
import { parseList } from './scanner.ts';
import type { Scanner } from './scanner.ts';

/** One Via value (RFC 3261 §20.42). */
export interface Via {
  /** `SIP/2.0`, white space removed. */
  readonly protocol: string;
  /** As written, e.g. `UDP`, `WS`; compare without case. */
  readonly transport: string;
  /** `sent-by`; IPv6 in brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params: Params;
}

/** Branches that start with this identify a transaction by themselves (RFC 3261 §8.1.1.7). */
export const BRANCH_COOKIE = 'z9hG4bK';

export const parseVias = (text: string, max = 128): Via[] | undefined =>
  parseList(text, scanVia, max);

export function scanVia(scanner: Scanner): Via | undefined {
  scanner.skipSpace();
  const protocol = scanProtocol(scanner);
  if (protocol === undefined) return undefined;
  const transport = scanner.token();
  const gap = scanner.position;
  scanner.skipSpace();
  if (transport === '' || scanner.position === gap) return undefined;
  const host = scanSentHost(scanner);
  if (host === undefined) return undefined;
  const port = scanner.take(COLON) ? scanPort(scanner) : null;
  const params = scanner.params();
  if (port === undefined || params === undefined) return undefined;
  return { protocol, transport, host, port: port ?? undefined, params };
}

const USUAL_PROTOCOL = 'SIP/2.0/';

/** Takes the slash behind the protocol, too. White space may stand around each slash. */
function scanProtocol(scanner: Scanner): string | undefined {
  if (scanner.text.startsWith(USUAL_PROTOCOL, scanner.position)) {
    scanner.position += USUAL_PROTOCOL.length;
    scanner.skipSpace();
    return 'SIP/2.0';
  }
  const name = scanner.token();
  if (name === '' || !scanner.take(SLASH)) return undefined;
  const version = scanner.token();
  return version === '' || !scanner.take(SLASH) ? undefined : `${name}/${version}`;
}

function scanSentHost(scanner: Scanner): string | undefined {
  const { text, position, end } = scanner;
  const hostEnd = endOfHost(text, position, end);
  if (hostEnd <= position) return undefined;
  scanner.position = hostEnd;
  return text.slice(position, hostEnd);
}

function scanPort(scanner: Scanner): number | undefined {
  const from = scanner.position;
  scanner.skip(TOKEN);
  return parseDecimal(scanner.text, MAX_PORT, from, scanner.position);
}

export function formatVia(via: Via): string {
  const transport = isAll(via.transport, TOKEN) ? via.transport : 'UDP';
  const sentBy = formatHostPort(isHost(via.host) ? via.host : 'invalid.invalid', via.port);
  return `SIP/2.0/${transport} ${sentBy}${formatParams(via.params)}`;
}

export const branchOf = (via: Via): string | undefined => via.params.get('branch') ?? undefined;

/** The same Via with one parameter set, e.g. `received` and `rport` by the receiver (RFC 3581 §4). */
export const withViaParam = (via: Via, name: string, value: string | null): Via => ({
  ...via,
  params: new Map(via.params).set(name.toLowerCase(), value),
});
