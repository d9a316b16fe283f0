import type { Result } from '../../domain/result.ts';
import type { CodecName, MediaLeg } from '../../media/engine.ts';
import { CODECS_BEST_FIRST } from '../../media/engine.ts';
import { Dialog } from '../../sip/dialog/dialog.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { ExtraHeaders, ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { CallerIdentity } from '../ports/journal.ts';
import { ALLOW, ALLOW_EVENTS, SUPPORTED, type CallKit, type DialogOwner } from './call-kit.ts';
import { Leg, type LegOwner } from './leg.ts';
import { answerEarly, contactAndAllow, openOfferOf } from './leg-answers.ts';
import { contactOf, identityOfCaller, partyKey, partyOf, type Party } from './party.ts';
import { FOREIGN_BODY, NO_SDP_WANTED } from './offer-refusals.ts';
import { formatReason } from './reason-header.ts';
import { hasForeignBody, refusesSdp, SDP, sdpOf, statusOfRefusal } from './sdp-body.ts';
import { answerSessionTimer, MIN_SESSION_S, type SessionInterval } from './session-timer.ts';
import type { ActivityHandle } from './user-activity.ts';

/** A final answer that is no success; `text` is for a person. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: ExtraHeaders;
}

export interface AnswerOptions {
  /** What the other side can take, best first. */
  readonly prefer: readonly CodecName[];
  readonly owner: LegOwner;
  /** Whom the caller talks to now, for busy lamps; without it this is no call that a lamp shows. */
  readonly remote?: CallerIdentity;
  /** Added to the 200. */
  readonly headers?: ExtraHeaders;
}

type InviteState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered' }
  /** Refused, cancelled, or its early dialog was ended. */
  | { readonly kind: 'over' };

/** An INVITE that came in outside any dialog, until it is answered. Owns the early dialog and the media leg till then. */
export class IncomingInvite implements DialogOwner {
  readonly caller: Caller;
  readonly party: Party;
  readonly partyKey: string;
  readonly identity: CallerIdentity;
  readonly #kit: CallKit;
  readonly #tx: ServerTransaction;
  #state: InviteState = { kind: 'waiting' };
  #media: MediaLeg | undefined;
  #early: { readonly dialog: Dialog; readonly entry: Disposable } | undefined;
  #activity: ActivityHandle | undefined;
  #interval: SessionInterval | undefined;
  #timerHeaders: ExtraHeaders = [];
  /** Our answer, once a 183 carried it. */
  #earlyAnswer: string | undefined;
  #onCancelled: () => void = () => undefined;
  #beforeRefusal: ((refusal: Refusal, refuse: () => void) => void) | undefined;

  constructor(kit: CallKit, tx: ServerTransaction, caller: Caller) {
    this.#kit = kit;
    this.#tx = tx;
    this.caller = caller;
    this.party = partyOf(caller);
    this.partyKey = partyKey(this.party);
    this.identity = identityOfCaller(caller, tx.request);
    tx.onCancel(() => this.#cancelled());
  }

  get request(): SipRequest {
    return this.#tx.request;
  }

  get waiting(): boolean {
    return this.#state.kind === 'waiting';
  }

  /** Codecs the caller offered, best first; all of ours when the INVITE has no offer. Before `prepare`: all. */
  get codecs(): readonly CodecName[] {
    const offered = this.#media?.remoteCodecs ?? [];
    return offered.length > 0 ? offered : CODECS_BEST_FIRST;
  }

  /** The caller's media leg; undefined before `prepare`. */
  get media(): MediaLeg | undefined {
    return this.#media;
  }

  /** Runs once if the caller gives up before the answer. */
  onCancelled(run: () => void): void {
    this.#onCancelled = run;
  }

  /** Runs instead of the first refusal, which is sent once `refuse` is called: something may be said before. */
  beforeRefusal(run: (refusal: Refusal, refuse: () => void) => void): void {
    this.#beforeRefusal = run;
  }

  /** Checks session timer and offer, and makes the media leg. On failure the INVITE is not answered yet. */
  prepare(legName: string): Result<MediaLeg, Refusal> {
    // Sent on to a ring group after somebody's phones have rung.
    if (this.#media !== undefined) return { ok: true, value: this.#media };
    if (hasForeignBody(this.request)) return { ok: false, error: FOREIGN_BODY };
    if (refusesSdp(this.request)) return { ok: false, error: NO_SDP_WANTED };
    const timers = answerSessionTimer(this.request, this.#kit.times.sessionExpiresS);
    if (timers.kind === 'too-small') {
      const headers = [['Min-SE', String(MIN_SESSION_S)]] as const;
      return { ok: false, error: { status: 422, text: 'Session interval too small', headers } };
    }
    this.#timerHeaders = timers.headers;
    this.#interval = timers.interval;
    const { flow } = this.#tx;
    const options = {
      legName,
      signallingAddress: flow.remote.address,
      localAddress: flow.local.address,
    };
    const offer = sdpOf(this.request);
    const made =
      offer === undefined
        ? this.#kit.media.open({ ...options, kind: legKindOf(flow) })
        : this.#kit.media.legFromOffer(offer, options);
    if (!made.ok) return { ok: false, error: statusOfRefusal(made.error.reason) };
    this.#media = made.value;
    return made;
  }

  /** 180 or 183 with our tag: the early dialog exists from here on. */
  ring(status: 180 | 183, remote: CallerIdentity): void {
    if (!this.waiting) return;
    this.#tx.reply(status, { headers: contactAndAllow(this.#tx.flow) });
    this.#openEarly();
    this.#light(remote);
  }

  /**
   * 183 with our answer: the caller hears the other side before it answers, and the 200 will carry the same answer
   * (RFC 3261 §13.2.1). False when the caller made no offer: then there is nothing to answer yet.
   * @param remote whom the caller's busy lamp shows; without it this is no call that a lamp shows
   */
  letHear(prefer: readonly CodecName[], remote?: CallerIdentity): boolean {
    const media = this.#media;
    if (!this.waiting || media === undefined || sdpOf(this.request) === undefined) return false;
    this.#earlyAnswer ??= media.createAnswer({ prefer });
    this.#tx.reply(183, {
      headers: contactAndAllow(this.#tx.flow),
      body: this.#earlyAnswer,
      contentType: SDP,
    });
    this.#openEarly();
    if (remote !== undefined) this.#light(remote);
    return true;
  }

  /** The final no, with a Reason that a phone can show. Frees the media leg. */
  refuse(refusal: Refusal): void {
    if (!this.waiting) return;
    const before = this.#beforeRefusal;
    if (before !== undefined) {
      this.#beforeRefusal = undefined;
      return before(refusal, () => this.refuse(refusal));
    }
    this.#tx.reply(refusal.status, {
      headers: [
        ['Reason', formatReason({ cause: refusal.status, text: refusal.text })],
        ...(refusal.headers ?? []),
      ],
    });
    this.#drop();
  }

