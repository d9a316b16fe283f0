import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { DialogOwner } from './call-kit.ts';
import type { Fork, ForkEvents } from './fork.ts';
import type { IncomingInvite } from './incoming-invite.ts';
import type { LegOwner } from './leg.ts';

/** A call that rings: before anybody answers, either side of it may go to somebody else (RFC 3891). */
export interface RingingCall {
  readonly invite: IncomingInvite;
  /**
   * Whoever waits gives their place away: their INVITE ends with 487, what rings goes on ringing and reports to `events` from
   * now on. What was reported before is reported again, at once.
   */
  handOver(events: ForkEvents): Fork;
  /** Somebody answers in the place of the devices that ring; these are called off. */
  pickUp(by: IncomingInvite): void;
}

/** The calls that ring now, by either side: the INVITE that came in, and the owner of those that went out. */
export class RingingCalls {
  readonly #calls = new Map<DialogOwner | LegOwner, RingingCall>();

  /** Dispose when it rings no more. */
  add(call: RingingCall, sides: readonly (DialogOwner | LegOwner)[]): Disposable {
    for (const side of sides) this.#calls.set(side, call);
    return onDispose(() => {
      for (const side of sides) this.#calls.delete(side);
    });
  }

  bySide(side: DialogOwner | LegOwner): RingingCall | undefined {
    return this.#calls.get(side);
  }
}
