import type { SipRequest } from '../../sip/message/message.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Leg } from './leg.ts';

const DTMF_RELAY = 'application/dtmf-relay';
const DTMF = 'application/dtmf';

/** What a digit lasts when nobody says how long, in ms. */
const USUAL_MS = 160;

export interface InfoDigit {
  /** `0`–`9`, `*`, `#`, `A`–`D`. */
  readonly digit: string;
  readonly durationMs: number;
}

/** The events of RFC 4733 that some phones write as numbers. */
const NUMBERED: ReadonlyMap<string, string> = new Map([
  ['10', '*'],
  ['11', '#'],
  ['12', 'A'],
  ['13', 'B'],
  ['14', 'C'],
  ['15', 'D'],
]);

/**
 * The digit of an INFO: `Signal=5`, `Duration=160` (application/dtmf-relay) or the digit alone (application/dtmf), as phones have sent
 * them since RFC 2976; no document defines either. Undefined for a hook flash and for anything else.
 */
export function readInfoDigit(request: SipRequest): InfoDigit | undefined {
  const { contentType, text } = request;
  if (contentType !== DTMF_RELAY && contentType !== DTMF) return undefined;
  const signal = /^\s*Signal\s*=\s*(\S+)\s*$/im.exec(text)?.[1];
  const bare = contentType === DTMF ? text.trim() : undefined;
  const said = (signal ?? bare ?? '').toUpperCase();
  const digit = NUMBERED.get(said) ?? said;
  if (!/^[0-9*#A-D]$/.test(digit)) return undefined;
  const durationMs = Number(/^\s*Duration\s*=\s*(\d{1,6})\s*$/im.exec(text)?.[1] ?? USUAL_MS);
  return { digit, durationMs };
}

/**
 * An INFO goes to the other side, and we answer for it at once: a digit as RFC 4733 where the other side agreed to that, else as it came
 * where INFO is taken. 415 for what neither of us understands (RFC 6086 §4.2.2).
 */
export function passInfo(tx: ServerTransaction, other: Leg): void {
  const { request } = tx;
  const contentType = request.headers.get('Content-Type');
  const digit = readInfoDigit(request);
  if (digit !== undefined && other.media.takesDtmf) {
    other.media.sendDtmf(digit.digit, digit.durationMs);
  } else if (contentType !== undefined && !other.ended && other.takes('INFO') === 'yes') {
    other.request('INFO', { body: request.body, contentType });
  } else if (digit === undefined && request.body.length > 0) {
    tx.reply(415, { headers: [['Accept', `${DTMF_RELAY}, ${DTMF}`]] });
    return;
  }
  tx.reply(200);
}

/** A digit that came by RFC 4733 goes by INFO to a phone that did not agree to events but takes INFO. */
export function passDigit(digit: string, other: Leg): void {
  const { media } = other;
  if (other.ended || other.held || media.takesDtmf || other.takes('INFO') !== 'yes') return;
  const body = `Signal=${digit}\r\nDuration=${USUAL_MS}\r\n`;
  other.request('INFO', { body, contentType: DTMF_RELAY });
}
