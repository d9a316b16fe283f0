import { onDispose, type Disposable } from '../../domain/disposable.ts';
import {
  CODECS_BEST_FIRST,
  type AudioClip,
  type MediaEngine,
  type MediaLeg,
} from '../../media/engine.ts';
import { parseChallenge } from '../../sip/digest/challenge.ts';
import { formatCredentials } from '../../sip/digest/credentials.ts';
import { answerChallenge, ha1 } from '../../sip/digest/digest-response.ts';
import { Dialog } from '../../sip/dialog/dialog.ts';
import { makeRequest } from '../../sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../sip/message/message.ts';
import {
  formatNameAddr,
  makeNameAddr,
  parseNameAddr,
  withTag,
} from '../../sip/message/name-addr.ts';
import { formatUri, makeUri } from '../../sip/message/uri.ts';
import type { Endpoint } from '../../sip/transaction/endpoint.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { SipRandom } from '../../sip/transaction/ports.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ServerTransaction,
} from '../../sip/transaction/transaction-user.ts';
import { nodeHash } from '../auth/node-hash.ts';
import type { DemoCallOutcome } from './call-outcome.ts';
import { DEMO_ALLOW, Talk } from './talk.ts';

/** What the caller says once the call is answered. */
export type DemoSound =
  /** It may still be getting ready; silence until then. */
  | { readonly kind: 'clip'; readonly clip: Promise<AudioClip> }
  /** The other side hears itself. */
  | { readonly kind: 'echo' };

export type DemoCallEvent =
  | { readonly kind: 'calling' }
  | { readonly kind: 'ringing' }
  | { readonly kind: 'answered'; readonly codec: string }
  /** The far side holds us, or does so no more. */
  | { readonly kind: 'held'; readonly held: boolean }
  | { readonly kind: 'ended'; readonly outcome: DemoCallOutcome };

export interface DemoCallOptions {
  readonly endpoint: Endpoint;
  readonly flow: Flow;
  readonly media: MediaEngine;
  readonly random: SipRandom;
  readonly extension: string;
  /** Host in the URIs of the call: a domain of the tenant, or the server's address. */
  readonly host: string;
  readonly from: { readonly name: string; readonly number: string };
  readonly trunk: { readonly username: string; readonly password: string };
  readonly sound: DemoSound;
  readonly tell: (event: DemoCallEvent) => void;
}

type State =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'calling';
      readonly transaction: ClientTransaction;
      readonly challenged: boolean;
    }
  /** We hung up before the answer; a 2xx that crosses the CANCEL still gets ACK and BYE. */
  | { readonly kind: 'cancelling' }
  | { readonly kind: 'talking'; readonly talk: Talk }
  /** Our BYE is not answered yet. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'ended' };

const SDP = 'application/sdp';

/** One call of the demo caller: an ordinary SIP user agent with plain RTP, authenticated as a trunk. */
export class DemoCall {
  readonly #options: DemoCallOptions;
  readonly #leg: MediaLeg;
  readonly #callId: string;
  readonly #localTag: string;
  readonly #owned: Disposable;
  #state: State = { kind: 'new' };
  #cseq = 1;

  /** Starts ringing. `undefined` when the engine has no ports left. */
  static start(options: DemoCallOptions): DemoCall | undefined {
    const leg = options.media.open({
      kind: 'rtp',
      legName: 'demo-caller',
      signallingAddress: options.flow.remote.address,
      localAddress: options.flow.local.address,
    });
    if (!leg.ok) return undefined;
    const call = new DemoCall(options, leg.value);
    options.tell({ kind: 'calling' });
    call.#invite(leg.value.createOffer({ codecs: CODECS_BEST_FIRST }), undefined);
    return call;
  }

  private constructor(options: DemoCallOptions, leg: MediaLeg) {
    this.#options = options;
    this.#leg = leg;
    this.#callId = options.random.token(128);
    this.#localTag = options.random.token(64);
    this.#owned = options.endpoint.onRequest((tx) => this.#handle(tx));
  }

  /** Gives the call up before it is answered, ends it after. */
  hangUp(): void {
    const state = this.#state;
    if (state.kind === 'calling') {
      this.#state = { kind: 'cancelling' };
      state.transaction.cancel();
      return;
    }
    if (state.kind !== 'talking') return;
    this.#leave(state.talk.dialog, { kind: 'we-hung-up', answered: true });
  }

