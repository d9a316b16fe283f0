import type { Disposable } from '../../domain/disposable.ts';
import type { CodecName, MediaLeg } from '../../media/engine.ts';
import type { Dialog } from '../../sip/dialog/dialog.ts';
import {
  negotiate,
  type NegotiationEffect,
  type NegotiationInput,
  type NegotiationState,
  type OfferCarrier,
} from '../../sip/dialog/negotiation.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import type {
  ClientOutcome,
  ExtraHeaders,
  ServerTransaction,
} from '../../sip/transaction/transaction-user.ts';
import { ALLOW, SUPPORTED, type CallKit } from './call-kit.ts';
import { contactOf } from './party.ts';
import { hasForeignBody, SDP, sdpOf, statusOfRefusal } from './sdp-body.ts';
import { answerSessionTimer, MIN_SESSION_S } from './session-timer.ts';

/** What negotiation needs of a leg. */
export interface NegotiatingLeg {
  readonly media: MediaLeg;
  readonly dialog: Dialog;
  readonly flow: Flow;
  /** What whoever the leg talks to can take, best first. */
  preferredCodecs(): readonly CodecName[];
  changed(): void;
  lost(): void;
}

/** The session timer that a re-INVITE keeps up. */
export interface NegotiatedSession {
  /** What a re-INVITE of ours says of it. */
  readonly headers: ExtraHeaders;
  /** It was answered with 2xx. */
  answered(response: SipResponse): void;
  /** It was answered with 422. True when the next one asks for more. */
  lengthen(refusal: SipResponse): boolean;
}

/** `timeout`: no answer within the caller's limit; an answer that comes later is still taken. */
export type RenegotiationResult = 'done' | 'refused' | 'timeout' | 'ended';

interface Wanted {
  readonly codecs: readonly CodecName[];
  readonly settle: (result: RenegotiationResult) => void;
  readonly timer: Disposable;
}

/** Offers and answers after call set-up, both ways, with the glare rules of RFC 3261 §14 and RFC 3311 §5. */
export class LegNegotiation implements Disposable {
  readonly #kit: CallKit;
  readonly #leg: NegotiatingLeg;
  readonly #session: NegotiatedSession;
  #state: NegotiationState = { kind: 'stable' };
  #wanted: Wanted | undefined;
  /** The wish that the open offer of ours is for: a newer one waits for an offer of its own. */
  #offered: Wanted | undefined;
  #backOff: Disposable | undefined;

  constructor(kit: CallKit, leg: NegotiatingLeg, session: NegotiatedSession) {
    this.#kit = kit;
    this.#leg = leg;
    this.#session = session;
  }

  /** Re-INVITEs the far side with these codecs, after whatever negotiation runs now. The last wish counts. */
  renegotiate(codecs: readonly CodecName[], timeoutMs: number): Promise<RenegotiationResult> {
    this.#settle('refused');
    return new Promise((resolve) => {
      const timer = this.#kit.clock.after(timeoutMs, () => this.#settle('timeout'));
      this.#wanted = { codecs, settle: resolve, timer };
      this.#apply({ kind: 'want-offer', carrier: 'INVITE' });
    });
  }

