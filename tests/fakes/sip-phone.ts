import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CodecName, LegKind, MediaLeg } from '../../shared/media/engine.ts';
import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../shared/sip/message/message.ts';
import { withTag } from '../../shared/sip/message/name-addr.ts';
import type { SipUri } from '../../shared/sip/message/uri.ts';
import type { Endpoint } from '../../shared/sip/transaction/endpoint.ts';
import type { Flow } from '../../shared/sip/transaction/flow.ts';
import type {
  ExtraHeaders,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import { answerDigest } from '../interop/kit/wire-phone.ts';
import { FakeMediaEngine } from './fake-media-engine.ts';
import { IncomingCall } from './incoming-call.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { PhoneCall } from './phone-call.ts';
import {
  addressOf,
  atHost,
  uriOf,
  type PhoneAccount,
  type PhoneLine,
  type RequestOptions,
} from './phone-line.ts';
import { PhoneSubscription, type SubscribeOptions } from './phone-subscription.ts';

/** How a scripted phone is joined to its server. */
export interface PhoneConnection {
  readonly endpoint: Endpoint;
  readonly flow: Flow;
  /** Host, port and URI parameters of its Contact. */
  readonly contactHost: string;
  readonly legKind: LegKind;
  /** Lets a little time pass; real time unless the network is virtual. */
  readonly tick?: () => Promise<void>;
  close(): Promise<void>;
}

const LONGEST_WAIT_MS = 5_000;

/** Waits until `read` gives something, looking every few ms; fails with `what`. */
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
 * A scripted SIP phone on our own stack: it does exactly what a test says, answers challenges, and remembers everything
 * that it was told. Its media is a leg of a fake engine: real SDP, no sound.
 */
export class SipPhone implements PhoneLine {
  readonly account: PhoneAccount;
  readonly media = new FakeMediaEngine();
  /** INVITEs that came in outside any dialog and were not taken by `nextCall` yet, oldest first. */
  readonly incoming: IncomingCall[] = [];
  readonly calls: PhoneCall[] = [];
  readonly subscriptions: PhoneSubscription[] = [];
  /** Requests outside everything known. */
  readonly strays: SipRequest[] = [];
  readonly #taken: IncomingCall[] = [];
  readonly #registration = { callId: randomBytes(8).toString('hex'), cseq: 0 };
  #connection: PhoneConnection;

  constructor(account: PhoneAccount, connection: PhoneConnection) {
    this.account = account;
    this.#connection = connection;
    this.media.connectAtOnce = true;
    connection.endpoint.onRequest((tx) => this.#onRequest(tx));
  }

  get endpoint(): Endpoint {
    return this.#connection.endpoint;
  }

  get flow(): Flow {
    return this.#connection.flow;
  }

  get legKind(): LegKind {
    return this.#connection.legKind;
  }

  get domain(): string {
    return this.account.domain ?? '127.0.0.1';
  }

  get codecs(): readonly CodecName[] {
    return this.account.codecs ?? ['PCMU', 'PCMA'];
  }

  get contact(): string {
    return `<sip:${this.account.user}@${this.#connection.contactHost}>`;
  }

  get address(): string {
    return `<sip:${this.account.user}@${this.domain}>`;
  }

  async until<T>(
    what: string,
    read: () => T | undefined | false,
    withinMs = LONGEST_WAIT_MS,
  ): Promise<T> {
    const { tick } = this.#connection;
    if (tick === undefined) return until(what, read, withinMs);
    for (let passedMs = 0; passedMs <= withinMs; passedMs += 1) {
      const value = read();
      if (value !== undefined && value !== false) return value;
      await tick();
    }
    throw new Error(`not within ${withinMs} ms of virtual time: ${what}`);
  }

  openLeg(): MediaLeg {
    const legName = `${this.account.user}-${this.media.legs.length}`;
    const made = this.media.open({ kind: this.legKind, legName });
    if (!made.ok) throw new Error(made.error.detail);
    return made.value;
  }

  async request(
    request: SipRequest,
    again: (headers: ExtraHeaders) => SipRequest,
  ): Promise<SipResponse> {
    const first = await this.send(request);
    if (first.status !== 401 && first.status !== 407) return first;
    return this.send(again(this.authorize(first, request)));
  }

  async send(request: SipRequest): Promise<SipResponse> {
    let answer: SipResponse | undefined;
    let failure: string | undefined;
    this.endpoint.request(request, this.flow, {
      onFinal: (outcome) => {
        if (outcome.kind === 'response') answer = outcome.response;
        else failure = outcome.kind;
      },
    });
    return this.until(
      `an answer to ${request.method}`,
      () => {
        if (failure !== undefined) throw new Error(`${request.method}: ${failure}`);
        return answer;
      },
      35_000,
    );
  }

  authorize(challenge: SipResponse, request: SipRequest): ExtraHeaders {
    const { user: username, password } = this.account;
    const proxy = challenge.status === 407;
    const text = challenge.headers.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate') ?? '';
    const uri = `sip:${this.domain}`;
    const value = answerDigest(text, { username, password, method: request.method, uri });
    return [[proxy ? 'Proxy-Authorization' : 'Authorization', value]];
  }

  /** @param expires in seconds; 0 signs out */
  async register(expires = 600): Promise<SipResponse> {
    const { instance } = this.account;
    const params = instance === undefined ? '' : `;+sip.instance="<urn:uuid:${instance}>"`;
    const make = (headers: ExtraHeaders): SipRequest =>
      makeRequest({
        method: 'REGISTER',
        uri: uriOf(`sip:${this.domain}`),
        from: withTag(addressOf(this.address), 'reg'),
        to: addressOf(this.address),
        callId: this.#registration.callId,
        cseq: (this.#registration.cseq += 1),
        headers: [['Contact', `${this.contact}${params};expires=${expires}`], ...headers],
      });
    const response = await this.request(make([]), make);
    if (response.status !== 200) throw new Error(`REGISTER: ${response.status}`);
    return response;
  }

  /** Goes on by another connection: the phone's network changed, its calls and dialogs are the same. */
  moveTo(connection: PhoneConnection): void {
    this.#connection = connection;
    connection.endpoint.onRequest((tx) => this.#onRequest(tx));
  }

  /** Calls `target` (a user part, or a whole URI) and does not wait: read the call. */
  dial(
    target: string,
    options: RequestOptions & { readonly offerless?: boolean } = {},
  ): OutgoingCall {
    const onEstablished = (established: PhoneCall): void => void this.calls.push(established);
    const call = new OutgoingCall(this, this.uri(target), { ...options, onEstablished });
    call.start();
    return call;
  }

  /** Calls and waits until it is answered; fails when it is refused. */
  async call(target: string, options: RequestOptions = {}): Promise<PhoneCall> {
    return this.dial(target, options).answered();
  }

  /** Speaks in a dialog that is somebody else's, as who overheard its tags could. */
  adopt(call: PhoneCall): PhoneCall {
    return new PhoneCall(this, call.dialog, call.media, call.introduction);
  }

  /** Waits for the next INVITE. */
  async nextCall(withinMs = LONGEST_WAIT_MS): Promise<IncomingCall> {
    const call = await this.until(
      `a call for ${this.account.user}`,
      () => this.incoming.shift(),
      withinMs,
    );
    this.#taken.push(call);
    return call;
  }

  /** SUBSCRIBEs to the `dialog` package of a user part. */
  async subscribe(target: string, options: SubscribeOptions = {}): Promise<PhoneSubscription> {
    const subscription = new PhoneSubscription(this, this.uri(target), options);
    this.subscriptions.push(subscription);
    await subscription.start();
    return subscription;
  }

  /** Sends a request outside any dialog, answering a challenge. */
  stray(method: string, headers: ExtraHeaders = []): Promise<SipResponse> {
    const callId = randomBytes(8).toString('hex');
    let cseq = 0;
    const make = (more: ExtraHeaders): SipRequest =>
      makeRequest({
        method,
        uri: uriOf(`sip:${this.domain}`),
        from: withTag(addressOf(this.address), 'stray'),
        to: addressOf(this.address),
        callId,
        cseq: (cseq += 1),
        contact: addressOf(this.contact),
        headers: [...headers, ...more],
      });
    return this.request(make([]), make);
  }

  uri(target: string): SipUri {
    const whole = target.startsWith('sip:') || target.startsWith('sips:');
    return uriOf(whole ? target : `sip:${atHost(target, this.domain)}`);
  }

  async close(): Promise<void> {
    this.endpoint.close();
    await this.#connection.close();
  }

  #onRequest(tx: ServerTransaction): void {
    const { request } = tx;
    const all = [...this.calls, ...this.subscriptions, ...this.#taken];
    const owner = all.find((each) => each.owns(request));
    if (owner !== undefined) return owner.handle(tx);
    if (request.method === 'INVITE' && request.toTag === undefined) {
      this.incoming.push(new IncomingCall(this, tx, (call) => void this.calls.push(call)));
      return;
    }
    this.strays.push(request);
    tx.reply(request.toTag === undefined ? 405 : 481);
  }
}
