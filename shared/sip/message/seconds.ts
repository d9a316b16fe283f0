import { parseDecimal } from './characters.ts';
import type { NameAddr } from './name-addr.ts';

/** Largest delta-seconds that is told apart (RFC 3261 §25.1 allows any number of digits). */
const MAX_SECONDS = 2 ** 32 - 1;

/** delta-seconds of Expires, Min-Expires, Min-SE; larger numbers count as 2³²−1. Undefined when malformed. */
export function parseSeconds(text: string | undefined): number | undefined {
  const seconds = text === undefined ? undefined : parseDecimal(text.trim(), Number.MAX_VALUE);
  return seconds === undefined ? undefined : Math.min(seconds, MAX_SECONDS);
}

/** The `expires` parameter of a Contact; undefined when absent or malformed, where Expires or the default counts. */
export const contactExpires = (contact: NameAddr): number | undefined =>
  parseSeconds(contact.params.get('expires') ?? undefined);

/** Seconds of Retry-After; its comment and parameters are left out (RFC 3261 §20.33). */
export function parseRetryAfter(text: string): number | undefined {
  const end = text.search(/[^0-9]/);
  return parseSeconds(end < 0 ? text : text.slice(0, end));
}

/** RFC 4028 §4. */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher?: 'uac' | 'uas' | undefined;
}

export function parseSessionExpires(text: string): SessionExpires | undefined {
  const [interval, ...params] = text.split(';', 8);
  const seconds = parseSeconds(interval);
  if (seconds === undefined) return undefined;
  const names = params.map((param) => param.replace(/[ \t]/g, '').toLowerCase());
  if (names.includes('refresher=uac')) return { seconds, refresher: 'uac' };
  return { seconds, refresher: names.includes('refresher=uas') ? 'uas' : undefined };
}

export const formatSessionExpires = ({ seconds, refresher }: SessionExpires): string =>
  refresher === undefined ? String(seconds) : `${seconds};refresher=${refresher}`;
