import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FakeMediaEngine } from './fake-media-engine.ts';
import type { CodecName, LegKind, MediaDirection, MediaLeg } from '../../shared/media/engine.ts';
import { Dialog } from '../../shared/sip/dialog/dialog.ts';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import { makeNameAddr, parseNameAddr, withTag } from '../../shared/sip/message/name-addr.ts';
import { parseUri, type SipUri } from '../../shared/sip/message/uri.ts';
import { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow } from '../../shared/sip/transaction/flow.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ExtraHeaders,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { systemSipClock, systemSipRandom } from '../../shared/sip/transport/system-ports.ts';
import { openUdp, type DatagramListener } from '../../shared/sip/transport/udp.ts';
import { answerDigest } from '../interop/kit/wire-phone.ts';

export interface PhoneAccount {
  /** Digest user name; of an extension the extension. */
  readonly user: string;
  readonly password: string;
  readonly serverPort: number;
  /** Default: the loopback address. */
  readonly domain?: string;
  /** `+sip.instance` of its REGISTER; default none. */
  readonly instance?: string;
  readonly codecs?: readonly CodecName[];
  readonly userAgent?: string;
}

export interface RequestOptions {
  readonly headers?: ExtraHeaders;
  readonly body?: string;
  readonly contentType?: string;
}

const SDP = 'application/sdp';
const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY';
const LONGEST_WAIT_MS = 5_000;

/** Waits until `read` gives something, looking every few ms; fails with `what` after 5 s. */
export async function until<T>(
  what: string,
  read: () => T | undefined | false,
  withinMs = LONGEST_WAIT_MS,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = read();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(3);
  }
}

/**
 * A scripted SIP phone on our own stack over real UDP: it does exactly what a test says, answers challenges, and remembers
 * everything that it was told. Its media is a leg of a fake engine, so that its SDP is real and its sound is not.
 */
export class SipPhone {
  readonly account: PhoneAccount;
  readonly endpoint: Endpoint;
  readonly flow: Flow;
  readonly media = new FakeMediaEngine();
  /** INVITEs that came in outside any dialog, oldest first. */
  readonly incoming: IncomingCall[] = [];
  readonly calls: PhoneCall[] = [];
  readonly subscriptions: PhoneSubscription[] = [];
  /** Requests outside everything known. */
  readonly strays: SipRequest[] = [];
  readonly #listener: DatagramListener;

  static async start(account: PhoneAccount): Promise<SipPhone> {
    const endpoint = new Endpoint({
      clock: systemSipClock,
      random: systemSipRandom,
      supported: ['timer', 'replaces'],
      product: account.userAgent ?? 'ScriptedPhone/1',
    });
    const listener = await openUdp({ address: '127.0.0.1', port: 0, receiver: endpoint });
    return new SipPhone(account, endpoint, listener);
  }

