import type { MediaDirection, MediaLeg } from '../../shared/media/engine.ts';
import type { Dialog } from '../../shared/sip/dialog/dialog.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import type {
  ExtraHeaders,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { FakeMediaLeg } from './fake-media-leg.ts';
import { atHost, PHONE_ALLOW, SDP, type PhoneLine, type RequestOptions } from './phone-line.ts';

/** An established call of a scripted phone. */
export class PhoneCall {
  readonly phone: PhoneLine;
  readonly dialog: Dialog;
  readonly media: MediaLeg;
  /** The INVITE or its 2xx, whichever the server sent. */
  readonly introduction: SipRequest | SipResponse;
  /** Requests that the server sent inside the dialog, oldest first. */
  readonly received: SipRequest[] = [];
  /** The server's BYE. */
  bye: SipRequest | undefined;
  ended = false;
  /** How requests of the server are answered: NOTIFY and others 200 unless a test says otherwise. */
  answerWith: (request: SipRequest) => number = () => 200;
  /** Added to those answers. */
  answerHeaders: ExtraHeaders = [];
  /** Requests that are not answered at all. */
  silent: (request: SipRequest) => boolean = () => false;

  constructor(
    phone: PhoneLine,
    dialog: Dialog,
    media: MediaLeg,
    introduction: SipRequest | SipResponse,
  ) {
    this.phone = phone;
    this.dialog = dialog;
    this.media = media;
    this.introduction = introduction;
  }

  owns(request: SipRequest): boolean {
    const { callId, localTag, remoteTag } = this.dialog.id;
    return request.callId === callId && request.toTag === localTag && request.fromTag === remoteTag;
  }

  /** The bodies of NOTIFYs inside the dialog, oldest first. */
  get fragments(): readonly string[] {
    return this.notifies.map((request) => request.text);
  }

  get notifies(): readonly SipRequest[] {
    return this.received.filter((request) => request.method === 'NOTIFY');
  }

  /** The status line of the last sipfrag, once it is a final one. */
  async referResult(
    withinMs?: number,
  ): Promise<{ status: number; text: string; request: SipRequest }> {
    const request = await this.phone.until(
      'the result of a REFER',
      () =>
        this.notifies.find((each) =>
          each.headers.get('Subscription-State')?.startsWith('terminated'),
        ),
      withinMs,
    );
    return {
      status: Number(/^SIP\/2\.0 (\d+)/.exec(request.text)?.[1]),
      text: request.text,
      request,
    };
  }

  handle(tx: ServerTransaction): void {
    const { request } = tx;
    this.dialog.acceptRequest(request);
    this.received.push(request);
    if (this.silent(request)) return;
    const status = this.answerWith(request);
    if (request.method === 'BYE') {
      this.bye = request;
      this.ended = true;
      tx.reply(status);
      return;
    }
    const offer = request.body.length > 0 && request.contentType === SDP ? request.text : undefined;
    if (status < 300 && offer !== undefined) return this.#answerOffer(tx, offer);
    tx.reply(status, { headers: [['Contact', this.phone.contact], ...this.answerHeaders] });
  }

  /** Sends a request inside the dialog, answering a challenge. */
  async request(method: string, options: RequestOptions = {}): Promise<SipResponse> {
    const make = (headers: ExtraHeaders): SipRequest =>
      this.dialog.createRequest(method, {
        ...options,
        headers: [...(options.headers ?? []), ...headers],
      });
    const response = await this.phone.request(make([]), make);
    if (response.status < 300) this.dialog.acceptResponse(response);
    return response;
  }

  /** REFER to a user part or URI; the final response to it. */
  refer(target: string, headers: ExtraHeaders = []): Promise<SipResponse> {
    const uri =
      target.startsWith('sip:') || target.startsWith('tel:')
        ? target
        : `sip:${atHost(target, this.phone.domain)}`;
    return this.request('REFER', {
      headers: [['Refer-To', `<${uri}>`], ['Referred-By', this.phone.address], ...headers],
    });
  }

  /** Re-INVITE with this direction; the final response, acknowledged. */
  async reinvite(
    direction: MediaDirection = 'sendrecv',
    method: 'INVITE' | 'UPDATE' = 'INVITE',
  ): Promise<SipResponse> {
    const body = this.media.createOffer({ codecs: this.phone.codecs, direction });
    const response = await this.request(method, {
      body,
      contentType: SDP,
      headers: [['Allow', this.phone.account.allow ?? PHONE_ALLOW]],
    });
    if (method === 'INVITE' && response.status < 300) {
      this.phone.endpoint.sendAck(this.dialog.createAck(response.cseq.sequence), this.phone.flow);
    }
    if (response.status < 300) this.media.applyAnswer(response.text);
    else this.media.discardPending();
    return response;
  }

  /** A re-INVITE whose 2xx is not acknowledged: `ack` does that. */
  async reinviteUnacknowledged(): Promise<SipResponse> {
    const body = this.media.createOffer({ codecs: this.phone.codecs });
    const response = await this.request('INVITE', { body, contentType: SDP });
    if (response.status < 300) this.media.applyAnswer(response.text);
    else this.media.discardPending();
    return response;
  }

  /** The ACK to a 2xx of ours. */
  ack(response: SipResponse): void {
    const ack = this.dialog.createAck(response.cseq.sequence);
    this.phone.endpoint.sendAck(ack, this.phone.flow);
  }

  /** A re-INVITE without SDP; the server's offer is answered in the ACK. */
  async reinviteOfferless(): Promise<SipResponse> {
    const response = await this.request('INVITE');
    if (response.status >= 300) return response;
    this.media.applyOffer(response.text);
    const body = this.media.createAnswer({ prefer: this.phone.codecs });
    const ack = this.dialog.createAck(response.cseq.sequence, { body, contentType: SDP });
    this.phone.endpoint.sendAck(ack, this.phone.flow);
    return response;
  }

  hold(): Promise<SipResponse> {
    return this.reinvite('sendonly');
  }

  resume(): Promise<SipResponse> {
    return this.reinvite('sendrecv');
  }

  async hangUp(): Promise<SipResponse> {
    this.ended = true;
    const response = await this.phone.send(this.dialog.createRequest('BYE'));
    this.dialog.terminate();
    return response;
  }

  /** Waits for the server's BYE. */
  byeReceived(withinMs?: number): Promise<SipRequest> {
    return this.phone.until(`BYE for ${this.phone.account.user}`, () => this.bye, withinMs);
  }

  /** What this phone said last of its media. */
  get sdp(): string {
    return this.media instanceof FakeMediaLeg ? this.media.localSdp : '';
  }

  /** A Replaces value that names this call, as its far side sees it. */
  get replaces(): string {
    const { callId, localTag, remoteTag } = this.dialog.id;
    return `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
  }

  #answerOffer(tx: ServerTransaction, offer: string): void {
    const taken = this.media.applyOffer(offer);
    if (!taken.ok) {
      tx.reply(488);
      return;
    }
    tx.reply(200, {
      headers: [
        ['Contact', this.phone.contact],
        ['Allow', this.phone.account.allow ?? PHONE_ALLOW],
      ],
      body: this.media.createAnswer({ prefer: this.phone.codecs }),
      contentType: SDP,
    });
  }
}
