import { makeRequestFrom, requestHead } from '../message/builders.ts';
import type { HeaderTable } from '../message/header-table.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import {
  makeNameAddr,
  parseNameAddr,
  tagOf,
  withTag,
  type NameAddr,
} from '../message/name-addr.ts';
import type { SipUri } from '../message/uri.ts';
import type { ExtraHeaders } from '../transaction/transaction-user.ts';
import { routed } from './routing.ts';

/** Call-ID with both tags, as seen from our side (RFC 3261 §12). */
export interface DialogId {
  readonly callId: string;
  readonly localTag: string;
  /** Empty when the peer is older than RFC 3261 and sends none. */
  readonly remoteTag: string;
}

export type DialogState =
  { readonly kind: 'early' } | { readonly kind: 'confirmed' } | { readonly kind: 'terminated' };

export interface DialogRequestOptions {
  readonly headers?: ExtraHeaders;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

/** Whether a request inside the dialog may be acted on (RFC 3261 §12.2.2). `out-of-order` → 500; `terminated` → 481. */
export type DialogAdmission = 'ok' | 'out-of-order' | 'terminated';

export interface UasSide {
  /** The To tag of our 1xx and 2xx. */
  readonly localTag: string;
  /** What we put into Contact, e.g. `<sip:b2b@192.0.2.1:5060>`. */
  readonly localContact: string;
  readonly state: 'early' | 'confirmed';
}

export interface UacSide {
  readonly localContact: string;
}

/** What a request of ours says of the dialogs that its answers make. */
export type DialogMaker = Pick<SipRequest, 'callId' | 'from' | 'uri' | 'cseq'>;

interface DialogParts {
  readonly role: 'uac' | 'uas';
  readonly callId: string;
  readonly localParty: NameAddr;
  readonly remoteParty: NameAddr;
  readonly localContact: string;
  readonly remoteContact: NameAddr | undefined;
  readonly routeSet: readonly NameAddr[];
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
  readonly state: DialogState['kind'];
}

/** Requests that refresh the remote target (RFC 3261 §12.2.1.1, RFC 3311 §5.1, RFC 6665 §4.4.1). */
const TARGET_REFRESH: ReadonlySet<string> = new Set([
  'INVITE',
  'UPDATE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
]);

/** One peer-to-peer relationship, RFC 3261 §12: ids, CSeq numbers, route set, remote target. Knows neither sessions nor flows. */
export class Dialog {
  readonly id: DialogId;
  readonly role: 'uac' | 'uas';
  /** With our tag: what our requests carry in From. */
  readonly localParty: NameAddr;
  /** With the peer's tag: what our requests carry in To. */
  readonly remoteParty: NameAddr;
  readonly #localContact: NameAddr;
  /** Made with the first request. */
  #head: HeaderTable | undefined;
  #state: DialogState;
  #remoteTarget: SipUri;
  #routeSet: readonly NameAddr[];
  #localSequence: number;
  #remoteSequence: number | undefined;

  private constructor(parts: DialogParts) {
    const localContact = parseNameAddr(parts.localContact);
    if (!localContact) throw new Error(`not a Contact: ${JSON.stringify(parts.localContact)}`);
    this.id = {
      callId: parts.callId,
      localTag: tagOf(parts.localParty) ?? '',
      remoteTag: tagOf(parts.remoteParty) ?? '',
    };
    this.role = parts.role;
    this.localParty = parts.localParty;
    this.remoteParty = parts.remoteParty;
    this.#localContact = localContact;
    this.#state = { kind: parts.state };
    this.#remoteTarget = (parts.remoteContact ?? parts.remoteParty).uri;
    this.#routeSet = parts.routeSet;
    this.#localSequence = parts.localSequence;
    this.#remoteSequence = parts.remoteSequence;
  }

  /** The UAS's dialog, from the request and the response we give to it (RFC 3261 §12.1.1). */
  static fromRequest(request: SipRequest, local: UasSide): Dialog {
    return new Dialog({
      role: 'uas',
      callId: request.callId,
      localParty: request.toTag === undefined ? withTag(request.to, local.localTag) : request.to,
      remoteParty: request.from,
      localContact: local.localContact,
      remoteContact: request.contact,
      routeSet: request.recordRoutes,
      localSequence: 0,
      remoteSequence: request.cseq.sequence,
      state: local.state,
    });
  }

