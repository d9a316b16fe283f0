import type { SipRequest } from '../message/message.ts';
import { isSipScheme } from '../message/uri.ts';
import type { ReplyOptions, ServerTransaction } from './transaction-user.ts';

export interface AdmissionRules {
  /** Option tags we understand in Require. */
  readonly supported: ReadonlySet<string>;
}

export interface Refusal {
  readonly status: number;
  readonly options?: ReplyOptions;
}

/**
 * What every user agent server refuses before it looks any closer (RFC 3261 §8.2.2). Max-Forwards is checked for an INVITE outside a
 * dialog alone, as that is what a back-to-back user agent sends on; the rest ends here and has no loop to make (§8.2 asks nothing of it).
 */
export function findRefusal(request: SipRequest, rules: AdmissionRules): Refusal | undefined {
  if (!isSipScheme(request.uri) && request.uri.scheme !== 'tel') return { status: 416 };
  if (request.method === 'INVITE' && request.toTag === undefined && request.maxForwards === 0) {
    return { status: 483 };
  }
  const unknown = request.require.filter((tag) => !rules.supported.has(tag.toLowerCase()));
  if (unknown.length === 0) return undefined;
  return { status: 420, options: { headers: [['Unsupported', unknown.join(', ')]] } };
}

/** The Max-Forwards of a request that continues `request` on another leg (RFC 3261 §16.6 step 3). */
export const nextMaxForwards = (request: SipRequest): number =>
  Math.max(0, (request.maxForwards ?? 70) - 1);

/**
 * Refuses a method that the transaction user does not serve: 405 with Allow for a method that is known in SIP, 501 for one that is
 * not (RFC 3261 §8.2.1, §21.5.2).
 */
export function refuseMethod(transaction: ServerTransaction, allowed: readonly string[]): void {
  const status = knownMethods.has(transaction.request.method) ? 405 : 501;
  transaction.reply(status, { headers: [['Allow', allowed.join(', ')]] });
}

const knownMethods: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'OPTIONS',
  'INFO',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'UPDATE',
  'MESSAGE',
  'REFER',
  'PUBLISH',
]);