  private constructor(account: PhoneAccount, endpoint: Endpoint, listener: DatagramListener) {
    this.account = account;
    this.endpoint = endpoint;
    this.#listener = listener;
    this.flow = listener.flowTo({ address: '127.0.0.1', port: account.serverPort });
    endpoint.onRequest((tx) => this.#onRequest(tx));
  }

  get domain(): string {
    return this.account.domain ?? '127.0.0.1';
  }

  get codecs(): readonly CodecName[] {
    return this.account.codecs ?? ['PCMU', 'PCMA'];
  }

  get contact(): string {
    return `<sip:${this.account.user}@127.0.0.1:${this.#listener.port}>`;
  }

  get address(): string {
    return `<sip:${this.account.user}@${this.domain}>`;
  }

  /** Sends a request and answers a challenge with the account's password; the final response, or an error for none. */
  async request(
    request: SipRequest,
    again: (headers: ExtraHeaders) => SipRequest,
  ): Promise<SipResponse> {
    const first = await this.send(request);
    if (first.status !== 401 && first.status !== 407) return first;
    return this.send(again(this.authorize(first, request)));
  }

  /** Sends one request as it is. */
  send(request: SipRequest): Promise<SipResponse> {
    return new Promise((resolve, reject) => {
      this.endpoint.request(request, this.flow, {
        onFinal: (outcome) =>
          outcome.kind === 'response'
            ? resolve(outcome.response)
            : reject(new Error(`${request.method}: ${outcome.kind}`)),
      });
    });
  }

  authorize(challenge: SipResponse, request: SipRequest): ExtraHeaders {
    const { user: username, password } = this.account;
    const proxy = challenge.status === 407;
    const text = challenge.headers.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate') ?? '';
    const uri = `sip:${this.domain}`;
    const value = answerDigest(text, { username, password, method: request.method, uri });
    return [[proxy ? 'Proxy-Authorization' : 'Authorization', value]];
  }

  async register(expires = 600): Promise<SipResponse> {
    const callId = randomBytes(8).toString('hex');
    const { instance } = this.account;
    const params = instance === undefined ? '' : `;+sip.instance="<urn:uuid:${instance}>"`;
    const make = (cseq: number, headers: ExtraHeaders): SipRequest =>
      makeRequest({
        method: 'REGISTER',
        uri: uriOf(`sip:${this.domain}`),
        from: withTag(addressOf(this.address), 'reg'),
        to: addressOf(this.address),
        callId,
        cseq,
        headers: [['Contact', `${this.contact}${params};expires=${expires}`], ...headers],
      });
    const response = await this.request(make(1, []), (headers) => make(2, headers));
    if (response.status !== 200) throw new Error(`REGISTER: ${response.status}`);
    return response;
  }

  /** Calls `target` (a user part, or a whole URI) and does not wait: read the call. */
  dial(
    target: string,
    options: RequestOptions & { readonly offerless?: boolean } = {},
  ): OutgoingCall {
    const call = new OutgoingCall(this, this.uri(target), options);
    call.start();
    return call;
  }

  /** Calls and waits until it is answered; fails when it is refused. */
  async call(target: string, options: RequestOptions = {}): Promise<PhoneCall> {
    return this.dial(target, options).answered();
  }

  /** Waits for the next INVITE. */
  async nextCall(withinMs = LONGEST_WAIT_MS): Promise<IncomingCall> {
    return until(`a call for ${this.account.user}`, () => this.incoming.shift(), withinMs);
  }

  /** SUBSCRIBEs to the `dialog` package of a user part. */
  async subscribe(
    target: string,
    options: RequestOptions & { readonly expires?: number; readonly event?: string } = {},
  ): Promise<PhoneSubscription> {
    const subscription = new PhoneSubscription(this, this.uri(target), options);
    await subscription.start();
    return subscription;
  }

  uri(target: string): SipUri {
    return uriOf(
      target.startsWith('sip:') || target.startsWith('sips:')
        ? target
        : `sip:${atHost(target, this.domain)}`,
    );
  }

  async close(): Promise<void> {
    this.endpoint.close();
    await this.#listener.close();
  }

  #onRequest(tx: ServerTransaction): void {
    const { request } = tx;
    const owner = [...this.calls, ...this.subscriptions, ...this.incoming].find((each) =>
      each.owns(request),
    );
    if (owner !== undefined) return owner.handle(tx);
    if (request.method === 'INVITE' && request.toTag === undefined) {
      this.incoming.push(new IncomingCall(this, tx));
      return;
    }
    this.strays.push(request);
    tx.reply(request.toTag === undefined ? 405 : 481);
  }
}

/** `user;param` → `user@host;param`. */
function atHost(target: string, host: string): string {
  if (target.includes('@')) return target;
  const semicolon = target.indexOf(';');
  return semicolon < 0
    ? `${target}@${host}`
    : `${target.slice(0, semicolon)}@${host}${target.slice(semicolon)}`;
}

function uriOf(text: string): SipUri {
  const uri = parseUri(text);
  if (uri === undefined) throw new Error(`not a URI: ${text}`);
  return uri;
}

function addressOf(text: string): NonNullable<ReturnType<typeof parseNameAddr>> {
  const address = parseNameAddr(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

/** An established call of a scripted phone. */
export class PhoneCall {
  readonly phone: SipPhone;
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

  constructor(
    phone: SipPhone,
    dialog: Dialog,
    media: MediaLeg,
    introduction: SipRequest | SipResponse,
  ) {
    this.phone = phone;
    this.dialog = dialog;
    this.media = media;
    this.introduction = introduction;
    phone.calls.push(this);
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
    withinMs = LONGEST_WAIT_MS,
  ): Promise<{ status: number; text: string; request: SipRequest }> {
    const request = await until(
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
    const status = this.answerWith(request);
    if (request.method === 'BYE') {
      this.bye = request;
      this.ended = true;
      tx.reply(status);
      return;
    }
    const offer = request.body.length > 0 && request.contentType === SDP ? request.text : undefined;
    if (status < 300 && offer !== undefined) return this.#answerOffer(tx, offer);
    tx.reply(status, { headers: [['Contact', this.phone.contact]] });
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
      headers: [['Allow', ALLOW]],
    });
    if (method === 'INVITE' && response.status < 300) {
      this.phone.endpoint.sendAck(this.dialog.createAck(response.cseq.sequence), this.phone.flow);
    }
    if (response.status < 300) this.media.applyAnswer(response.text);
    else this.media.discardPending();
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
  byeReceived(withinMs = LONGEST_WAIT_MS): Promise<SipRequest> {
    return until(`BYE for ${this.phone.account.user}`, () => this.bye, withinMs);
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
        ['Allow', ALLOW],
      ],
      body: this.media.createAnswer({ prefer: this.phone.codecs }),
      contentType: SDP,
    });
  }
}

