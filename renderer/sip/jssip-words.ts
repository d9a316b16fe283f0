import { NameAddrHeader } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { FinalStatus } from '../../shared/phone/call-problem.ts';
import type { RecallMark } from '../../shared/phone/call.ts';
import { networkName, networkNumber, networkPhrase } from '../../shared/phone/network-text.ts';
import type { PartyText } from '../../shared/phone/park-report.ts';
import type { PbxProfile } from '../../shared/phone/pbx-profile.ts';

/** Reading JsSIP's messages: it hands out loosely typed objects, here they become values we can rely on. */

interface HeaderSource {
  getHeader(name: string): string | undefined;
}

function hasHeaders(value: unknown): value is HeaderSource {
  return (
    typeof value === 'object' &&
    value !== null &&
    'getHeader' in value &&
    typeof value.getHeader === 'function'
  );
}

/** The first header of that name; `null` when there is none. */
export function headerOf(message: unknown, name: string): string | null {
  if (!hasHeaders(message)) return null;
  const value = message.getHeader(name);
  return typeof value === 'string' && value !== '' ? value : null;
}

export function bodyOf(message: unknown): string {
  return typeof message === 'object' &&
    message !== null &&
    'body' in message &&
    typeof message.body === 'string'
    ? message.body
    : '';
}

/** The status of a response, with the text of its Reason header; `null` for anything that is not a response. */
export function finalStatusOf(message: unknown): FinalStatus | null {
  if (typeof message !== 'object' || message === null || !('status_code' in message)) return null;
  const { status_code: status } = message;
  if (typeof status !== 'number') return null;
  const phrase =
    'reason_phrase' in message && typeof message.reason_phrase === 'string'
      ? message.reason_phrase
      : '';
  return { status, phrase: networkPhrase(phrase), reasonText: reasonOf(message)?.text ?? null };
}

/** `Reason: SIP;cause=410;text="…"` (RFC 3326). */
export function reasonOf(
  message: unknown,
): { readonly cause: number | null; readonly text: string | null } | null {
  const header = headerOf(message, 'Reason');
  return header === null ? null : parseReason(header);
}

export function parseReason(header: string): {
  readonly cause: number | null;
  readonly text: string | null;
} {
  const cause = /;\s*cause\s*=\s*(\d+)/i.exec(header)?.[1];
  const text = /;\s*text\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
  return {
    cause: cause === undefined ? null : Number(cause),
    text: text === undefined ? null : networkPhrase(text.replace(/\\(.)/g, '$1')),
  };
}

/** The identity the server vouches for (RFC 3325); JsSIP's own `remote_identity` stays what was dialled. */
export function assertedParty(message: unknown): PartyText | null {
  const header = headerOf(message, 'P-Asserted-Identity');
  if (header === null) return null;
  const parsed: unknown = NameAddrHeader.parse(header);
  return parsed instanceof NameAddrHeader ? partyOf(parsed) : null;
}

interface Identity {
  readonly display_name?: string | null;
  readonly uri: { readonly user?: string | null; readonly host: string };
}

export function partyOf({ display_name: name, uri }: Identity): PartyText {
  if (uri.host.toLowerCase() === 'anonymous.invalid') return { name: null, number: '' };
  const number = networkNumber(decodeUser(uri.user ?? ''));
  const shown = networkName(name);
  return { name: shown === number ? null : shown, number };
}

function decodeUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/**
 * A recall says so in its INVITE (WIRE §9): `X-Park-Recall: attempt=1;slot=102;parked-at=…`. It rings although nobody is to
 * disturb, so that it is believed only of a PBX that writes it itself; others may pass on what any caller wrote.
 */
export function recallOf(
  request: unknown,
  { marksRecalls }: Pick<PbxProfile, 'marksRecalls'>,
): RecallMark | null {
  if (!marksRecalls) return null;
  const header = headerOf(request, 'X-Park-Recall');
  if (header === null) return null;
  const parameter = (name: string) =>
    new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*([^;\\s]+)`, 'i').exec(header)?.[1] ?? null;
  const attempt = Number(parameter('attempt') ?? '1');
  return {
    slot: networkNumber(parameter('slot') ?? '') || null,
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
  };
}

/** Longer than this nobody means by "at once". */
const LONGEST_AUTO_ANSWER_MS = 30_000;

/**
 * How long after an INVITE came it wants to be answered by itself, ms; `null` when it does not ask. Read are `Call-Info:
 * …;answer-after=0` (RFC 3261 leaves the parameter to the vendors; Broadworks, Snom, Grandstream, Yealink), `Alert-Info` with
 * `auto-answer` (Polycom) or `info=alert-autoanswer` (Asterisk's custom), and `Answer-Mode: Auto` (RFC 5373).
 */
export function autoAnswerOf(request: unknown): number | null {
  const after = /;\s*answer-after\s*=\s*"?(\d{1,6})/i.exec(
    headerOf(request, 'Call-Info') ?? '',
  )?.[1];
  if (after !== undefined) return Math.min(Number(after) * 1000, LONGEST_AUTO_ANSWER_MS);
  const alert = headerOf(request, 'Alert-Info') ?? '';
  if (/(?:^|[\s<;,="])(?:alert-autoanswer|auto-?answer)(?:$|[\s>;,"])/i.test(alert)) return 0;
  return /^\s*auto\b/i.test(headerOf(request, 'Answer-Mode') ?? '') ? 0 : null;
}

/** The audio sender of a session's connection, once there is one. */
export function audioSender(session: RTCSession): RTCRtpSender | null {
  const connection: RTCPeerConnection | null = session.connection;
  return connection?.getSenders().find((sender) => sender.track?.kind === 'audio') ?? null;
}