  /** Re-INVITEs with what is agreed already, for the session timer; `refused` while a wish is under way. */
  refresh(timeoutMs: number): Promise<RenegotiationResult> {
    if (this.#wanted !== undefined) return Promise.resolve('refused');
    const { receivingCodec, knownCodecs } = this.#leg.media;
    const others = knownCodecs.filter((codec) => codec !== receivingCodec);
    const codecs = receivingCodec === undefined ? others : [receivingCodec, ...others];
    return this.renegotiate(codecs, timeoutMs);
  }

  /** Answers an INVITE or UPDATE inside the dialog. */
  handle(tx: ServerTransaction): void {
    const carrier: OfferCarrier = tx.request.method === 'INVITE' ? 'INVITE' : 'UPDATE';
    if (hasForeignBody(tx.request)) {
      tx.reply(415, { headers: [['Accept', SDP]] });
      return;
    }
    const timers = answerSessionTimer(tx.request, this.#kit.times.sessionExpiresS);
    if (timers.kind === 'too-small') {
      tx.reply(422, { headers: [['Min-SE', String(MIN_SESSION_S)]] });
      return;
    }
    const hasOffer = sdpOf(tx.request) !== undefined;
    for (const effect of this.#step({ kind: 'their-request', carrier, hasOffer })) {
      if (effect.kind === 'process-request') this.#answer(tx, carrier, timers.headers);
      else if (effect.kind === 'refuse-request') refuse(tx, effect);
      else this.#perform(effect);
    }
  }

  dispose(): void {
    this.#settle('ended');
    this.#backOff?.dispose();
    this.#step({ kind: 'end' });
  }

  #answer(
    tx: ServerTransaction,
    carrier: OfferCarrier,
    headers: readonly (readonly [string, string])[],
  ): void {
    const body = this.#bodyFor(tx, carrier);
    if (body === 'refused') return this.#apply({ kind: 'their-request-done', carrier });
    tx.reply(200, {
      headers: [
        ['Contact', contactOf(tx.flow)],
        ['Allow', ALLOW],
        ['Supported', SUPPORTED],
        ...headers,
      ],
      ...(body === undefined ? {} : { body, contentType: SDP }),
    });
    if (carrier === 'INVITE')
      this.#awaitAck(tx, body !== undefined && sdpOf(tx.request) === undefined);
    else this.#apply({ kind: 'their-request-done', carrier });
    if (sdpOf(tx.request) !== undefined) this.#leg.changed();
  }

  /** The SDP of our 200: an answer, an offer for an INVITE without one, nothing for a bare UPDATE. */
  #bodyFor(tx: ServerTransaction, carrier: OfferCarrier): string | undefined | 'refused' {
    const { media } = this.#leg;
    const offer = sdpOf(tx.request);
    if (offer === undefined) {
      if (carrier === 'UPDATE') return undefined;
      return media.createOffer({ codecs: media.knownCodecs });
    }
    const taken = media.applyOffer(offer);
    if (taken.ok) return media.createAnswer({ prefer: this.#leg.preferredCodecs() });
    media.discardPending();
    const refusal = statusOfRefusal(taken.error.reason);
    tx.reply(refusal.status, { reason: refusal.text });
    return 'refused';
  }

  #awaitAck(tx: ServerTransaction, answerInAck: boolean): void {
    tx.onAck((ack) => {
      if (answerInAck) {
        const answer = sdpOf(ack);
        if (answer === undefined || !this.#leg.media.applyAnswer(answer).ok) {
          this.#leg.media.discardPending();
        }
      }
      this.#apply({ kind: 'their-request-done', carrier: 'INVITE' });
      if (answerInAck) this.#leg.changed();
    });
    tx.onEnd((end) => {
      if (end.kind === 'no-ack-to-2xx') this.#leg.lost();
    });
  }

  #sendOffer(): void {
    const { media, dialog, flow } = this.#leg;
    this.#offered = this.#wanted;
    const codecs = this.#wanted?.codecs ?? media.knownCodecs;
    const request = dialog.createRequest('INVITE', {
      headers: [['Allow', ALLOW], ['Supported', SUPPORTED], ...this.#session.headers],
      body: media.createOffer({ codecs }),
      contentType: SDP,
    });
    this.#kit.endpoint.request(request, flow, {
      onFinal: (outcome) => this.#onAnswer(request.cseq.sequence, outcome),
    });
  }

  #onAnswer(sequence: number, outcome: ClientOutcome): void {
    const { media, dialog } = this.#leg;
    if (media.closed) return;
    const status = outcome.kind === 'response' ? outcome.response.status : 408;
    const accepted = outcome.kind === 'response' && status < 300;
    if (accepted) {
      dialog.acceptResponse(outcome.response);
      this.#kit.endpoint.sendAck(dialog.createAck(sequence), this.#leg.flow);
      this.#session.answered(outcome.response);
    }
    const answer = accepted ? sdpOf(outcome.response) : undefined;
    const taken = answer !== undefined && media.applyAnswer(answer).ok;
    if (!taken) media.discardPending();
    const longer = outcome.kind === 'response' && this.#asksForMore(outcome.response);
    // After 491 the wish stands: the back-off sends it again until its time is up.
    const answersWish = this.#offered === this.#wanted;
    if (answersWish && status !== 491 && !longer) this.#settle(taken ? 'done' : 'refused');
    this.#apply({ kind: 'our-offer-done', status });
    if (longer) this.#apply({ kind: 'want-offer', carrier: 'INVITE' });
    if (taken) this.#leg.changed();
    if (status === 481) this.#leg.lost();
  }

  /** After 422 the same offer goes out again, with an interval that the far side puts up with. */
  #asksForMore(response: SipResponse): boolean {
    return response.status === 422 && this.#session.lengthen(response);
  }

  #apply(input: NegotiationInput): void {
    for (const effect of this.#step(input)) this.#perform(effect);
  }

  #step(input: NegotiationInput): readonly NegotiationEffect[] {
    const ownsCallId = this.#leg.dialog.role === 'uac';
    const { state, effects } = negotiate(this.#state, input, {
      ownsCallId,
      roll: this.#kit.random.fraction(),
    });
    this.#state = state;
    return effects;
  }

  #perform(effect: NegotiationEffect): void {
    if (effect.kind === 'send-offer') this.#sendOffer();
    else if (effect.kind === 'arm-back-off') {
      this.#backOff?.dispose();
      this.#backOff = this.#kit.clock.after(effect.delayMs, () =>
        this.#apply({ kind: 'back-off-over' }),
      );
    }
  }

  #settle(result: RenegotiationResult): void {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    wanted?.timer.dispose();
    wanted?.settle(result);
  }
}

function refuse(
  tx: ServerTransaction,
  effect: Extract<NegotiationEffect, { kind: 'refuse-request' }>,
): void {
  const retry = effect.retryAfterSeconds;
  tx.reply(effect.status, {
    headers: retry === undefined ? [] : [['Retry-After', String(retry)]],
  });
}
