import type { CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { ReplacedLeg } from './attended-transfer.ts';
import type { CallKit } from './call-kit.ts';
import { tellPartner } from './connected-identity.ts';
import type { IncomingInvite } from './incoming-invite.ts';
import { codecsOf, type Leg, type LegOwner } from './leg.ts';
import { formatIdentity, hostOf } from './party.ts';
import { TwoPartyCall, type CallWatcher } from './two-party-call.ts';

/** INVITE with Replaces of a talking leg (RFC 3891): the new leg takes its place, the old one gets BYE. */
export class Takeover implements LegOwner {
  readonly #other: Leg;

  /** Answers the INVITE. */
  static start(
    kit: CallKit,
    invite: IncomingInvite,
    replaced: ReplacedLeg,
    watcher: CallWatcher,
  ): void {
    const { leg: old, pair } = replaced;
    const other = pair.other(old);
    const prepared = invite.prepare(`replace-${kit.random.token(40)}`);
    if (!prepared.ok) return invite.refuse(prepared.error);
    const { tenant, flow } = invite.caller;
    const fresh = invite.answer({
      prefer: codecsOf(other),
      owner: new Takeover(other),
      remote: other.identity,
      headers: [['P-Asserted-Identity', formatIdentity(other.identity, hostOf(tenant, flow))]],
    });
    fresh.onConfirmed(() => {
      if (other.ended || other.owner !== pair || pair.state.kind !== 'talking') {
        return fresh.hangUp({ cause: 481, text: 'The call has ended' });
      }
      pair.release();
      new TwoPartyCall(kit, [fresh, other], watcher);
      tellPartner(kit, other, fresh);
      old.hangUp({ cause: 200, text: 'Replaced' });
    });
  }

  private constructor(other: Leg) {
    this.#other = other;
  }

  legEnded(): void {}
  legChanged(): void {}
  legReferred(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(403);
  }
  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }
  codecsFor(): readonly CodecName[] {
    return codecsOf(this.#other);
  }
}