  /**
   * 200 with our SDP: the answer to the caller's offer, or an offer of ours. The leg is `answered` until the ACK.
   * Only while `waiting` and after `prepare`.
   */
  answer(options: AnswerOptions): Leg {
    const media = this.#media;
    if (media === undefined || !this.waiting)
      throw new Error('answered an INVITE that is not open');
    const offered = sdpOf(this.request) !== undefined;
    const body = offered
      ? (this.#earlyAnswer ?? media.createAnswer({ prefer: options.prefer }))
      : media.createOffer({ codecs: options.prefer });
    const dialog = this.#openEarly();
    if (options.remote !== undefined) this.#light(options.remote);
    this.#reply200(body, options.headers ?? []);
    dialog.confirm();
    this.#state = { kind: 'answered' };
    const leg = new Leg(this.#kit, {
      dialog,
      media,
      party: this.party,
      identity: this.identity,
      flow: this.#tx.flow,
      introduction: this.request,
      owner: options.owner,
      state: 'answered',
      activity: this.#activity,
    });
    this.#awaitAck(leg, !offered);
    return leg;
  }

  /** Requests in the early dialog. A REFER there is refused, and refuses nothing else (WIRE.md §2). */
  handle(tx: ServerTransaction): void {
    const { method } = tx.request;
    if (this.#early?.dialog.acceptRequest(tx.request) === 'out-of-order') {
      tx.reply(500);
    } else if (method === 'BYE') {
      tx.reply(200);
      this.#tx.reply(487);
      this.#cancelled();
    } else {
      answerEarly(tx, openOfferOf(this.request, this.#kit.random));
    }
  }

  #reply200(body: string, headers: ExtraHeaders): void {
    this.#tx.reply(200, {
      headers: [
        ['Contact', contactOf(this.#tx.flow)],
        ['Allow', ALLOW],
        ['Allow-Events', ALLOW_EVENTS],
        ['Supported', SUPPORTED],
        ...this.#timerHeaders,
        ...headers,
      ],
      body,
      contentType: SDP,
    });
  }

  #awaitAck(leg: Leg, answerInAck: boolean): void {
    this.#tx.onAck((ack) => {
      if (leg.ended) return leg.confirm(); // Over already: only its BYE is owed.
      const answer = answerInAck ? sdpOf(ack) : undefined;
      if (answerInAck && (answer === undefined || !leg.media.applyAnswer(answer).ok)) {
        leg.neverAcknowledged();
        return;
      }
      if (answerInAck) leg.changed();
      else leg.noteHold();
      // First: who hears of the confirmation may send an UPDATE, which says of the timer what there is.
      leg.watch(this.#interval);
      leg.confirm();
    });
    this.#tx.onEnd((end) => {
      // Unreachable: the 200 found no way back to the caller.
      if (end.kind === 'no-ack-to-2xx' || end.kind === 'unreachable') leg.neverAcknowledged();
    });
  }

  /** The caller's busy lamp is lit from here on, if it was not before. */
  #light(remote: CallerIdentity): void {
    if (this.party.kind !== 'device' || this.#activity !== undefined) return;
    this.#activity = this.#kit.activity.begin({
      id: this.#kit.random.token(80),
      userId: this.party.user.id,
      direction: 'initiator',
      state: 'early',
      remote,
    });
  }

  #openEarly(): Dialog {
    this.#early ??= this.#makeEarly();
    return this.#early.dialog;
  }

  #makeEarly(): { dialog: Dialog; entry: Disposable } {
    const dialog = Dialog.fromRequest(this.request, {
      localTag: this.#tx.localTag,
      localContact: contactOf(this.#tx.flow),
      state: 'early',
    });
    return { dialog, entry: this.#kit.dialogs.add(dialog, this) };
  }

  #cancelled(): void {
    if (!this.waiting) return;
    this.#drop();
    this.#onCancelled();
  }

  #drop(): void {
    this.#state = { kind: 'over' };
    this.#early?.dialog.terminate();
    this.#early?.entry.dispose();
    this.#activity?.end();
    this.#media?.close();
  }
}

/** What we offer a device without knowing more: WebRTC over WebSocket, plain RTP elsewhere. */
export function legKindOf(flow: { readonly transport: string }): 'webrtc' | 'rtp' {
  return flow.transport === 'ws' || flow.transport === 'wss' ? 'webrtc' : 'rtp';
}
