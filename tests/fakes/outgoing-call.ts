import { randomBytes } from 'node:crypto';
import type { MediaLeg } from '../../shared/media/engine.ts';
import { Dialog } from '../../shared/sip/dialog/dialog.ts';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import { withTag } from '../../shared/sip/message/name-addr.ts';
import type { SipUri } from '../../shared/sip/message/uri.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ExtraHeaders,
} from '../../shared/sip/transaction/transaction-user.ts';
import { PhoneCall } from './phone-call.ts';
import {
  addressAt,
  addressOf,
  atHost,
  PHONE_ALLOW,
  SDP,
  type PhoneLine,
  type RequestOptions,
} from './phone-line.ts';

/** An INVITE that a scripted phone sent. */
export class OutgoingCall {
  readonly phone: PhoneLine;
  readonly provisional: SipResponse[] = [];
  final: SipResponse | undefined;
  failure: string | undefined;
  call: PhoneCall | undefined;
  /** False: the 2xx is not acknowledged by itself. */
  acknowledge = true;
  readonly #target: SipUri;
  readonly #options: RequestOptions & { readonly onEstablished: (call: PhoneCall) => void };
  readonly #callId = randomBytes(10).toString('hex');
  readonly #tag = randomBytes(4).toString('hex');
  readonly #media: MediaLeg;
  readonly #offer: string | undefined;
  #client: ClientTransaction | undefined;
  #cseq = 0;

  constructor(
    phone: PhoneLine,
    target: SipUri,
    options: RequestOptions & {
      readonly offerless?: boolean;
      readonly onEstablished: (call: PhoneCall) => void;
    },
  ) {
    this.phone = phone;
    this.#target = target;
    this.#options = options;
    this.#media = phone.openLeg();
    this.#offer = options.offerless
      ? undefined
      : (options.body ?? this.#media.createOffer({ codecs: phone.codecs }));
  }

  start(headers: ExtraHeaders = []): void {
    const request = this.#make(headers);
    this.#client = this.phone.endpoint.request(request, this.phone.flow, {
      onProvisional: (response) => this.provisional.push(response),
      onFinal: (outcome) => this.#onFinal(request, outcome),
    });
  }

  cancel(): void {
    this.#client?.cancel();
  }

  /** Waits for the answer; fails when there is none. */
  async answered(): Promise<PhoneCall> {
    await this.finished();
    if (this.call === undefined)
      throw new Error(`not answered: ${this.final?.status ?? this.failure}`);
    return this.call;
  }

  /** Waits for the final response, whatever it is. */
  async finished(withinMs?: number): Promise<SipResponse> {
    return this.phone.until(
      `an answer for ${this.phone.account.user}`,
      () => {
        if (this.failure !== undefined) throw new Error(this.failure);
        return this.final;
      },
      withinMs,
    );
  }

  /** Waits for a provisional response of this status. */
  ringing(status = 180): Promise<SipResponse> {
    return this.phone.until(`${status} for ${this.phone.account.user}`, () =>
      this.provisional.find((each) => each.status === status),
    );
  }

  /** A Replaces value that names the early dialog, as its far side sees it. */
  get replaces(): string {
    const response = this.provisional.find((each) => each.toTag !== undefined);
    if (response === undefined) throw new Error('no early dialog');
    return `${this.#callId};to-tag=${response.toTag};from-tag=${this.#tag}`;
  }

  /** REFER in the early dialog that a provisional response made; the final response to it. */
  referEarly(target: string): Promise<SipResponse> {
    const uri = `sip:${atHost(target, this.phone.domain)}`;
    return this.requestEarly('REFER', { headers: [['Refer-To', `<${uri}>`]] });
  }

  /** A request in the early dialog that a provisional response made; the final response to it. */
  async requestEarly(method: string, options: RequestOptions = {}): Promise<SipResponse> {
    const response = this.provisional.find((each) => each.toTag !== undefined);
    const sent = this.#client?.request;
    if (response === undefined || sent === undefined) throw new Error('no early dialog');
    const dialog = Dialog.fromResponse(sent, response, { localContact: this.phone.contact });
    const make = (headers: ExtraHeaders): SipRequest =>
      dialog.createRequest(method, {
        ...options,
        headers: [...(options.headers ?? []), ...headers],
      });
    return this.phone.request(make([]), make);
  }

  /** Sends the ACK that `acknowledge = false` kept back. */
  ack(): void {
    const { call, final } = this;
    if (call === undefined || final === undefined) throw new Error('nothing to acknowledge');
    this.phone.endpoint.sendAck(call.dialog.createAck(final.cseq.sequence), this.phone.flow);
  }

  #make(headers: ExtraHeaders): SipRequest {
    const { domain, address, contact } = this.phone;
    this.#cseq += 1;
    return makeRequest({
      method: 'INVITE',
      uri: this.#target,
      from: withTag(addressOf(address), this.#tag),
      to: addressAt(this.#target.user, domain),
      callId: this.#callId,
      cseq: this.#cseq,
      contact: addressOf(contact),
      ...(this.#options.maxForwards !== undefined && { maxForwards: this.#options.maxForwards }),
      headers: [
        ['Allow', this.phone.account.allow ?? PHONE_ALLOW],
        ...(this.#options.headers ?? []),
        ...headers,
      ],
      ...(this.#offer === undefined
        ? {}
        : { body: this.#offer, contentType: this.#options.contentType ?? SDP }),
    });
  }

  #onFinal(request: SipRequest, outcome: ClientOutcome): void {
    if (outcome.kind !== 'response') {
      this.failure = outcome.kind;
      return;
    }
    const { response } = outcome;
    if ((response.status === 401 || response.status === 407) && this.#cseq === 1) {
      return this.start(this.phone.authorize(response, request));
    }
    this.final = response;
    if (response.status < 300) this.#established(request, response);
  }

  #established(request: SipRequest, response: SipResponse): void {
    const dialog = Dialog.fromResponse(request, response, { localContact: this.phone.contact });
    const call = new PhoneCall(this.phone, dialog, this.#media, response);
    this.call = call;
    this.#options.onEstablished(call);
    if (this.#options.body !== undefined) {
      // The test has a media of its own.
      if (this.acknowledge) this.ack();
      return;
    }
    if (this.#offer !== undefined) {
      const taken = this.#media.applyAnswer(response.text);
      if (!taken.ok) throw new Error(taken.error.detail);
      if (this.acknowledge)
        this.phone.endpoint.sendAck(dialog.createAck(response.cseq.sequence), this.phone.flow);
      return;
    }
    this.#media.applyOffer(response.text);
    const ack = dialog.createAck(response.cseq.sequence, {
      body: this.#media.createAnswer({ prefer: this.phone.codecs }),
      contentType: SDP,
    });
    this.phone.endpoint.sendAck(ack, this.phone.flow);
  }
}
