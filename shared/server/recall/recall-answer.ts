import type { Disposable } from '../../domain/disposable.ts';
import type { ParkId } from '../../domain/ids.ts';
import { CODECS_BEST_FIRST, type CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Leg, LegOwner } from '../calls/leg.ts';

/** Has the leg of a parker who answered a recall until the caller is connected to it. */
export class RecallAnswer implements LegOwner {
  readonly parkId: ParkId;
  readonly attempt: number;
  leg: Leg | undefined;
  /** Runs out when no media came up. */
  patience: Disposable | undefined;
  readonly #onHungUp: (answer: RecallAnswer) => void;

  /** @param onHungUp the parker hung up before they were connected */
  constructor(parkId: ParkId, attempt: number, onHungUp: (answer: RecallAnswer) => void) {
    this.parkId = parkId;
    this.attempt = attempt;
    this.#onHungUp = onHungUp;
  }

  legEnded(): void {
    this.#onHungUp(this);
  }

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
