import type { ParkId } from '../../domain/ids.ts';
import type { ParkInput } from '../../domain/park-input.ts';
import { CODECS_BEST_FIRST, type CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Leg, LegOwner } from '../calls/leg.ts';

/** Has the leg of a parker who answered a recall until the caller is connected to it. */
export class RecallAnswer implements LegOwner {
  readonly parkId: ParkId;
  readonly attempt: number;
  leg: Leg | undefined;
  readonly #report: (parkId: ParkId, input: ParkInput) => void;

  constructor(report: (parkId: ParkId, input: ParkInput) => void, parkId: ParkId, attempt: number) {
    this.#report = report;
    this.parkId = parkId;
    this.attempt = attempt;
  }

  /** Hung up before they were connected: as if not answered. */
  legEnded(): void {
    const { parkId, attempt } = this;
    this.#report(parkId, { kind: 'recall-ended', attempt, outcome: 'unanswered' });
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
