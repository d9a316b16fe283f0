import type { MediaLeg } from '../../shared/media/engine.ts';
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
  /** The final answer that it was given. */
  final: number | undefined;
  /** Runs when the CANCEL comes, before its 487: may still answer, as if the two had crossed. */
  onCancelled: () => void = () => undefined;
  /** The early dialog, once `ring` made one. */
  dialog: Dialog | undefined;
  #early: { readonly media: MediaLeg; readonly answer: string } | undefined;
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

  /** Neither answered nor called off. */
  get waits(): boolean {
    return this.final === undefined && this.cancelled === undefined;
  }

  owns(request: SipRequest): boolean {
    return (
      this.dialog !== undefined &&
      request.callId === this.dialog.id.callId &&
      request.toTag === this.dialog.id.localTag
    );
  }

  /** A Replaces value that names the early dialog, as the server sees it. */
  get replaces(): string {
    if (this.dialog === undefined) throw new Error('no early dialog');
    const { callId, localTag, remoteTag } = this.dialog.id;
    return `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
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

  /** 183 with its SDP: it can be heard before it answers, with the same answer. */
  ringAloud(options: { readonly toTag?: string } = {}): void {
    this.#early ??= this.#takeOffer();
    this.#tx.reply(183, {
      headers: [['Contact', this.phone.contact]],
      body: this.#early.answer,
      contentType: SDP,
      ...options,
    });
  }

  refuse(status: number, headers: ExtraHeaders = []): void {
    this.final = status;
    this.#tx.reply(status, { headers });
  }

  /** @param sdp said instead of what the phone's media would say */
  answer(headers: ExtraHeaders = [], sdp?: string): PhoneCall {
    const { media, answer } = this.#early ?? this.#takeOffer();
    const dialog = Dialog.fromRequest(this.request, {
      localTag: this.#tx.localTag,
      localContact: this.phone.contact,
      state: 'confirmed',
    });
    const call = new PhoneCall(this.phone, dialog, media, this.request);
    this.final = 200;
    this.#onEstablished(call);
    this.#tx.reply(200, {
      headers: [
        ['Contact', this.phone.contact],
        ['Allow', this.phone.account.allow ?? PHONE_ALLOW],
        ...headers,
      ],
      body: sdp ?? answer,
      contentType: SDP,
    });
    return call;
  }

  #takeOffer(): { readonly media: MediaLeg; readonly answer: string } {
    const media = this.phone.openLeg();
    const taken = media.applyOffer(this.request.text);
    if (!taken.ok) throw new Error(taken.error.detail);
    return { media, answer: media.createAnswer({ prefer: this.phone.codecs }) };
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
