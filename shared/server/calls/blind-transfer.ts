import { CODECS_BEST_FIRST, type CodecName, type MediaLeg } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { CallKit, Stoppable } from './call-kit.ts';
import { tellPartner } from './connected-identity.ts';
import { DepartingLeg } from './departing-leg.ts';
import { ForwardPath } from './forward-path.ts';
import { Fork, type ForkEvents } from './fork.ts';
import type { RingFailure } from './fork-outcome.ts';
import { holdMusicOf } from './hold-music.ts';
import { codecsOf, type Leg, type LegOwner } from './leg.ts';
import type { LegEnd } from './leg-end.ts';
import { contactOf, formatIdentity, hostOf } from './party.ts';
import type { Reason } from './reason-header.ts';
import { redirectionFor } from './redirection.ts';
import type { ReferProgress } from './refer-progress.ts';
import type { RingingCall } from './ringing-calls.ts';
import { TwoPartyCall, type BusyWatcher, type CallWatcher } from './two-party-call.ts';

/** How long the transferor is told how it goes unless it asks for less, in seconds: longer than anybody rings. */
const TOLD_FOR_S = 300;

export interface TransferOrder {
  readonly tenant: Tenant;
  readonly pair: TwoPartyCall;
  /** Whoever asked for it. */
  readonly transferor: Leg;
  readonly progress: ReferProgress;
  readonly watcher: CallWatcher;
}

/**
 * Connects one leg of a pair to somebody else (RFC 5589 §6). The transferor stays until the target has answered, and
 * gets the other side back if nobody does.
 */
export class BlindTransfer implements BusyWatcher, LegOwner, Stoppable {
  readonly #kit: CallKit;
  readonly #order: TransferOrder;
  readonly #transferee: Leg;
  #fork: Fork | undefined;
  /** The target was called by the transferor, and shows them. */
  #adopted = false;

  /** Answers the REFER with 202 and rings the target. The pair must be talking. */
  static start(kit: CallKit, tx: ServerTransaction, order: TransferOrder, target: User): void {
    new BlindTransfer(kit, order).#begin(tx).#ring(target);
  }

  /**
   * The same with a target that the transferor has made ring already (the transfer key pressed before the answer): the other
   * side waits in the transferor's place, and nothing rings anew.
   */
  static adopt(kit: CallKit, tx: ServerTransaction, order: TransferOrder, call: RingingCall): void {
    const transfer = new BlindTransfer(kit, order).#begin(tx);
    transfer.#adopted = true;
    transfer.#fork = call.handOver(transfer.#events());
  }

  private constructor(kit: CallKit, order: TransferOrder) {
    this.#kit = kit;
    this.#order = order;
    this.#transferee = order.pair.other(order.transferor);
  }

  #begin(tx: ServerTransaction): this {
    const { pair, transferor, progress, tenant } = this.#order;
    tx.reply(202, { headers: [['Contact', contactOf(tx.flow)]] });
    progress.trying(TOLD_FOR_S);
    this.#kit.live.add(this);
    pair.occupy({ kind: 'transferring', by: transferor, watcher: this });
    this.#kit.media.play(this.#transferee.media, holdMusicOf(tenant.id));
    return this;
  }

  /** The target's forwarding of every call is followed; what it says of one that nobody answered is for the transferor to hear. */
  #ring(wanted: User): void {
    const { transferor, tenant } = this.#order;
    const kit = this.#kit;
    const talking = [this.#transferee, transferor].flatMap(({ party }) =>
      party.kind === 'device' ? [party.user.id] : [],
    );
    const path = new ForwardPath(kit, { tenant, callee: wanted, talking });
    const begun = path.begin();
    const target = begun.kind === 'user' ? begun.user : wanted;
    const redirection = redirectionFor(kit, tenant, path.tried);
    // Who proved to have asked; what their own Referred-By says is nobody's business.
    const referredBy = formatIdentity(transferor.identity, hostOf(tenant, transferor.flow));
    this.#fork = Fork.start(
      kit,
      kit.registrar.reachableDevices(target.id),
      {
        tenant,
        user: target,
        from: this.#transferee.identity,
        codecs: codecsOf(this.#transferee),
        headers: [['Referred-By', referredBy], ...path.headers(transferor.flow)],
        legName: `transfer-${kit.random.token(40)}/${target.extension}`,
        owner: this,
        whenTheyCome: () => kit.registrar.reachableDevices(target.id),
        ringMs: kit.times.ringMs,
        declineEndsAll: true,
        ...(redirection !== undefined && { redirection }),
      },
      this.#events(),
    );
  }

  #events(): ForkEvents {
    return {
      ringing: () => this.#ringing(),
      earlyMedia: (media) => this.#letHear(media),
      answered: (leg) => this.#answered(leg),
      failed: (failure) => this.#failed(failure),
    };
  }

  #ringing(): void {
    this.#order.progress.progress(180, 'Ringing');
    this.#kit.media.play(this.#transferee.media, { kind: 'tone', tone: 'ringback' });
  }

  #letHear(target: MediaLeg): void {
    this.#order.progress.progress(183, 'Session Progress');
    this.#kit.media.bridge(this.#transferee.media, target);
  }

  #answered(leg: Leg): void {
    const { pair, transferor, progress, watcher } = this.#order;
    this.#kit.live.delete(this);
    pair.release();
    progress.finish(200, 'OK');
    new TwoPartyCall(this.#kit, [this.#transferee, leg], watcher);
    tellPartner(this.#kit, this.#transferee, leg);
    if (this.#adopted) tellPartner(this.#kit, leg, this.#transferee);
    DepartingLeg.release(this.#kit, transferor, {
      afterMs: this.#kit.times.departMs,
      afterResult: progress,
      reason: { cause: 200, text: 'Call transferred' },
    });
  }

  #failed(failure: RingFailure): void {
    this.#kit.live.delete(this);
    this.#order.progress.finish(failure.status, failure.text);
    this.#order.pair.resume();
  }

  /** Nobody is to be rung any more. */
  stop(reason: Reason): void {
    this.#kit.live.delete(this);
    this.#fork?.cancel(reason);
    this.#order.progress.finish(reason.cause, reason.text);
  }

  legEnded(leg: Leg, _end: LegEnd): void {
    const { pair, transferor, progress } = this.#order;
    if (leg === transferor) return; // They hung up on the 202: the transfer goes on without them.
    if (leg !== this.#transferee) return leg.hangUp();
    this.stop({ cause: 487, text: 'Caller hung up' });
    pair.release();
    DepartingLeg.release(this.#kit, transferor, {
      afterMs: this.#kit.times.departMs,
      afterResult: progress,
      reason: { cause: 487, text: 'Caller hung up' },
    });
  }

  // The target's leg is handed to its new call in the turn in which it answers; nothing reaches it here before.
  legChanged(): void {}
  legReferred(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(403);
  }
  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }
  codecsFor(): readonly CodecName[] {
    return CODECS_BEST_FIRST;
  }
}
