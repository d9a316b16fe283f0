import type { CodecName, MediaLeg } from '../../media/engine.ts';
import type { Disposable } from '../../domain/disposable.ts';
import { Dialog } from '../../sip/dialog/dialog.ts';
import { makeRequest } from '../../sip/message/builders.ts';
import type { SipRequest, SipResponse } from '../../sip/message/message.ts';
import { makeNameAddr, parseNameAddr, withTag } from '../../sip/message/name-addr.ts';
import { makeUri } from '../../sip/message/uri.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ExtraHeaders,
  ServerTransaction,
} from '../../sip/transaction/transaction-user.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { CallerIdentity } from '../ports/journal.ts';
import type { Binding } from '../ports/registrar.ts';
import { ALLOW, ALLOW_EVENTS, SUPPORTED, type CallKit, type DialogOwner } from './call-kit.ts';
import type { BranchEnd } from './fork-outcome.ts';
import { legKindOf } from './incoming-invite.ts';
import { Leg, type LegOwner } from './leg.ts';
import {
  addressOf,
  contactOf,
  formatIdentity,
  hostOf,
  identityOfUser,
  partyKey,
  type Party,
} from './party.ts';
import { formatReason, type Reason } from './reason-header.ts';
import { SDP, sdpOf } from './sdp-body.ts';
import { agreedSessionTimer, offerSessionTimer } from './session-timer.ts';
import type { ActivityHandle } from './user-activity.ts';

export interface OutgoingCall {
  readonly tenant: Tenant;
  readonly user: User;
  /** Who calls, as the device may show it. */
  readonly from: CallerIdentity;
  /** Codecs to offer, best first. */
  readonly codecs: readonly CodecName[];
  /** Added to the INVITE. */
  readonly headers: ExtraHeaders;
  readonly legName: string;
  /** Has the leg once a device answers. */
  readonly owner: LegOwner;
}

export interface OutgoingEvents {
  ringing(): void;
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
  readonly #request: SipRequest;
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
    this.#request = this.#makeInvite(parts.binding);
    const client = kit.endpoint.request(this.#request, parts.flow, {
      onProvisional: (response) => this.#onProvisional(response),
      onFinal: (outcome) => this.#onFinal(outcome),
      onExtraAnswer: (response) =>
        this.#dismiss(response, { cause: 487, text: 'Answered already' }),
    });
    this.#state = { kind: 'calling', client };
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
    const { method } = tx.request;
    if (method === 'OPTIONS' || (method === 'UPDATE' && sdpOf(tx.request) === undefined)) {
      tx.reply(200, {
        headers: [
          ['Contact', contactOf(tx.flow)],
          ['Allow', ALLOW],
        ],
      });
    } else if (method === 'REFER') {
      tx.reply(403, {
        headers: [['Reason', formatReason({ cause: 403, text: 'Not answered yet' })]],
      });
    } else {
      tx.reply(method === 'UPDATE' ? 491 : 403);
    }
  }

  #makeInvite(binding: Binding): SipRequest {
    const { tenant, user, from, headers, codecs } = this.#call;
    const host = hostOf(tenant, this.#flow);
    const contact = parseNameAddr(contactOf(this.#flow));
    const identity: ExtraHeaders = [
      ['P-Asserted-Identity', formatIdentity(from, host)],
      ...(from.anonymous ? ([['Privacy', 'id']] as const) : []),
    ];
    return makeRequest({
      method: 'INVITE',
      uri: binding.contact.uri,
      from: withTag(addressOf(from, host), this.#kit.random.token(64)),
      to: makeNameAddr(makeUri({ user: user.extension, host })),
      callId: this.#kit.random.token(128),
      cseq: 1,
      contact,
      headers: [
        ...binding.path.map((route) => ['Route', route] as const),
        ...identity,
        ['Allow', ALLOW],
        ['Allow-Events', ALLOW_EVENTS],
        ['Supported', SUPPORTED],
        ...offerSessionTimer(this.#kit.times.sessionExpiresS),
        ...headers,
      ],
      body: this.#media.createOffer({ codecs }),
      contentType: SDP,
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
    this.#events.ringing();
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
      else this.#dismiss(outcome.response, state.kind === 'called-off' ? state.reason : undefined);
      return;
    }
    if (state.kind !== 'calling') return;
    this.#fail(branchEnd(outcome));
  }

  #onAnswer(response: SipResponse): void {
    const dialog = this.#acknowledge(response);
    const answer = sdpOf(response);
    if (answer === undefined || !this.#media.applyAnswer(answer).ok) {
      this.#bye(dialog, { cause: 488, text: 'No common audio' });
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

  #fail(end: BranchEnd): void {
    this.#state = { kind: 'over' };
    this.#clean();
    this.#media.close();
    this.#events.failed(end);
  }

  /** A 2xx that nobody wants any more: ACK, then BYE (RFC 3261 §13.2.2.4). */
  #dismiss(response: SipResponse, reason: Reason | undefined): void {
    this.#bye(this.#acknowledge(response), reason);
  }

  #acknowledge(response: SipResponse): Dialog {
    const early = this.#early.get(response.toTag ?? '')?.dialog;
    const dialog = early ?? Dialog.fromResponse(this.#request, response, this.#local());
    if (early !== undefined) early.acceptResponse(response);
    this.#kit.endpoint.sendAck(dialog.createAck(this.#request.cseq.sequence), this.#flow);
    return dialog;
  }

  #bye(dialog: Dialog, reason: Reason | undefined): void {
    const headers = reason === undefined ? [] : ([['Reason', formatReason(reason)]] as const);
    const bye = dialog.createRequest('BYE', { headers });
    dialog.terminate();
    this.#kit.endpoint.request(bye, this.#flow, { onFinal: () => undefined });
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
    return { kind: 'response', status: outcome.response.status, reason: outcome.response.reason };
  }
  return outcome.kind === 'timeout' ? { kind: 'timeout' } : { kind: 'unreachable' };
}
