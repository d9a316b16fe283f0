import type { ParkGroup } from '../../domain/park-group.ts';
import type { ParkFailure, ParkedCall } from '../../domain/park-state.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallKit } from '../calls/call-kit.ts';
import { DepartingLeg } from '../calls/departing-leg.ts';
import type { Refusal } from '../calls/incoming-invite.ts';
import type { Leg } from '../calls/leg.ts';
import { contactOf, type Party } from '../calls/party.ts';
import { ReferProgress } from '../calls/refer-progress.ts';
import { refuseRefer } from '../calls/refer-refusal.ts';
import type { TwoPartyCall } from '../calls/two-party-call.ts';
import type { Tenant, User } from '../ports/directory.ts';
import { noteOf, parkedHeaders } from './park-headers.ts';
import type { ParkService } from './park-service.ts';
import type { ParkOutcome, ParkReporter } from './parked-session.ts';

/** A leg whose far side is a user's device: only such a party may park. */
export type DeviceLeg = Leg & { readonly party: Extract<Party, { kind: 'device' }> };

export function isDeviceLeg(leg: Leg): leg is DeviceLeg {
  return leg.party.kind === 'device';
}

export interface ReferPark {
  readonly tenant: Tenant;
  readonly pair: TwoPartyCall;
  readonly parker: DeviceLeg;
  readonly slot: User;
  /** Set when it is parked by the group's code. */
  readonly group?: ParkGroup;
}

/**
 * Parks by blind transfer (WIRE.md §2). All that can be refused is refused as the REFER's own final answer, and then
 * nothing has changed; otherwise 202, progress, and the parker's BYE or ours.
 */
export function parkByRefer(service: ParkService, tx: ServerTransaction, park: ReferPark): void {
  const { kit } = service.deps;
  const reporter = new ReferReporter(kit, park, tx.request.cseq.sequence);
  const note = noteOf(tx.request);
  const begun = service.begin({ ...park, note, reporter }, () => {
    tx.reply(202, { headers: [['Contact', contactOf(tx.flow)]] });
    reporter.accepted();
  });
  kit.metrics.park('refer', begun.ok ? 202 : begun.error.status);
  if (!begun.ok) refuseRefer(tx, begun.error);
}

class ReferReporter implements ParkReporter {
  readonly #kit: CallKit;
  readonly #park: ReferPark;
  readonly #progress: ReferProgress;

  constructor(kit: CallKit, park: ReferPark, sequence: number) {
    this.#kit = kit;
    this.#park = park;
    this.#progress = new ReferProgress(park.parker, sequence);
  }

  accepted(): void {
    this.#progress.trying();
  }

  report(outcome: ParkOutcome, call: ParkedCall): void {
    if (outcome === 'parked') {
      this.#progress.finish(200, 'OK', parkedHeaders(this.#park.tenant, call));
    } else {
      const { status, text } = failureOfPark(outcome);
      this.#progress.finish(status, text);
    }
  }

  releaseParker(outcome: ParkOutcome): void {
    const reason =
      outcome === 'parked'
        ? { cause: 200, text: 'Call parked' }
        : { cause: failureOfPark(outcome).status, text: failureOfPark(outcome).text };
    DepartingLeg.release(this.#kit, this.#park.parker, {
      afterMs: this.#kit.times.departMs,
      afterResult: this.#progress,
      reason,
      refer: (_leg, tx) => refuseRefer(tx, { status: 491, text: 'Already being parked' }),
    });
  }
}

/** How a park that came to nothing is told to the parker. */
export function failureOfPark(outcome: 'caller-gone' | 'stopping' | ParkFailure): Refusal {
  switch (outcome) {
    case 'caller-gone':
      return { status: 487, text: 'Caller hung up' };
    case 'no-music':
      return { status: 503, text: 'Music failed' };
    case 'cancelled':
      return { status: 487, text: 'Park cancelled' };
    case 'stopping':
      return { status: 503, text: 'The server is stopping' };
  }
}
