import { randomBytes } from 'node:crypto';
import { Dialog } from '../../shared/sip/dialog/dialog.ts';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import { makeNameAddr, withTag } from '../../shared/sip/message/name-addr.ts';
import type { SipUri } from '../../shared/sip/message/uri.ts';
import type {
  ExtraHeaders,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { addressOf, type PhoneLine, type RequestOptions } from './phone-line.ts';

export interface SubscribeOptions extends RequestOptions {
  /** Seconds; default 600. */
  readonly expires?: number;
  /** Default `dialog`. */
  readonly event?: string;
  /** Default dialog-info. */
  readonly accept?: string;
}

/** A `dialog` subscription of a scripted phone. */
export class PhoneSubscription {
  readonly phone: PhoneLine;
  readonly notifies: SipRequest[] = [];
  response: SipResponse | undefined;
  /** How NOTIFYs are answered. */
  answerWith = 200;
  readonly #target: SipUri;
  readonly #options: SubscribeOptions;
  readonly #callId = randomBytes(10).toString('hex');
  readonly #tag = randomBytes(4).toString('hex');
  #dialog: Dialog | undefined;

  constructor(phone: PhoneLine, target: SipUri, options: SubscribeOptions) {
    this.phone = phone;
    this.#target = target;
    this.#options = options;
  }

  async start(): Promise<void> {
    const first = this.#make(1, []);
    let sent = first;
    this.response = await this.phone.request(first, (headers) => (sent = this.#make(2, headers)));
    if (this.response.status < 300) {
      this.#dialog = Dialog.fromResponse(sent, this.response, { localContact: this.phone.contact });
    }
  }

  async refresh(expires = 600): Promise<SipResponse> {
    const dialog = this.#dialog;
    if (dialog === undefined) throw new Error('not subscribed');
    const make = (headers: ExtraHeaders): SipRequest =>
      dialog.createRequest('SUBSCRIBE', { headers: [...this.#headers(expires), ...headers] });
    return this.phone.request(make([]), make);
  }

  owns(request: SipRequest): boolean {
    return request.callId === this.#callId && request.method === 'NOTIFY';
  }

  handle(tx: ServerTransaction): void {
    this.notifies.push(tx.request);
    tx.reply(this.answerWith);
  }

  get last(): SipRequest | undefined {
    return this.notifies.at(-1);
  }

  /** Waits until the last NOTIFY's body is as wished. */
  async shows(
    what: string,
    test: (body: string, request: SipRequest) => boolean,
    withinMs?: number,
  ): Promise<SipRequest> {
    return this.phone.until(
      `${what} at ${this.phone.account.user}`,
      () => {
        const { last } = this;
        return last !== undefined && test(last.text, last) ? last : undefined;
      },
      withinMs,
    );
  }

  #make(cseq: number, headers: ExtraHeaders): SipRequest {
    return makeRequest({
      method: 'SUBSCRIBE',
      uri: this.#target,
      from: withTag(addressOf(this.phone.address), this.#tag),
      to: makeNameAddr(this.#target),
      callId: this.#callId,
      cseq,
      contact: addressOf(this.phone.contact),
      headers: [...this.#headers(this.#options.expires ?? 600), ...headers],
    });
  }

  #headers(expires: number): ExtraHeaders {
    return [
      ['Event', this.#options.event ?? 'dialog'],
      ['Accept', this.#options.accept ?? 'application/dialog-info+xml'],
      ['Expires', String(expires)],
      ...(this.#options.headers ?? []),
    ];
  }
}