  /**
   * The UAC's dialog, from our request and a response with a To tag: 101–199 make an early one, 2xx a confirmed one
   * (RFC 3261 §12.1.2). Each To tag among the responses to one INVITE makes a dialog of its own.
   */
  static fromResponse(request: DialogMaker, response: SipResponse, local: UacSide): Dialog {
    return new Dialog({
      role: 'uac',
      callId: request.callId,
      localParty: request.from,
      remoteParty: response.to,
      localContact: local.localContact,
      remoteContact: response.contact ?? makeNameAddr(request.uri),
      routeSet: [...response.recordRoutes].reverse(),
      localSequence: request.cseq.sequence,
      remoteSequence: undefined,
      state: response.status < 200 ? 'early' : 'confirmed',
    });
  }

  get state(): DialogState {
    return this.#state;
  }

  /** Where requests are aimed: the peer's Contact. */
  get remoteTarget(): SipUri {
    return this.#remoteTarget;
  }

  /** First hop first. */
  get routeSet(): readonly NameAddr[] {
    return this.#routeSet;
  }

  /** CSeq number of our last request. */
  get localSequence(): number {
    return this.#localSequence;
  }

  /** CSeq number of the peer's last request; undefined before its first. */
  get remoteSequence(): number | undefined {
    return this.#remoteSequence;
  }

  /** UAS: our 2xx went out. Nothing happens to a dialog that has ended. */
  confirm(): void {
    if (this.#state.kind === 'early') this.#state = { kind: 'confirmed' };
  }

  terminate(): void {
    this.#state = { kind: 'terminated' };
  }

  /**
   * A 2xx to a request of ours in this dialog. The first one to the INVITE confirms an early dialog and sets its route set anew
   * (RFC 3261 §13.2.2.4); those to target refresh requests move the remote target. Other responses change nothing.
   */
  acceptResponse(response: SipResponse): void {
    if (response.status < 200 || response.status >= 300) return;
    if (!TARGET_REFRESH.has(response.cseq.method)) return;
    if (this.#state.kind === 'early' && response.cseq.method === 'INVITE') {
      this.#state = { kind: 'confirmed' };
      this.#routeSet = [...response.recordRoutes].reverse();
    }
    this.#refreshTarget(response.contact);
  }

  /** Checks a request of the peer's (not ACK, not CANCEL), takes over its CSeq number and, where it carries one, its new target. */
  acceptRequest(request: SipRequest): DialogAdmission {
    const { sequence } = request.cseq;
    if (this.#remoteSequence !== undefined && sequence < this.#remoteSequence)
      return 'out-of-order';
    this.#remoteSequence = sequence;
    if (this.#state.kind === 'terminated') return 'terminated';
    if (TARGET_REFRESH.has(request.method)) this.#refreshTarget(request.contact);
    return 'ok';
  }

  /** A request with the next CSeq number, ready for `Endpoint.request`. Contact is added where it refreshes the peer's target. */
  createRequest(method: string, options: DialogRequestOptions = {}): SipRequest {
    this.#localSequence += 1;
    return this.#create(method, this.#localSequence, options);
  }

  /** The ACK to a 2xx, with the CSeq number of the INVITE that it answers (RFC 3261 §13.2.2.4); ready for `Endpoint.sendAck`. */
  createAck(inviteSequence: number, options: DialogRequestOptions = {}): SipRequest {
    return this.#create('ACK', inviteSequence, options);
  }

  #create(method: string, cseq: number, options: DialogRequestOptions): SipRequest {
    const { localParty: from, remoteParty: to } = this;
    this.#head ??= requestHead({ from, to, callId: this.id.callId });
    return makeRequestFrom(this.#head, {
      method,
      ...routed(this.#remoteTarget, this.#routeSet),
      cseq,
      contact: TARGET_REFRESH.has(method) ? this.#localContact : undefined,
      ...options,
    });
  }

  #refreshTarget(contact: NameAddr | undefined): void {
    if (contact) this.#remoteTarget = contact.uri;
  }
}
