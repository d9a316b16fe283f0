import type { Clock } from '../../domain/clock.ts';
import { onDispose, type Disposable } from '../../domain/disposable.ts';
import { grantExpiry, type ExpiryLimits } from '../../sip/dialog/subscription.ts';
import { parseEvent } from '../../sip/events/event-header.ts';
import { SIPFRAG } from '../../sip/events/sipfrag.ts';
import { accepts } from '../../sip/message/media-type.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import { ALLOW_EVENTS } from './call-kit.ts';
import { contactOf } from './party.ts';

/** The implicit subscription of one REFER, as a SUBSCRIBE inside the dialog reaches it. */
export interface ReferSubscription {
  /** Answered 200 just before: the state now is told, and 0 seconds end it. */
  refresh(seconds: number): void;
}

/** Lifetimes granted, in seconds; the shortest is not refused, as it costs nothing. */
const LIFETIME: ExpiryLimits = { least: 1, most: 300, usual: 60 };

/**
 * The implicit subscriptions of the REFERs in one dialog, told apart by the CSeq of their REFER (RFC 3515 §2.4.4 and
 * §2.4.6). They are made by REFER alone; SUBSCRIBE refreshes or ends one, and what was asked for goes on all the same.
 */
export class ReferSubscriptions {
  readonly clock: Clock;
  readonly #live = new Map<number, ReferSubscription>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(id: number, subscription: ReferSubscription): Disposable {
    this.#live.set(id, subscription);
    return onDispose(() => this.#live.delete(id));
  }

  /** Answers a SUBSCRIBE inside the dialog of a call. */
  handle(tx: ServerTransaction): void {
    const event = parseEvent(tx.request.headers.get('Event') ?? '');
    // A `dialog` subscription has a dialog of its own (RFC 6665 §4.5.2), so here is none of it.
    if (event?.name === 'dialog') return void tx.reply(481);
    if (event?.name !== 'refer') {
      return void tx.reply(489, { headers: [['Allow-Events', ALLOW_EVENTS]] });
    }
    const subscription = this.#find(event.id);
    if (subscription === undefined) return void tx.reply(481);
    const { headers } = tx.request;
    if (headers.has('Accept') && !accepts(headers.all('Accept'), SIPFRAG)) {
      return void tx.reply(406, { headers: [['Accept', SIPFRAG]] });
    }
    const grant = grantExpiry(tx.request, LIFETIME);
    const seconds = grant.kind === 'granted' ? grant.seconds : grant.leastSeconds;
    tx.reply(200, {
      headers: [
        ['Contact', contactOf(tx.flow)],
        ['Expires', String(seconds)],
      ],
    });
    subscription.refresh(seconds);
  }

  /** Without an id the only one is meant. */
  #find(id: string | undefined): ReferSubscription | undefined {
    if (id !== undefined) return this.#live.get(Number(id));
    const [only, ...others] = this.#live.values();
    return others.length === 0 ? only : undefined;
  }
}
