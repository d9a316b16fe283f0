import { formatParams } from '../message/params.ts';
import { parseWhole } from '../message/scanner.ts';
import type { Scanner } from '../message/scanner.ts';
import { parseSeconds } from '../message/seconds.ts';

/** Registered reasons of RFC 6665 §4.1.3 (`invariant`: RFC 6665 too). Others count as `giveup`. */
export type TerminationReason =
  'deactivated' | 'probation' | 'rejected' | 'timeout' | 'giveup' | 'noresource' | 'invariant';

/** The Subscription-State header field (RFC 6665 §8.2.3). */
export type SubscriptionState =
  | { readonly kind: 'active'; /** Seconds left. */ readonly expires?: number | undefined }
  | { readonly kind: 'pending'; readonly expires?: number | undefined }
  | {
      readonly kind: 'terminated';
      readonly reason?: TerminationReason | undefined;
      /** Seconds. */
      readonly retryAfter?: number | undefined;
    };

const REASONS: ReadonlySet<string> = new Set<TerminationReason>([
  'deactivated',
  'probation',
  'rejected',
  'timeout',
  'giveup',
  'noresource',
  'invariant',
]);

const isReason = (text: string): text is TerminationReason => REASONS.has(text);

/** Undefined when malformed or of a state that is not defined. */
export const parseSubscriptionState = (text: string): SubscriptionState | undefined =>
  parseWhole(text, scanState);

function scanState(scanner: Scanner): SubscriptionState | undefined {
  scanner.skipSpace();
  const kind = scanner.token().toLowerCase();
  const params = scanner.params();
  if (params === undefined) return undefined;
  const expires = parseSeconds(params.get('expires') ?? undefined);
  switch (kind) {
    case 'active':
    case 'pending':
      return { kind, expires };
    case 'terminated':
      return {
        kind,
        reason: parseReason(params.get('reason')),
        retryAfter: parseSeconds(params.get('retry-after') ?? undefined),
      };
    default:
      return undefined;
  }
}

function parseReason(text: string | null | undefined): TerminationReason | undefined {
  if (typeof text !== 'string') return undefined;
  const reason = text.toLowerCase();
  return isReason(reason) ? reason : 'giveup';
}

export function formatSubscriptionState(state: SubscriptionState): string {
  const params = new Map<string, string>();
  if (state.kind === 'terminated') {
    if (state.reason !== undefined) params.set('reason', state.reason);
    if (state.retryAfter !== undefined) params.set('retry-after', String(state.retryAfter));
  } else if (state.expires !== undefined) {
    params.set('expires', String(state.expires));
  }
  return `${state.kind}${formatParams(params)}`;
}
