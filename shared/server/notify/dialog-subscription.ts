import { Dialog } from '../../sip/dialog/dialog.ts';
import {
  grantExpiry,
  NotifierSubscription,
  type ContentRequest,
  type NotifyContent,
} from '../../sip/dialog/subscription.ts';
import type { TerminationReason } from '../../sip/dialog/subscription-state.ts';
import { DIALOG_INFO } from '../../sip/events/dialog-info.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { CallKit, DialogOwner } from '../calls/call-kit.ts';
import { contactOf, partyKey, partyOf } from '../calls/party.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { DialogInfoWriter } from './dialog-info-cache.ts';
import type { DialogList } from './dialog-list.ts';
import type { Lamp } from './shedding.ts';
import { refusalOfEvent, sameSubscription } from './subscribe-checks.ts';

/** Lifetimes granted, in seconds. */
export const EXPIRY = { least: 60, most: 3_600, usual: 3_600 } as const;

export type UserCaller = Extract<Caller, { kind: 'user' }>;

export interface DialogSubscriptionParts {
  readonly kit: CallKit;
  readonly caller: UserCaller;
  /** Lifetime granted to the first SUBSCRIBE, in seconds. */
  readonly seconds: number;
  readonly entity: string;
  /** It shows what others do, and gives way when there is too much to do. */
  readonly lamp: boolean;
  readonly write: DialogInfoWriter;
  /** Makes the list; `changed` is to be called when it has news. */
  readonly makeList: (changed: (urgency: 'now' | 'paced') => void) => DialogList;
  readonly onEnd: (subscription: DialogSubscription) => void;
}

/** One device's live subscription to the `dialog` package (RFC 4235, RFC 6665). */
export class DialogSubscription implements DialogOwner, Lamp {
  readonly caller: UserCaller;
  readonly lamp: boolean;
  readonly request: SipRequest;
  readonly partyKey: string;
  readonly #parts: DialogSubscriptionParts;
  readonly #list: DialogList;
  readonly #notifier: NotifierSubscription;
  #flow: Flow;

  /** Answers the SUBSCRIBE with 200 first, then sends the first NOTIFY (JsSIP answers 481 to the other order). */
  constructor(tx: ServerTransaction, parts: DialogSubscriptionParts) {
    this.#parts = parts;
    this.caller = parts.caller;
    this.lamp = parts.lamp;
    this.request = tx.request;
    this.partyKey = partyKey(partyOf(parts.caller));
    this.#flow = tx.flow;
    const dialog = Dialog.fromRequest(tx.request, {
      localTag: tx.localTag,
      localContact: contactOf(tx.flow),
      state: 'confirmed',
    });
    const entry = parts.kit.dialogs.add(dialog, this);
    accept(tx, parts.seconds);
    this.#list = parts.makeList((urgency) => this.#notifier.changed(urgency));
    this.#notifier = NotifierSubscription.begin(
      { endpoint: parts.kit.endpoint, clock: parts.kit.sipClock },
      {
        dialog,
        event: tx.request.headers.get('Event') ?? 'dialog',
        seconds: parts.seconds,
        flow: () => this.#newestFlow(),
        content: (request) => this.#content(request),
        onEnd: () => {
          entry.dispose();
          this.#list.dispose();
          parts.onEnd(this);
        },
      },
    );
  }

  /** A last NOTIFY with this reason, then over. */
  terminate(reason: TerminationReason): void {
    this.#notifier.terminate(reason);
  }

  putOff(retryAfterSeconds: number): void {
    this.#notifier.terminate('probation', retryAfterSeconds);
  }

  /** Scope or settings changed: what is shown may be different now. */
  changed(): void {
    this.#notifier.changed('now');
  }

  /** The same, where what is shown decides whether there is news. */
  rescope(): void {
    this.#list.rescope();
  }

  /** A SUBSCRIBE inside the dialog: refresh, or the end of it. */
  handle(tx: ServerTransaction): void {
    const { method } = tx.request;
    if (this.#notifier.dialog.acceptRequest(tx.request) === 'out-of-order') {
      tx.reply(500);
      return;
    }
    if (method !== 'SUBSCRIBE') {
      tx.reply(method === 'OPTIONS' ? 200 : 481);
      return;
    }
    const refusal = refusalOfEvent(tx.request);
    if (refusal !== undefined) return void tx.reply(refusal.status, { headers: refusal.headers });
    // Another id asks for another subscription, and of that there is none in this dialog (RFC 6665 §4.5.2).
    if (!sameSubscription(tx.request, this.request)) return void tx.reply(481);
    const grant = grantExpiry(tx.request, EXPIRY);
    if (grant.kind === 'too-brief') return refuseTooBrief(tx, grant.leastSeconds);
    this.#flow = tx.flow;
    accept(tx, grant.seconds);
    this.#notifier.refresh(grant.seconds);
  }

  /** Always the full state: one lost NOTIFY then costs nothing but time. */
  #content({ version }: ContentRequest): NotifyContent {
    const { entity, write } = this.#parts;
    return { contentType: DIALOG_INFO, body: write(entity, version, this.#list.take()) };
  }

  /** The device's newest flow; of a datagram flow the one that it subscribed by. */
  #newestFlow(): Flow | undefined {
    const { kit, caller } = this.#parts;
    if (this.#flow.transport === 'udp') return this.#flow.closed ? undefined : this.#flow;
    const newest = kit.registrar.device(caller.user.id, caller.deviceId)?.flow ?? this.#flow;
    return newest.closed ? undefined : newest;
  }
}

/** 423 with the least lifetime that is granted. */
export function refuseTooBrief(tx: ServerTransaction, leastSeconds: number): void {
  tx.reply(423, { headers: [['Min-Expires', String(leastSeconds)]] });
}

function accept(tx: ServerTransaction, seconds: number): void {
  tx.reply(200, {
    headers: [
      ['Contact', contactOf(tx.flow)],
      ['Expires', String(seconds)],
    ],
  });
}
