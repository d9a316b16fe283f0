import { CODECS_BEST_FIRST, type MediaLeg } from '../../media/engine.ts';
import type { Dialog } from '../../sip/dialog/dialog.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { refuseMethod } from '../../sip/transaction/admission.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';

/** Methods the demo caller understands. */
export const DEMO_ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO'];

const SDP = 'application/sdp';

export interface TalkOptions {
  readonly dialog: Dialog;
  readonly leg: MediaLeg;
  /** Value of our Contact. */
  readonly contact: string;
  readonly onHeld: (held: boolean) => void;
  readonly onBye: () => void;
}

/** The demo caller's side of an answered call: it does what the server asks inside the dialog. */
export class Talk {
  readonly dialog: Dialog;
  readonly #options: TalkOptions;
  #held = false;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.dialog = options.dialog;
  }

  /** Whether a request is of this dialog (RFC 3261 §12.2.2). */
  owns({ callId, fromTag, toTag }: SipRequest): boolean {
    const { id } = this.dialog;
    return callId === id.callId && fromTag === id.remoteTag && toTag === id.localTag;
  }

  handle(tx: ServerTransaction): void {
    const { request } = tx;
    if (this.dialog.acceptRequest(request) === 'out-of-order') {
      tx.reply(500);
      return;
    }
    switch (request.method) {
      case 'INVITE':
      case 'UPDATE':
        this.#onOffer(tx);
        return;
      case 'BYE':
        tx.reply(200);
        this.#options.onBye();
        return;
      case 'OPTIONS':
      case 'INFO':
        tx.reply(200);
        return;
      default:
        refuseMethod(tx, DEMO_ALLOW);
    }
  }

  #onOffer(tx: ServerTransaction): void {
    const { leg } = this.#options;
    const { request } = tx;
    if (request.body.length === 0) {
      if (request.method === 'UPDATE') tx.reply(200, this.#withContact());
      else this.#offerInAnswer(tx);
      return;
    }
    const applied = leg.applyOffer(request.text);
    if (!applied.ok) {
      tx.reply(applied.error.reason === 'offer-pending' ? 491 : 488);
      return;
    }
    tx.reply(200, this.#withSdp(leg.createAnswer({ prefer: CODECS_BEST_FIRST })));
    this.#noteHold();
  }

  /** A re-INVITE without SDP asks us for the offer; the answer comes with the ACK (RFC 3261 §14.2). */
  #offerInAnswer(tx: ServerTransaction): void {
    const { leg } = this.#options;
    const offer = leg.createOffer({ codecs: CODECS_BEST_FIRST });
    tx.onAck((ack) => {
      if (ack.body.length === 0 || !leg.applyAnswer(ack.text).ok) leg.discardPending();
      this.#noteHold();
    });
    tx.reply(200, this.#withSdp(offer));
  }

  #withContact() {
    return { headers: [['Contact', this.#options.contact]] } as const;
  }

  #withSdp(body: string) {
    return { ...this.#withContact(), body, contentType: SDP } as const;
  }

  #noteHold(): void {
    const held = this.#options.leg.remoteHold !== 'none';
    if (held === this.#held) return;
    this.#held = held;
    this.#options.onHeld(held);
  }
}
