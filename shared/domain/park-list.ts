import { assertNever } from './assert-never.ts';
import type { Extension, GroupId, UserId } from './ids.ts';
import type { ParkedCall, ParkFacts } from './park-state.ts';

/** Who looks. */
export interface Watcher {
  readonly userId: UserId;
  readonly extension: Extension;
  /** The Call Park group they are in, and deleted ones whose calls still wait for their last members. */
  readonly groupIds: readonly GroupId[];
}

/** How a parked call concerns a watcher; several may hold at once. */
export type ScopeMark = 'own' | 'group' | 'parked-by-me';

/** What a subscription asks to see (WIRE.md §5). */
export type WatchTarget =
  /** `*88`: all that is in my scope. */
  | { readonly kind: 'mine' }
  /** `*88<ext>`: the calls parked on an extension. */
  | { readonly kind: 'slot'; readonly slot: Extension }
  /** `*58`: the calls parked to my group. */
  | { readonly kind: 'group' };

export type ListEntry =
  | { readonly kind: 'full'; readonly call: ParkedCall; readonly marks: readonly ScopeMark[] }
  /** Outside the watcher's scope: slot and state only, no caller, no note, no id. */
  | { readonly kind: 'slot-only'; readonly call: ParkedCall };

/** Who is let in by a tenant's `watch` or `retrieveBy`. */
export type Openness = 'own' | 'group' | 'tenant';

/** What decides whom a call concerns; it stays true after the call's end. */
export interface Concerning {
  readonly facts: Pick<ParkFacts, 'slot' | 'group' | 'parker'>;
}

/** Why a call is in a watcher's scope; empty: it is not. Tenants never mix, calls of another are not to be passed. */
export function scopeMarks({ facts }: Concerning, watcher: Watcher): readonly ScopeMark[] {
  const marks: ScopeMark[] = [];
  if (facts.slot === watcher.extension) marks.push('own');
  if (facts.group !== null && watcher.groupIds.includes(facts.group.id)) marks.push('group');
  if (facts.parker.userId === watcher.userId) marks.push('parked-by-me');
  return marks;
}

/** What a watcher is shown of `calls` (one tenant's, oldest first), in the same order. */
export function listFor(
  watcher: Watcher,
  target: WatchTarget,
  calls: readonly ParkedCall[],
): readonly ListEntry[] {
  return calls.flatMap((call): ListEntry[] => {
    const marks = scopeMarks(call, watcher);
    if (!isAskedFor(call, target, marks)) return [];
    return [marks.length > 0 ? { kind: 'full', call, marks } : { kind: 'slot-only', call }];
  });
}

function isAskedFor(call: ParkedCall, target: WatchTarget, marks: readonly ScopeMark[]): boolean {
  switch (target.kind) {
    case 'mine':
      return marks.length > 0;
    case 'group':
      return marks.includes('group');
    case 'slot':
      return call.facts.slot === target.slot;
    default:
      return assertNever(target);
  }
}

/** Whose devices are alerted of a newly parked call: those it is in scope for, the parker only if the tenant says so. */
export function isAlerted(call: ParkedCall, watcher: Watcher, alertParker: boolean): boolean {
  const marks = scopeMarks(call, watcher);
  if (marks.includes('parked-by-me')) return alertParker;
  return marks.length > 0;
}

/**
 * Whether a user may watch, or retrieve by code from, the slot of `owner` (their own always). `owner.groupIds` are the
 * Call Park groups of that extension's user.
 */
export function isOpenTo(
  openness: Openness,
  watcher: Watcher,
  owner: { readonly extension: Extension; readonly groupIds: readonly GroupId[] },
): boolean {
  if (owner.extension === watcher.extension) return true;
  switch (openness) {
    case 'tenant':
      return true;
    case 'group':
      return watcher.groupIds.some((id) => owner.groupIds.includes(id));
    case 'own':
      return false;
    default:
      return assertNever(openness);
  }
}