  #invite(offer: string, authorization: string | undefined): void {
    const { endpoint, flow } = this.#options;
    const request = this.#makeInvite(offer, authorization);
    const transaction = endpoint.request(request, flow, {
      onProvisional: (response) => {
        if (response.status === 180 || response.status === 183) this.#tell({ kind: 'ringing' });
      },
      onFinal: (outcome) => this.#onFinal(outcome, transaction.request, offer),
      onExtraAnswer: (response) => this.#refuseAnswer(transaction.request, response),
    });
    this.#state = { kind: 'calling', transaction, challenged: authorization !== undefined };
  }

  #makeInvite(offer: string, authorization: string | undefined): SipRequest {
    const { extension, host, from } = this.#options;
    const uri = makeUri({ user: extension, host });
    const identity = makeNameAddr(makeUri({ user: from.number, host }), from.name);
    const headers: [string, string][] = [
      ['P-Asserted-Identity', formatNameAddr(identity)],
      ['Allow', DEMO_ALLOW.join(', ')],
    ];
    if (authorization !== undefined) headers.push(['Authorization', authorization]);
    return makeRequest({
      method: 'INVITE',
      uri,
      from: withTag(identity, this.#localTag),
      to: makeNameAddr(uri),
      callId: this.#callId,
      cseq: this.#cseq++,
      contact: parseNameAddr(this.#contact()),
      headers,
      body: offer,
      contentType: SDP,
    });
  }

  #onFinal(outcome: ClientOutcome, request: SipRequest, offer: string): void {
    if (outcome.kind === 'stopped' || this.#state.kind === 'ended') return;
    if (outcome.kind !== 'response') {
      this.#end(
        this.#state.kind === 'cancelling'
          ? { kind: 'we-hung-up', answered: false }
          : { kind: 'server-unreachable' },
      );
      return;
    }
    const { response } = outcome;
    if (response.status < 300) this.#onAnswer(request, response);
    else if (this.#state.kind === 'cancelling') this.#end({ kind: 'we-hung-up', answered: false });
    else if (response.status === 401) this.#onChallenge(request, response, offer);
    else this.#end({ kind: 'refused', status: response.status, reason: response.reason });
  }

  #onChallenge(request: SipRequest, response: SipResponse, offer: string): void {
    const challenge = response.headers.all('WWW-Authenticate').map(parseChallenge).find(Boolean);
    const alreadyAnswered = this.#state.kind === 'calling' && this.#state.challenged;
    if (challenge === undefined || (alreadyAnswered && !challenge.stale)) {
      this.#end({ kind: 'wrong-credentials' });
      return;
    }
    const { username, password } = this.#options.trunk;
    const { algorithm, realm } = challenge;
    const credentials = answerChallenge(nodeHash, challenge, {
      username,
      ha1: ha1(nodeHash, algorithm, { username, realm, password }),
      method: 'INVITE',
      uri: formatUri(request.uri),
      cnonce: this.#options.random.token(64),
      count: 1,
    });
    this.#invite(offer, formatCredentials(credentials));
  }

  #onAnswer(request: SipRequest, response: SipResponse): void {
    const dialog = this.#acknowledge(request, response);
    if (this.#state.kind === 'cancelling') {
      this.#leave(dialog, { kind: 'we-hung-up', answered: false });
      return;
    }
    const applied = this.#leg.applyAnswer(response.text);
    if (!applied.ok) {
      this.#leave(dialog, { kind: 'no-common-audio', detail: applied.error.reason });
      return;
    }
    const talk = new Talk({
      dialog,
      leg: this.#leg,
      contact: this.#contact(),
      onHeld: (held) => this.#tell({ kind: 'held', held }),
      onBye: () => this.#end({ kind: 'they-hung-up' }),
    });
    this.#state = { kind: 'talking', talk };
    this.#speak();
    this.#tell({ kind: 'answered', codec: this.#leg.remoteCodecs[0] ?? 'unknown' });
  }

  #acknowledge(request: SipRequest, response: SipResponse): Dialog {
    const dialog = Dialog.fromResponse(request, response, { localContact: this.#contact() });
    this.#options.endpoint.sendAck(dialog.createAck(request.cseq.sequence), this.#options.flow);
    return dialog;
  }

  #refuseAnswer(request: SipRequest, response: SipResponse): void {
    this.#bye(this.#acknowledge(request, response));
  }

  #speak(): void {
    const { media, sound } = this.#options;
    if (sound.kind === 'echo') {
      media.bridge(this.#leg, this.#leg);
      return;
    }
    void sound.clip.then((clip) => {
      if (this.#state.kind === 'talking') media.play(this.#leg, { kind: 'clip', clip, loop: true });
    }, noMoreWanted);
  }

  #handle(tx: ServerTransaction): void {
    const { request } = tx;
    if (request.method === 'OPTIONS' && request.toTag === undefined) {
      tx.reply(200, { headers: [['Allow', DEMO_ALLOW.join(', ')]] });
    } else if (this.#state.kind === 'talking' && this.#state.talk.owns(request)) {
      this.#state.talk.handle(tx);
    } else {
      tx.reply(request.toTag === undefined ? 486 : 481);
    }
  }

  /** BYE; the call is over when it is answered, or after 64*T1 without an answer. */
  #leave(dialog: Dialog, outcome: DemoCallOutcome): void {
    this.#state = { kind: 'leaving' };
    this.#leg.close();
    this.#bye(dialog, () => this.#end(outcome));
  }

  #bye(dialog: Dialog, then: () => void = () => undefined): void {
    const { endpoint, flow } = this.#options;
    endpoint.request(dialog.createRequest('BYE'), flow, { onFinal: then });
    dialog.terminate();
  }

  #contact(): string {
    const { flow, from } = this.#options;
    const { address, port } = flow.local;
    return formatNameAddr(makeNameAddr(makeUri({ user: from.number, host: address, port })));
  }

  #end(outcome: DemoCallOutcome): void {
    if (this.#state.kind === 'ended') return;
    this.#state = { kind: 'ended' };
    this.#release();
    this.#tell({ kind: 'ended', outcome });
  }

  #release = onDispose(() => {
    this.#owned.dispose();
    this.#leg.close();
  }).dispose;

  #tell(event: DemoCallEvent): void {
    this.#options.tell(event);
  }
}

/** The call was over, and its media engine closed, before its sound was ready. */
const noMoreWanted = (): void => undefined;
