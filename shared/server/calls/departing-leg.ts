import type { Disposable } from '../../domain/disposable.ts';
import { CODECS_BEST_FIRST, type CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallKit } from './call-kit.ts';
import type { Leg, LegOwner } from './leg.ts';
import type { ReferProgress } from './refer-progress.ts';
import type { Reason } from './reason-header.ts';

/** A leg whose party has nobody to talk to any more: it may hang up by itself, or is hung up after a moment. */
export class DepartingLeg implements LegOwner {
  readonly #refer: (leg: Leg, tx: ServerTransaction) => void;
  /** Until the leg is hung up. */
  #patience: Disposable | undefined;

  /**
   * @param afterMs how long the party may take to send its own BYE
   * @param refer answers a REFER that still comes; default 403
   */
  static release(
    kit: CallKit,
    leg: Leg,
    options: {
      readonly afterMs: number;
      readonly reason: Reason;
      /** Counts from when the party has heard the result of its REFER: a BYE that overtook it would hide it. Default: from now. */
      readonly afterResult?: ReferProgress;
      readonly refer?: (leg: Leg, tx: ServerTransaction) => void;
      /** How long after its BYE the leg still answers REFER; default not at all. */
      readonly rememberMs?: number;
    },
  ): void {
    if (leg.ended) return;
    const departing = new DepartingLeg(options.refer ?? ((_leg, tx) => void tx.reply(403)));
    leg.handTo(departing);
    kit.media.silence(leg.media);
    if (options.rememberMs !== undefined) leg.rememberFor(options.rememberMs);
    const count = (): void => {
      if (leg.ended) return;
      departing.#patience = kit.clock.after(options.afterMs, () => leg.hangUp(options.reason));
    };
    if (options.afterResult === undefined) count();
    else options.afterResult.whenOver(count);
  }

  private constructor(refer: (leg: Leg, tx: ServerTransaction) => void) {
    this.#refer = refer;
  }

  /** Nothing of the call is kept for a hang-up that is not needed any more. */
  legEnded(): void {
    this.#patience?.dispose();
  }
  legChanged(): void {}
  legReferred(leg: Leg, tx: ServerTransaction): void {
    this.#refer(leg, tx);
  }
  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }
  codecsFor(): readonly CodecName[] {
    return CODECS_BEST_FIRST;
  }
}
