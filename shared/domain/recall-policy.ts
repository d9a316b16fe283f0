import type { Result } from './result.ts';
import { addMs, type EpochMs, type RingGroupId } from './ids.ts';

/** Where an unretrieved call goes when its recall timer expires (CALL-PARK "Recall"). */
export type RecallDestination =
  | { readonly kind: 'parker' }
  | {
      readonly kind: 'parker-then-ring-group';
      readonly ringGroupId: RingGroupId;
      /** How long the parker rings before the call goes to the ring group, in ms; ≥ 1000. */
      readonly waitMs: number;
    }
  | { readonly kind: 'ring-group'; readonly ringGroupId: RingGroupId };

/** The recall rules a call is parked with; it keeps them, whatever is saved afterwards. */
export interface RecallSettings {
  /** How long a call waits before it is recalled, and how long the parker then rings, in ms; ≥ 1000, default 300 000. */
  readonly timerMs: number;
  /** How long after a recall that nobody answered the next one starts, in ms; ≥ 1000, default 10 000. */
  readonly retryMs: number;
  readonly destination: RecallDestination;
}

export const defaultRecallSettings: RecallSettings = {
  timerMs: 300_000,
  retryMs: 10_000,
  destination: { kind: 'parker' },
};

/** What makes the policy decide. */
export type RecallMoment =
  /** The recall timer, or the pause after a recall, has run out. */
  | 'due'
  /** The parker did not take it: refused, not answered, not signed in. */
  | 'not-taken'
  /** The parker hung up on a park that then failed: they get the caller back, whatever the destination. */
  | 'park-failed';

export type RecallDecision =
  | { readonly kind: 'ring-parker'; readonly until: EpochMs }
  | { readonly kind: 'wait'; readonly until: EpochMs }
  | { readonly kind: 'forward'; readonly ringGroupId: RingGroupId };

export interface RecallContext {
  readonly now: EpochMs;
  readonly ringGroup: 'usable' | 'unusable';
}

/**
 * What becomes of an unretrieved call. A caller is never dropped: every decision rings somebody, waits, or forwards.
 * A ring group that was deleted or emptied since counts as "alert parking user only".
 */
export function decideRecall(
  settings: RecallSettings,
  moment: RecallMoment,
  { now, ringGroup }: RecallContext,
): RecallDecision {
  const destination: RecallDestination =
    ringGroup === 'usable' ? settings.destination : { kind: 'parker' };
  const ringFor = (ms: number): RecallDecision => ({ kind: 'ring-parker', until: addMs(now, ms) });

  switch (destination.kind) {
    case 'parker':
      return moment === 'not-taken'
        ? { kind: 'wait', until: addMs(now, settings.retryMs) }
        : ringFor(settings.timerMs);
    case 'parker-then-ring-group':
      return moment === 'not-taken'
        ? { kind: 'forward', ringGroupId: destination.ringGroupId }
        : ringFor(destination.waitMs);
    case 'ring-group':
      return moment === 'park-failed'
        ? ringFor(settings.timerMs)
        : { kind: 'forward', ringGroupId: destination.ringGroupId };
  }
}

/** Whom a recall rings. */
export type RecallParty = 'parker' | 'slot-owner' | 'nobody';

/**
 * The parker rings; one who was deleted gives way to the slot's owner, or to the ring group where there is one to go to:
 * ringing nobody counts as not taken.
 */
export function whoIsRecalled(
  { destination }: RecallSettings,
  exists: { readonly parker: boolean; readonly slotOwner: boolean },
  ringGroup: RecallContext['ringGroup'],
): RecallParty {
  if (exists.parker) return 'parker';
  if (destination.kind !== 'parker' && ringGroup === 'usable') return 'nobody';
  return exists.slotOwner ? 'slot-owner' : 'nobody';
}

/** A recall destination can name a ring group only where one exists. */
export function checkDestination(
  destination: RecallDestination,
  ringGroups: ReadonlySet<RingGroupId>,
): Result<RecallDestination, 'ring-group-missing'> {
  if (destination.kind === 'parker' || ringGroups.has(destination.ringGroupId)) {
    return { ok: true, value: destination };
  }
  return { ok: false, error: 'ring-group-missing' };
}
