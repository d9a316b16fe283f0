import type { CodecName, MediaLeg } from '../../media/engine.ts';
import type { Disposable } from '../../domain/disposable.ts';
import { Dialog } from '../../sip/dialog/dialog.ts';
import type { SipRequest, SipResponse } from '../../sip/message/message.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ServerTransaction,
} from '../../sip/transaction/transaction-user.ts';
import type { Binding } from '../ports/registrar.ts';
import type { CallKit, DialogOwner } from './call-kit.ts';
import type { BranchEnd } from './fork-outcome.ts';
import { legKindOf } from './incoming-invite.ts';
import { Leg, type LegOwner } from './leg.ts';
import { answerEarly } from './leg-answers.ts';
import {
  longerSession,
  makeOutgoingInvite,
  type InviteAttempt,
  type InvitedCall,
} from './outgoing-request.ts';
import { contactOf, identityOfUser, partyKey, type Party } from './party.ts';
import { formatReason, type Reason } from './reason-header.ts';
import { sdpOf } from './sdp-body.ts';
import { agreedSessionTimer } from './session-timer.ts';
import {
  dismissAnswer,
  extraAnswersDismissed,
  hangUpDialog,
  type SentInvite,
} from './unwanted-answer.ts';
import type { ActivityHandle } from './user-activity.ts';

export interface OutgoingCall extends InvitedCall {
  /** Codecs to offer, best first. */
  readonly codecs: readonly CodecName[];
  readonly legName: string;
  /** Has the leg once a device answers. */
  readonly owner: LegOwner;
}

export interface OutgoingEvents {
  ringing(): void;
  /** The device can be heard before it answers; it rings as well. At most once. */
  earlyMedia(media: MediaLeg): void;
  /** The device answered; its ACK is out. */
  answered(leg: Leg): void;
  failed(end: BranchEnd): void;
}

type BranchState =
  | { readonly kind: 'calling'; readonly client: ClientTransaction }
  /** Called off; a 2xx that still comes gets ACK and BYE. */
  | { readonly kind: 'called-off'; readonly reason: Reason }
  | { readonly kind: 'over' };

/** One INVITE to one device, with a media leg of its own. */
export class OutgoingInvite implements DialogOwner {
  readonly partyKey: string;
  readonly #kit: CallKit;
  readonly #call: OutgoingCall;
  readonly #events: OutgoingEvents;
  readonly #party: Party;
  readonly #flow: Flow;
  readonly #media: MediaLeg;
  readonly #binding: Binding;
  readonly #offer: string;
  #request: SipRequest;
  /** The SDP answer that came before the call was answered. */
  #earlyAnswer: string | undefined;
  readonly #early = new Map<string, { dialog: Dialog; entry: Disposable }>();
  #activity: ActivityHandle | undefined;
  #state: BranchState;

  /** Sends the INVITE. Undefined when the device cannot be reached or no media port is left. */
  static start(
    kit: CallKit,
    binding: Binding,
    call: OutgoingCall,
    events: OutgoingEvents,
  ): OutgoingInvite | undefined {
    const { flow } = binding;
    if (flow === undefined || flow.closed) return undefined;
    const made = kit.media.open({
      kind: legKindOf(flow),
      legName: call.legName,
      signallingAddress: flow.remote.address,
      localAddress: flow.local.address,
    });
    if (!made.ok) {
      kit.log.warn({ leg: call.legName, reason: made.error.reason }, 'no media for a device');
      return undefined;
    }
    return new OutgoingInvite(kit, call, events, { binding, flow, media: made.value });
  }

