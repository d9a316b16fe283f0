import type { Result } from '../../domain/result.ts';
import type { ReplacesResult } from '../../sip/dialog/dialog-table.ts';
import type { CallKit, DialogOwner } from './call-kit.ts';
import { tellPartner } from './connected-identity.ts';
import { DepartingLeg } from './departing-leg.ts';
import type { Refusal } from './incoming-invite.ts';
import { Leg } from './leg.ts';
import { OutgoingInvite } from './outgoing-invite.ts';
import type { RingingCall, RingingCalls } from './ringing-calls.ts';
import { TwoPartyCall, type CallWatcher } from './two-party-call.ts';

/** One leg of a pair that a Replaces names. */
export interface ReplacedLeg {
  readonly leg: Leg;
  readonly pair: TwoPartyCall;
}

/** What a Replaces names: somebody who talks, or a call that rings, seen from the side whose dialog was named. */
export type Replaced =
  | ({ readonly kind: 'talking' } & ReplacedLeg)
  | { readonly kind: 'ringing'; readonly side: 'caller' | 'callee'; readonly call: RingingCall };

const refuse = (status: number, text: string): Result<never, Refusal> => ({
  ok: false,
  error: { status, text },
});

const NO_SUCH_CALL = refuse(481, 'No such call');

/** What a Replaces points at, of the same tenant only: others do not exist for it. */
export function findReplaced(
  found: ReplacesResult<DialogOwner>,
  tenantId: string,
  ringing: RingingCalls,
): Result<Replaced, Refusal> {
  if (found.kind === 'none') return NO_SUCH_CALL;
  if (found.kind === 'refused') return refuse(found.status, found.reason);
  const { owner } = found.entry;
  if (!(owner instanceof Leg)) return findRinging(owner, tenantId, ringing);
  if (owner.party.tenantId !== tenantId) return NO_SUCH_CALL;
  const pair = owner.owner;
  if (found.earlyOnly) return refuse(486, 'Answered already');
  if (!(pair instanceof TwoPartyCall) || owner.ended) return NO_SUCH_CALL;
  if (pair.state.kind !== 'talking') return refuse(491, 'Another transfer is under way');
  return { ok: true, value: { kind: 'talking', leg: owner, pair } };
}

function findRinging(
  owner: DialogOwner,
  tenantId: string,
  ringing: RingingCalls,
): Result<Replaced, Refusal> {
  const outgoing = owner instanceof OutgoingInvite;
  const call = ringing.bySide(outgoing ? owner.owner : owner);
  if (call === undefined || call.invite.party.tenantId !== tenantId) return NO_SUCH_CALL;
  return { ok: true, value: { kind: 'ringing', side: outgoing ? 'callee' : 'caller', call } };
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
  tellPartner(kit, legs[0], legs[1]);
  tellPartner(kit, legs[1], legs[0]);
  for (const { leg } of [first, second]) {
    DepartingLeg.release(kit, leg, {
      afterMs: kit.times.departMs,
      reason: { cause: 200, text: 'Call transferred' },
    });
  }
  return true;
}
