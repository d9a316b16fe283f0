import type { CallOffReason } from '../../domain/park-effect.ts';
import type { EpochMs, ParkId } from '../../domain/ids.ts';
import type { ParkInput } from '../../domain/park-input.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import { whoIsRecalled } from '../../domain/recall-policy.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { Fork, type Unanswered } from '../calls/fork.ts';
import { codecsOf, type Leg } from '../calls/leg.ts';
import { COMPLETED_ELSEWHERE, type Reason } from '../calls/reason-header.ts';
import type { User } from '../ports/directory.ts';
import { recallHeaders } from '../park/park-headers.ts';
import { ringGroupOf } from '../park/recall-target.ts';
import { RecallAnswer } from './recall-answer.ts';

/** The domain's deadline ends the ringing; the fork's own comes a little later, should that ever fail. */
const FORK_MARGIN_MS = 5_000;

export interface RecallOrder {
  readonly call: ParkedCall;
  readonly caller: Leg;
  /** From 1. */
  readonly attempt: number;
  readonly until: EpochMs;
}

type Report = (parkId: ParkId, input: ParkInput) => void;

/** Rings parkers whose calls nobody took (WIRE.md §9). Do-not-disturb and forwarding do not apply: it goes to devices. */
export class RecallRinger {
  readonly #kit: CallKit;
  readonly #report: Report;
  readonly #ringing = new Map<ParkId, Fork>();
  /** Answered, not connected to the caller yet; by leg id. */
  readonly #answers = new Map<string, RecallAnswer>();

  /** @param report what became of a recall; never called before `ring` has returned */
  constructor(kit: CallKit, report: Report) {
    this.#kit = kit;
    this.#report = report;
  }

  /**
   * Rings every device of the parker; of the slot's owner if the parker was deleted. A device that signs in meanwhile rings
   * at once too: somebody who reloads the page is not to miss the call.
   */
  ring(order: RecallOrder): void {
    const { call, attempt } = order;
    const { parkId } = call.facts;
    const user = this.#whom(call);
    const tenant = this.#kit.directory.tenant(call.facts.tenantId);
    const devices = user === undefined ? [] : this.#kit.registrar.reachableDevices(user.id);
    if (user === undefined || tenant === undefined || devices.length === 0) {
      this.#kit.metrics.recall('signed-out');
      this.#kit.clock.after(0, () =>
        this.#report(parkId, { kind: 'recall-ended', attempt, outcome: 'unreachable' }),
      );
      return;
    }
    this.#kit.metrics.recall('started');
    const fork = Fork.start(
      this.#kit,
      devices,
      {
        tenant,
        user,
        from: order.caller.identity,
        codecs: codecsOf(order.caller),
        headers: recallHeaders(call, attempt),
        legName: `recall-${parkId.slice(0, 6)}/${user.extension}`,
        owner: new RecallAnswer(parkId, attempt, (answer) => this.#unconnected(answer)),
        // Only a refusal by the last device counts (CALL-PARK "Recall").
        declineEndsAll: false,
        whenTheyCome: () => this.#kit.registrar.reachableDevices(user.id),
        ringMs: Math.max(0, order.until - this.#kit.clock.now()) + FORK_MARGIN_MS,
      },
      {
        ringing: () => undefined, // That the parker's phone rings changes nothing for anybody.
        earlyMedia: () => undefined, // The caller goes on hearing music.
        answered: (leg) => this.#answered(parkId, attempt, leg),
        failed: (_failure, how) => this.#failed(parkId, attempt, how),
      },
    );
    this.#ringing.set(parkId, fork);
  }

  /** Calls off what rings and ends what has answered but is not connected. */
  cancel(parkId: ParkId, reason: CallOffReason): void {
    this.#ringing.get(parkId)?.cancel(reasonFor(reason));
    this.#ringing.delete(parkId);
    for (const [legId, answer] of [...this.#answers]) {
      if (answer.parkId === parkId) this.take(legId)?.hangUp(reasonFor(reason));
    }
  }

  /** Ends one answer that came too late. */
  drop(legId: string): void {
    this.take(legId)?.hangUp(COMPLETED_ELSEWHERE);
  }

  /** The leg that answered, to be connected; it is no concern of the recall any more. */
  take(legId: string): Leg | undefined {
    const answer = this.#answers.get(legId);
    answer?.patience?.dispose();
    this.#answers.delete(legId);
    return answer?.leg;
  }

  #whom({ facts }: ParkedCall): User | undefined {
    const { directory } = this.#kit;
    const parker = directory.userById(facts.parker.userId);
    const slotOwner = directory.user(facts.tenantId, facts.slot);
    const exists = { parker: parker !== undefined, slotOwner: slotOwner !== undefined };
    switch (whoIsRecalled(facts.recall, exists, ringGroupOf(directory, facts).state)) {
      case 'parker':
        return parker;
      case 'slot-owner':
        return slotOwner;
      case 'nobody':
        return undefined;
    }
  }

  #answered(parkId: ParkId, attempt: number, leg: Leg): void {
    this.#ringing.delete(parkId);
    const { owner } = leg;
    if (!(owner instanceof RecallAnswer)) throw new Error('a recall was answered by a foreign leg');
    owner.leg = leg;
    this.#answers.set(leg.id, owner);
    this.#kit.metrics.recall('answered');
    owner.patience = this.#kit.clock.after(this.#kit.times.mediaUpMs, () => {
      leg.hangUp({ cause: 488, text: 'No media' });
      this.#unconnected(owner);
    });
    this.#report(parkId, { kind: 'recall-answered', attempt, leg: leg.id });
    leg.media.onConnected(() => this.#report(parkId, { kind: 'recall-ready', attempt }));
  }

  /** They hung up before they were connected, or no sound could reach them: as if not answered. */
  #unconnected({ leg, parkId, attempt }: RecallAnswer): void {
    if (leg !== undefined) this.take(leg.id);
    this.#report(parkId, { kind: 'recall-ended', attempt, outcome: 'unanswered' });
  }

  #failed(parkId: ParkId, attempt: number, outcome: Unanswered): void {
    this.#ringing.delete(parkId);
    this.#kit.metrics.recall(outcome === 'unreachable' ? 'signed-out' : outcome);
    this.#report(parkId, { kind: 'recall-ended', attempt, outcome });
  }
}

function reasonFor(reason: CallOffReason): Reason {
  switch (reason) {
    case 'retrieved':
      return COMPLETED_ELSEWHERE;
    case 'caller-gone':
      return { cause: 487, text: 'Caller hung up' };
    case 'not-answered':
      return { cause: 480, text: 'No answer' };
    case 'snoozed':
      return { cause: 480, text: 'Snoozed' };
    case 'stopping':
      return { cause: 503, text: 'The server is stopping' };
  }
}
