import { Dialog } from '../../shared/sip/dialog/dialog.ts';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import type {
  ExtraHeaders,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { PhoneCall } from './phone-call.ts';
import { PHONE_ALLOW, SDP, type PhoneLine } from './phone-line.ts';

/** An INVITE that came to a scripted phone. */
export class IncomingCall {
  readonly phone: PhoneLine;
  readonly request: SipRequest;
  cancelled: SipRequest | undefined;
  /** Runs when the CANCEL comes, before its 487: may still answer, as if the two had crossed. */
  onCancelled: () => void = () => undefined;
  /** The early dialog, once `ring` made one. */
  dialog: Dialog | undefined;
  readonly #tx: ServerTransaction;
  readonly #onEstablished: (call: PhoneCall) => void;

  constructor(phone: PhoneLine, tx: ServerTransaction, onEstablished: (call: PhoneCall) => void) {
    this.phone = phone;
    this.#onEstablished = onEstablished;
    this.request = tx.request;
    this.#tx = tx;
    tx.onCancel((cancel) => {
      this.cancelled = cancel;
      this.onCancelled();
    });
  }

  owns(request: SipRequest): boolean {
    return (
      this.dialog !== undefined &&
      request.callId === this.dialog.id.callId &&
      request.toTag === this.dialog.id.localTag
    );
  }

  handle(tx: ServerTransaction): void {
    tx.reply(200);
  }

  ring(): void {
    this.dialog ??= Dialog.fromRequest(this.request, {
      localTag: this.#tx.localTag,
      localContact: this.phone.contact,
      state: 'early',
    });
    this.#tx.reply(180, { headers: [['Contact', this.phone.contact]] });
  }

  refuse(status: number): void {
    this.#tx.reply(status);
  }

  answer(headers: ExtraHeaders = []): PhoneCall {
    const media = this.phone.openLeg();
    const taken = media.applyOffer(this.request.text);
    if (!taken.ok) throw new Error(taken.error.detail);
    const dialog = Dialog.fromRequest(this.request, {
      localTag: this.#tx.localTag,
      localContact: this.phone.contact,
      state: 'confirmed',
    });
    const call = new PhoneCall(this.phone, dialog, media, this.request);
    this.#onEstablished(call);
    this.#tx.reply(200, {
      headers: [
        ['Contact', this.phone.contact],
        ['Allow', this.phone.account.allow ?? PHONE_ALLOW],
        ...headers,
      ],
      body: media.createAnswer({ prefer: this.phone.codecs }),
      contentType: SDP,
    });
    return call;
  }

  /** Waits for the CANCEL. */
  wasCancelled(withinMs?: number): Promise<SipRequest> {
    return this.phone.until(
      `CANCEL for ${this.phone.account.user}`,
      () => this.cancelled,
      withinMs,
    );
  }
}
