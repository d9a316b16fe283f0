import type { Result } from '../../domain/result.ts';
import type { CallKit, DialogOwner } from './call-kit.ts';
import { DepartingLeg } from './departing-leg.ts';
import type { Refusal } from './incoming-invite.ts';
import { Leg } from './leg.ts';
import type { ReplacesResult } from '../../sip/dialog/dialog-table.ts';
import { TwoPartyCall, type CallWatcher } from './two-party-call.ts';

/** One leg of a pair that a Replaces names. */
export interface ReplacedLeg {
  readonly leg: Leg;
  readonly pair: TwoPartyCall;
}

const refuse = (status: number, text: string): Result<never, Refusal> => ({
  ok: false,
  error: { status, text },
});

/** The talking leg that a Replaces points at, of the same tenant only: others do not exist for it. */
export function findReplaced(
  found: ReplacesResult<DialogOwner>,
  tenantId: string,
): Result<ReplacedLeg, Refusal> {
  if (found.kind === 'none') return refuse(481, 'No such call');
  if (found.kind === 'refused') return refuse(found.status, found.reason);
  const leg = found.entry.owner;
  if (!(leg instanceof Leg) || leg.party.tenantId !== tenantId) return refuse(481, 'No such call');
  const pair = leg.owner;
  if (found.earlyOnly) return refuse(486, 'Answered already');
  if (!(pair instanceof TwoPartyCall) || leg.ended) return refuse(481, 'No such call');
  if (pair.state.kind !== 'talking') return refuse(491, 'Another transfer is under way');
  return { ok: true, value: { leg, pair } };
}

/**
 * Joins the far sides of two calls of one party (RFC 5589 §7); both legs of the transferor are released.
 * @returns false when the two are the same call
 */
export function joinPairs(
  kit: CallKit,
  watcher: CallWatcher,
  { first, second }: { readonly first: ReplacedLeg; readonly second: ReplacedLeg },
): boolean {
  if (first.pair === second.pair) return false;
  const legs = [first.pair.other(first.leg), second.pair.other(second.leg)] as const;
  first.pair.release();
  second.pair.release();
  new TwoPartyCall(kit, legs, watcher);
  for (const { leg } of [first, second]) {
    DepartingLeg.release(kit, leg, {
      afterMs: kit.times.departMs,
      reason: { cause: 200, text: 'Call transferred' },
    });
  }
  return true;
}
