import type { Disposable } from '../../domain/disposable.ts';
import type { CallOffReason, ParkEffect } from '../../domain/park-effect.ts';
import { CODECS_BEST_FIRST, type CodecName } from '../../media/engine.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Leg, LegOwner } from '../calls/leg.ts';
import type { LegEnd } from '../calls/leg-end.ts';
import type { BusyWatcher, TwoPartyCall } from '../calls/two-party-call.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import { formatReason } from '../calls/reason-header.ts';

export type ParkOutcome = Extract<ParkEffect, { kind: 'report-park' }>['outcome'];

/** Tells the parker how their park went, by whichever way they asked. */
export interface ParkReporter {
  report(outcome: ParkOutcome, call: ParkedCall): void;
  /** The parker's leg has nobody behind it any more: it is to go, now or in a moment. */
  releaseParker(outcome: ParkOutcome): void;
}

/** Who is being connected to the caller for one claim. */
export interface ClaimHolder {
  /** Their leg, once it may be connected. */
  readonly leg: Leg | undefined;
  callOff(reason: CallOffReason): void;
}

/** What the session reports of the legs it watches. */
export interface SessionEvents {
  callerGone(): void;
  parkerGone(): void;
}

type SessionState =
  /** The pair is still a pair. */
  | { readonly kind: 'pair'; readonly pair: TwoPartyCall }
  /** The caller is alone, on music. */
  | { readonly kind: 'alone' }
  /** The caller has a partner again, or is gone. */
  | { readonly kind: 'over' };

/** The live side of one parked call: the legs behind the domain's data. It does as told and reports what legs do. */
export class ParkedSession implements LegOwner, BusyWatcher {
  readonly caller: Leg;
  readonly parker: Leg;
  readonly reporter: ParkReporter;
  /** Whoever holds a claim, by claim number. */
  readonly claims = new Map<number, ClaimHolder>();
  deadline: Disposable | undefined;
  readonly #events: SessionEvents;
  #state: SessionState;

  constructor(pair: TwoPartyCall, parker: Leg, reporter: ParkReporter, events: SessionEvents) {
    this.parker = parker;
    this.caller = pair.other(parker);
    this.reporter = reporter;
    this.#events = events;
    this.#state = { kind: 'pair', pair };
    pair.occupy({ kind: 'parking', by: parker, watcher: this });
  }

  /** The park stands: the caller is this session's alone, and the parker's leg goes its own way. */
  takeOver(outcome: ParkOutcome): void {
    if (this.#state.kind !== 'pair') return;
    const { pair } = this.#state;
    this.#state = { kind: 'alone' };
    pair.release();
    this.caller.handTo(this);
    this.reporter.releaseParker(outcome);
  }

  /** The park came to nothing while the parker was there: the two go on talking. */
  reconnect(): void {
    if (this.#state.kind !== 'pair') return;
    const { pair } = this.#state;
    this.#state = { kind: 'over' };
    pair.resume();
  }

  /** The caller belongs to somebody else now, or is gone. */
  end(): void {
    this.deadline?.dispose();
    this.deadline = undefined;
    this.#state = { kind: 'over' };
  }

  legEnded(leg: Leg, _end: LegEnd): void {
    if (leg === this.caller) this.#events.callerGone();
    else if (leg === this.parker) this.#events.parkerGone();
  }

  /** A parked caller may hold and resume us: the music goes on. */
  legChanged(): void {}

  /** A parked caller cannot transfer anybody: nobody is there. */
  legReferred(_leg: Leg, tx: ServerTransaction): void {
    const reason = formatReason({ cause: 403, text: 'The call is parked' });
    tx.reply(403, { headers: [['Reason', reason]] });
  }

  legInformed(_leg: Leg, tx: ServerTransaction): void {
    tx.reply(200);
  }

  codecsFor(): readonly CodecName[] {
    return CODECS_BEST_FIRST;
  }
}
