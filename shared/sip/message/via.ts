import { OPEN_BRACKET, COLON, HOST, SLASH, TOKEN, isAll, parseDecimal } from './characters.ts';
import { formatHostPort, isHost } from './host.ts';
import { formatParams, parseList } from './scanner.ts';
import type { Params, Scanner } from './scanner.ts';

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
  const name = scanner.token();
  if (name === '' || !scanner.take(SLASH)) return undefined;
  const version = scanner.token();
  if (version === '' || !scanner.take(SLASH)) return undefined;
  const transport = scanner.token();
  const gap = scanner.position;
  scanner.skipSpace();
  if (transport === '' || scanner.position === gap) return undefined;
  const host = scanSentHost(scanner);
  if (host === undefined) return undefined;
  const port = scanner.take(COLON) ? parseDecimal(scanner.run(TOKEN), 65_535) : null;
  const params = scanner.params();
  if (port === undefined || params === undefined) return undefined;
  return { protocol: `${name}/${version}`, transport, host, port: port ?? undefined, params };
}

function scanSentHost(scanner: Scanner): string | undefined {
  if (scanner.peek() !== OPEN_BRACKET) return scanner.run(HOST) || undefined;
  const close = scanner.text.indexOf(']', scanner.position);
  if (close < 0) return undefined;
  const host = scanner.text.slice(scanner.position, close + 1);
  scanner.position = close + 1;
  return isHost(host) ? host : undefined;
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