/** An INVITE that a scripted phone sent. */
export class OutgoingCall {
  readonly phone: SipPhone;
  readonly provisional: SipResponse[] = [];
  final: SipResponse | undefined;
  failure: string | undefined;
  call: PhoneCall | undefined;
  /** False: the 2xx is not acknowledged by itself. */
  acknowledge = true;
  readonly #target: SipUri;
  readonly #options: RequestOptions & { readonly offerless?: boolean };
  readonly #callId = randomBytes(10).toString('hex');
  readonly #tag = randomBytes(4).toString('hex');
  readonly #media: MediaLeg;
  readonly #offer: string | undefined;
  #client: ClientTransaction | undefined;
  #cseq = 0;

  constructor(
    phone: SipPhone,
    target: SipUri,
    options: RequestOptions & { readonly offerless?: boolean },
  ) {
    this.phone = phone;
    this.#target = target;
    this.#options = options;
    this.#media = openLeg(phone, 'rtp');
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
  async finished(withinMs = LONGEST_WAIT_MS): Promise<SipResponse> {
    return until(
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
    return until(`${status} for ${this.phone.account.user}`, () =>
      this.provisional.find((each) => each.status === status),
    );
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
      to: makeNameAddr({ ...uriOf(`sip:${domain}`), user: this.#target.user }),
      callId: this.#callId,
      cseq: this.#cseq,
      contact: addressOf(contact),
      headers: [['Allow', ALLOW], ...(this.#options.headers ?? []), ...headers],
      ...(this.#offer === undefined ? {} : { body: this.#offer, contentType: SDP }),
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
    if (response.status < 300) this.#established(request, response);
    this.final = response;
  }

  #established(request: SipRequest, response: SipResponse): void {
    const dialog = Dialog.fromResponse(request, response, { localContact: this.phone.contact });
    const call = new PhoneCall(this.phone, dialog, this.#media, response);
    this.call = call;
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

/** An INVITE that came to a scripted phone. */
export class IncomingCall {
  readonly phone: SipPhone;
  readonly request: SipRequest;
  cancelled: SipRequest | undefined;
  /** The early dialog, once `ring` made one. */
  dialog: Dialog | undefined;
  readonly #tx: ServerTransaction;

  constructor(phone: SipPhone, tx: ServerTransaction) {
    this.phone = phone;
    this.request = tx.request;
    this.#tx = tx;
    tx.onCancel((cancel) => {
      this.cancelled = cancel;
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
    const media = openLeg(this.phone, 'rtp');
    const taken = media.applyOffer(this.request.text);
    if (!taken.ok) throw new Error(taken.error.detail);
    const dialog = Dialog.fromRequest(this.request, {
      localTag: this.#tx.localTag,
      localContact: this.phone.contact,
      state: 'confirmed',
    });
    const call = new PhoneCall(this.phone, dialog, media, this.request);
    this.#tx.reply(200, {
      headers: [['Contact', this.phone.contact], ['Allow', ALLOW], ...headers],
      body: media.createAnswer({ prefer: this.phone.codecs }),
      contentType: SDP,
    });
    return call;
  }

  /** Waits for the CANCEL. */
  wasCancelled(withinMs = LONGEST_WAIT_MS): Promise<SipRequest> {
    return until(`CANCEL for ${this.phone.account.user}`, () => this.cancelled, withinMs);
  }
}

/** A `dialog` subscription of a scripted phone. */
export class PhoneSubscription {
  readonly phone: SipPhone;
  readonly notifies: SipRequest[] = [];
  response: SipResponse | undefined;
  /** How NOTIFYs are answered. */
  answerWith = 200;
  readonly #target: SipUri;
  readonly #options: RequestOptions & { readonly expires?: number; readonly event?: string };
  readonly #callId = randomBytes(10).toString('hex');
  readonly #tag = randomBytes(4).toString('hex');
  #dialog: Dialog | undefined;

  constructor(
    phone: SipPhone,
    target: SipUri,
    options: RequestOptions & { readonly expires?: number; readonly event?: string },
  ) {
    this.phone = phone;
    this.#target = target;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.phone.subscriptions.push(this);
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
    withinMs = LONGEST_WAIT_MS,
  ): Promise<SipRequest> {
    return until(
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
      ['Accept', 'application/dialog-info+xml'],
      ['Expires', String(expires)],
      ...(this.#options.headers ?? []),
    ];
  }
}

function openLeg(phone: SipPhone, kind: LegKind): MediaLeg {
  const made = phone.media.open({
    kind,
    legName: `${phone.account.user}-${phone.media.legs.length}`,
  });
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
}
