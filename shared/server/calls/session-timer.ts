import type { SipMessage, SipRequest, SipResponse } from '../../sip/message/message.ts';
import { headerTokens } from './header-tokens.ts';

/** Least session interval anybody may ask of us, in seconds (RFC 4028 §4). */
export const MIN_SESSION_S = 90;

/** What both sides agreed on (RFC 4028): whoever refreshes does so at half the interval. */
export interface SessionInterval {
  readonly seconds: number;
  readonly refresher: 'us' | 'them';
}

/** Longest session interval that anybody may talk us into, in seconds: beyond a day it no longer finds dead calls. */
const LONGEST_SESSION_S = 86_400;

/** Shortest interval that is kept to, in seconds: nobody may ask for less than 90, and one of a second would be an UPDATE every half. */
const SHORTEST_SESSION_S = 20;

export type SessionAnswer =
  /** 422 with Min-SE. */
  | { readonly kind: 'too-small' }
  /** `headers` belong into the 2xx; without `interval` the peer knows no session timers. */
  | {
      readonly kind: 'agreed';
      readonly headers: readonly (readonly [string, string])[];
      readonly interval?: SessionInterval;
    };

interface SessionExpires {
  readonly seconds: number;
  readonly refresher?: 'uac' | 'uas';
}

/**
 * Answers the session timer of an INVITE or UPDATE that came in (RFC 4028 §9): the interval asked for, at most a day, else `ours`.
 * The peer refreshes when it can, because then its silence ends the call; otherwise we do.
 */
export function answerSessionTimer(request: SipRequest, oursS: number): SessionAnswer {
  const asked = readSessionExpires(request);
  const knowsTimer = headerTokens(request.headers, 'Supported').includes('timer');
  if (asked === undefined && !knowsTimer) return { kind: 'agreed', headers: [] };
  if (asked !== undefined && asked.seconds < MIN_SESSION_S) return { kind: 'too-small' };
  const floor = leastSession(request) ?? 0;
  // Then rather none: whether the phone lives is asked by OPTIONS.
  if (floor > LONGEST_SESSION_S) return { kind: 'agreed', headers: [] };
  const wanted = asked?.seconds ?? Math.max(oursS, floor);
  const seconds = Math.min(wanted, LONGEST_SESSION_S);
  const refresher = knowsTimer ? (asked?.refresher ?? 'uac') : 'uas';
  return {
    kind: 'agreed',
    headers: [
      ...(refresher === 'uac' ? ([['Require', 'timer']] as const) : []),
      ['Session-Expires', `${seconds};refresher=${refresher}`],
    ],
    interval: { seconds, refresher: refresher === 'uac' ? 'them' : 'us' },
  };
}

/** The least interval that the other side puts up with, in seconds: its Min-SE. */
export function leastSession(message: SipMessage): number | undefined {
  const digits = /^\d{1,9}/.exec(message.headers.get('Min-SE') ?? '')?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The interval to ask for after a 422 (RFC 4028 §7.4), in seconds; undefined when that asks for no more than `offeredS`, or for more
 * than a day.
 */
export function longerInterval(refusal: SipResponse, offeredS: number): number | undefined {
  const leastS = leastSession(refusal);
  if (leastS === undefined || leastS > LONGEST_SESSION_S) return undefined;
  return leastS > offeredS ? leastS : undefined;
}

/**
 * Headers of an INVITE we send that ask for a session timer; who refreshes is left to the peer. An interval that the
 * peer insisted on becomes our own least one.
 */
export function offerSessionTimer(
  oursS: number,
  leastS: number = MIN_SESSION_S,
): readonly (readonly [string, string])[] {
  return [
    ['Session-Expires', String(Math.max(oursS, MIN_SESSION_S))],
    ['Min-SE', String(Math.max(leastS, MIN_SESSION_S))],
  ];
}

/**
 * What the 2xx to our INVITE or UPDATE agreed to, of an interval below twenty seconds that of twenty; undefined when the peer left
 * session timers out, or asks for more than a day.
 */
export function agreedSessionTimer(response: SipResponse): SessionInterval | undefined {
  const answered = readSessionExpires(response);
  if (answered === undefined || answered.seconds < 1) return undefined;
  if (answered.seconds > LONGEST_SESSION_S) return undefined;
  const seconds = Math.max(answered.seconds, SHORTEST_SESSION_S);
  return { seconds, refresher: answered.refresher === 'uas' ? 'them' : 'us' };
}

/** When the session is taken for dead without a refresh by the peer (RFC 4028 §10), in ms from the last refresh. */
export function deadAfterMs(interval: SessionInterval): number {
  return 1000 * (interval.seconds - Math.min(32, Math.floor(interval.seconds / 3)));
}

/** When we refresh, in ms from the last refresh. */
export function refreshAfterMs(interval: SessionInterval): number {
  return 500 * interval.seconds;
}

function readSessionExpires(message: SipMessage): SessionExpires | undefined {
  const value = message.headers.get('Session-Expires');
  const match = value === undefined ? null : /^\s*(\d{1,9})\s*(;.*)?$/.exec(value);
  if (match === null) return undefined;
  const refresher = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  const seconds = Number(match[1]);
  return refresher === 'uac' || refresher === 'uas' ? { seconds, refresher } : { seconds };
}