  private constructor(
    kit: CallKit,
    call: OutgoingCall,
    events: OutgoingEvents,
    parts: { readonly binding: Binding; readonly flow: Flow; readonly media: MediaLeg },
  ) {
    this.#kit = kit;
    this.#call = call;
    this.#events = events;
    this.#flow = parts.flow;
    this.#media = parts.media;
    const { deviceId, tenantId } = parts.binding;
    this.#party = { kind: 'device', tenantId, user: call.user, deviceId };
    this.partyKey = partyKey(this.#party);
    this.#binding = parts.binding;
    this.#offer = parts.media.createOffer({ codecs: call.codecs });
    this.#request = this.#makeInvite({
      callId: kit.random.token(128),
      fromTag: kit.ownInvites.newTag(),
      cseq: 1,
      sessionS: kit.times.sessionExpiresS,
    });
    this.#state = { kind: 'calling', client: this.#send() };
  }

  /** Who has the leg once the device answers. */
  get owner(): LegOwner {
    return this.#call.owner;
  }

  /**
   * Whether the device has come back over another connection and can answer by none: what came over a WebSocket is answered there or
   * not at all (RFC 7118 §5.3). Other transports may answer by a new connection (RFC 3261 §18.2.2).
   */
  isLeftBehindBy(flow: Flow | undefined): boolean {
    return flow !== undefined && flow !== this.#flow && legKindOf(this.#flow) === 'webrtc';
  }

  /** CANCEL with this Reason; whatever crosses it is ended. Harmless after the end. */
  cancel(reason: Reason): void {
    if (this.#state.kind !== 'calling') return;
    const { client } = this.#state;
    this.#state = { kind: 'called-off', reason };
    client.cancel([['Reason', formatReason(reason)]]);
    this.#clean();
    this.#media.close();
  }

  /** Requests in the early dialog: the device may end it, nothing else is settled yet. */
  handle(tx: ServerTransaction): void {
    const early = this.#early.get(tx.request.fromTag ?? '');
    if (early?.dialog.acceptRequest(tx.request) === 'out-of-order') tx.reply(500);
    else answerEarly(tx, { kind: 'ours' });
  }

  #makeInvite(about: InviteAttempt): SipRequest {
    const parts = { call: this.#call, binding: this.#binding, flow: this.#flow };
    return makeOutgoingInvite({ ...parts, offer: this.#offer }, about);
  }

  #send(): ClientTransaction {
    return this.#kit.endpoint.request(this.#request, this.#flow, {
      onProvisional: (response) => this.#onProvisional(response),
      onFinal: (outcome) => this.#onFinal(outcome),
      onExtraAnswer: extraAnswersDismissed(this.#sent),
    });
  }

  #onProvisional(response: SipResponse): void {
    if (this.#state.kind !== 'calling' || response.status === 100) return;
    const tag = response.toTag;
    if (tag !== undefined && !this.#early.has(tag)) {
      const dialog = Dialog.fromResponse(this.#request, response, this.#local());
      this.#early.set(tag, { dialog, entry: this.#kit.dialogs.add(dialog, this) });
    }
    this.#activity ??= this.#light();
    if (this.#takeEarlyMedia(response)) this.#events.earlyMedia(this.#media);
    else this.#events.ringing();
  }

  /** Whether this is the first provisional answer that lets the device be heard (RFC 3960). */
  #takeEarlyMedia(response: SipResponse): boolean {
    const sdp = response.toTag === undefined ? undefined : sdpOf(response);
    if (sdp === undefined || this.#earlyAnswer !== undefined) return false;
    if (!this.#media.applyAnswer(sdp).ok) return false;
    this.#earlyAnswer = sdp;
    return true;
  }

  /** The callee's busy lamp. */
  #light(): ActivityHandle {
    return this.#kit.activity.begin({
      id: this.#kit.random.token(80),
      userId: this.#call.user.id,
      direction: 'recipient',
      state: 'early',
      remote: this.#call.from,
    });
  }

  #onFinal(outcome: ClientOutcome): void {
    const state = this.#state;
    if (outcome.kind === 'response' && outcome.response.status < 300) {
      if (state.kind === 'calling') this.#onAnswer(outcome.response);
      else {
        const reason = state.kind === 'called-off' ? state.reason : undefined;
        dismissAnswer(this.#sent, outcome.response, reason);
      }
      return;
    }
    if (state.kind !== 'calling') return;
    const again = longerSession(this.#request, outcome);
    if (again === undefined) return this.#fail(branchEnd(outcome));
    this.#request = this.#makeInvite(again);
    this.#state = { kind: 'calling', client: this.#send() };
  }

  #onAnswer(response: SipResponse): void {
    const dialog = this.#acknowledge(response);
    if (!this.#takeAnswer(sdpOf(response))) {
      hangUpDialog(this.#sent, dialog, { cause: 488, text: 'No common audio' });
      return this.#fail({ kind: 'response', status: 488, reason: 'Not Acceptable Here' });
    }
    this.#state = { kind: 'over' };
    const activity = this.#activity ?? this.#light();
    this.#activity = undefined;
    this.#clean();
    const leg = new Leg(this.#kit, {
      dialog,
      media: this.#media,
      party: this.#party,
      identity: identityOfUser(this.#call.user),
      flow: this.#flow,
      introduction: response,
      owner: this.#call.owner,
      state: 'confirmed',
      activity,
    });
    leg.watch(agreedSessionTimer(response));
    this.#events.answered(leg);
  }

  /** The answer of the 2xx; a device that sent the same before may leave it out or repeat it. */
  #takeAnswer(sdp: string | undefined): boolean {
    const early = this.#earlyAnswer;
    if (early !== undefined && (sdp === undefined || sdp === early)) return true;
    return sdp !== undefined && this.#media.applyAnswer(sdp).ok;
  }

  #fail(end: BranchEnd): void {
    this.#state = { kind: 'over' };
    this.#clean();
    this.#media.close();
    this.#events.failed(end);
  }

  #acknowledge(response: SipResponse): Dialog {
    const early = this.#early.get(response.toTag ?? '')?.dialog;
    const dialog = early ?? Dialog.fromResponse(this.#request, response, this.#local());
    if (early !== undefined) early.acceptResponse(response);
    this.#kit.endpoint.sendAck(dialog.createAck(this.#request.cseq.sequence), this.#flow);
    return dialog;
  }

  get #sent(): SentInvite {
    return { endpoint: this.#kit.endpoint, request: this.#request, flow: this.#flow };
  }

  #local(): { localContact: string } {
    return { localContact: contactOf(this.#flow) };
  }

  #clean(): void {
    for (const { entry } of this.#early.values()) entry.dispose();
    this.#activity?.end();
    this.#activity = undefined;
  }
}

function branchEnd(outcome: ClientOutcome): BranchEnd {
  if (outcome.kind === 'response') {
    const { response } = outcome;
    if (response.status < 400) return { kind: 'redirected', response };
    return { kind: 'response', status: outcome.response.status, reason: outcome.response.reason };
  }
  return outcome.kind === 'timeout' ? { kind: 'timeout' } : { kind: 'unreachable' };
}
