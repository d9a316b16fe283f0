import { assertNever } from './assert-never.ts';
import { parseFeatureCode, type FeatureCodes } from './feature-code.ts';
import { err, ok, type Result } from './result.ts';

/** Shortest and longest wait before a call that is not answered goes on, ms. */
export const FORWARD_AFTER_MIN_MS = 5_000;
export const FORWARD_AFTER_MAX_MS = 120_000;

/** Where the server sends one user's calls; digits of an extension or of a ring group's number. */
export interface Forwarding {
  /** Every call, at once: the user's phones do not ring. */
  readonly always: string | null;
  /** When the user's phones say busy. */
  readonly busy: string | null;
  /** When nobody answers in time, or no phone is signed in. */
  readonly noAnswer: { readonly to: string; readonly afterMs: number } | null;
}

export const noForwarding: Forwarding = { always: null, busy: null, noAnswer: null };

/** Why a forwarding cannot be kept. */
export type ForwardingRefusal = {
  readonly field: keyof Forwarding;
  readonly reason: 'feature-code' | 'own-number' | 'no-such-number' | 'wait-out-of-range';
};

/** What a phone is told when saving did not work: a refusal's reason, or that the server could not be asked. */
export type ForwardingFailure = ForwardingRefusal['reason'] | 'offline' | 'server';

export interface ForwardingRules {
  readonly codes: FeatureCodes;
  readonly ownNumber: string;
  /** Whether somebody can be reached by these digits. */
  readonly exists: (digits: string) => boolean;
}

/** Checks what a user wants. A feature code is never a target: nothing may park or retrieve by being called. */
export function checkForwarding(
  wanted: Forwarding,
  rules: ForwardingRules,
): Result<Forwarding, ForwardingRefusal> {
  const targets: readonly (readonly [keyof Forwarding, string | null])[] = [
    ['always', wanted.always],
    ['busy', wanted.busy],
    ['noAnswer', wanted.noAnswer?.to ?? null],
  ];
  for (const [field, digits] of targets) {
    const reason = digits === null ? null : refusalOf(digits, rules);
    if (reason !== null) return err({ field, reason });
  }
  const afterMs = wanted.noAnswer?.afterMs ?? FORWARD_AFTER_MIN_MS;
  return afterMs < FORWARD_AFTER_MIN_MS || afterMs > FORWARD_AFTER_MAX_MS
    ? err({ field: 'noAnswer', reason: 'wait-out-of-range' })
    : ok(wanted);
}

function refusalOf(digits: string, rules: ForwardingRules): ForwardingRefusal['reason'] | null {
  if (/[*#]/.test(digits) || parseFeatureCode(digits, rules.codes) !== null) return 'feature-code';
  if (digits === rules.ownNumber) return 'own-number';
  return rules.exists(digits) ? null : 'no-such-number';
}

/** Why a call goes on to somebody else; the words of RFC 5806. */
export type ForwardReason = 'unconditional' | 'user-busy' | 'no-answer';

/** What became of ringing somebody. */
export type RingOutcome = 'busy' | 'refused' | 'unanswered' | 'unreachable';

/** Where a call goes when ringing came to nothing; `null`: the caller is told. Who declines means that. */
export function forwardAfter(
  { busy, noAnswer }: Forwarding,
  outcome: RingOutcome,
): { readonly to: string; readonly reason: ForwardReason } | null {
  switch (outcome) {
    case 'busy':
      return busy === null ? null : { to: busy, reason: 'user-busy' };
    case 'unanswered':
    case 'unreachable':
      return noAnswer === null ? null : { to: noAnswer.to, reason: 'no-answer' };
    case 'refused':
      return null;
    default:
      return assertNever(outcome);
  }
}
