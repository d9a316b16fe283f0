import type { SipRequest, SipResponse } from '../message/message.ts';
import type { NameAddr } from '../message/name-addr.ts';
import type { Disposable } from './disposable.ts';
import type { Flow } from './flow.ts';

/** Header fields to add to a message, in order; a name may occur more than once. */
export type ExtraHeaders = readonly (readonly [name: string, value: string])[];

export interface ReplyOptions {
  /** Reason phrase; default: the usual one of the status. */
  readonly reason?: string;
  readonly contact?: NameAddr;
  readonly headers?: ExtraHeaders;
  readonly body?: Uint8Array | string;
  /** Content-Type of the body; needed when there is one. */
  readonly contentType?: string;
  /** To tag of this reply. Default: `localTag`, except that 100 carries none. Other tags make other early dialogs. */
  readonly toTag?: string;
  /**
   * Nothing is kept of a request other than INVITE, which thus costs no memory: should it come again, it is handled anew. For the
   * challenge to somebody unknown (RFC 3261 §8.2.7).
   */
  readonly stateless?: boolean;
}

/** How a server transaction ended. `answered`: all is well. */
export type ServerTransactionEnd =
  | { readonly kind: 'answered' }
  /** INVITE only: 64*T1 passed without an ACK to our 2xx; the dialog should get a BYE (RFC 3261 §13.3.1.4). */
  | { readonly kind: 'no-ack-to-2xx' }
  /** INVITE only: 64*T1 passed without an ACK to our 3xx–6xx. Nothing to do. */
  | { readonly kind: 'no-ack-to-failure' }
  /** Not INVITE: no final answer was given in 64*T1, when nobody waits for it any more (RFC 4320 §4.2). */
  | { readonly kind: 'unanswered' }
  /** The answer could not be sent: the flow is closed and nothing succeeds it. */
  | { readonly kind: 'unreachable' }
  /** The endpoint was closed. */
  | { readonly kind: 'stopped' };

/** A request that came in and is to be answered exactly once. Retransmissions are absorbed below. */
export interface ServerTransaction {
  readonly request: SipRequest;
  /** The flow that the request came by. */
  readonly flow: Flow;
  /** The To tag of our replies: the request's own if it has one (inside a dialog), else one made for this transaction. */
  readonly localTag: string;
  /** No final answer was given yet. */
  readonly answerable: boolean;
  /** A final answer was given; undefined before. */
  readonly finalStatus: number | undefined;
  /**
   * Sends a response made from the request (RFC 3261 §8.2.6). Final replies after the first and provisional ones after a final
   * one are refused: the result is undefined and nothing is sent, so that two races may both try.
   */
  reply(status: number, options?: ReplyOptions): SipResponse | undefined;
  /** Runs once when the peer cancels this INVITE before its final answer. 487 is sent afterwards unless `run` answered otherwise. */
  onCancel(run: (cancel: SipRequest) => void): Disposable;
  /** INVITE answered with 2xx: runs once, on its first ACK. 2xx is retransmitted until then. */
  onAck(run: (ack: SipRequest) => void): Disposable;
  /** Runs once when the transaction is over; at once if it is already. */
  onEnd(run: (end: ServerTransactionEnd) => void): Disposable;
}

/** What became of a request. Exactly one of these for every request. */
export type ClientOutcome =
  | { readonly kind: 'response'; readonly response: SipResponse }
  /** Nobody answered in 64*T1, or a cancelled INVITE got no final answer in that time. Treat as 408 (RFC 3261 §8.1.3.1). */
  | { readonly kind: 'timeout' }
  /** The message could not be sent. Treat as 503 (RFC 3261 §8.1.3.1). */
  | { readonly kind: 'transport-error'; readonly reason: 'closed' | 'too-large' }
  /** The endpoint was closed. */
  | { readonly kind: 'stopped' };

export interface RequestEvents {
  /** Every 1xx, retransmissions included, 100 included. */
  readonly onProvisional?: (response: SipResponse) => void;
  /** Exactly once, never before `request` has returned. */
  readonly onFinal: (outcome: ClientOutcome) => void;
  /**
   * INVITE: a 2xx from another fork (another To tag) after the first one. It must be acknowledged and, if unwanted, ended with BYE
   * (RFC 3261 §13.2.2.4): `endForkedAnswer` does both.
   */
  readonly onExtraAnswer?: (response: SipResponse) => void;
}

/** A request of ours under way. */
export interface ClientTransaction {
  /** As sent: with our Via on top. */
  readonly request: SipRequest;
  readonly flow: Flow;
  /** No final outcome yet. */
  readonly pending: boolean;
  /**
   * INVITE: asks the far end to stop (RFC 3261 §9.1). The CANCEL waits for a provisional response; a 2xx that crosses it still arrives
   * by `onFinal` and needs ACK and BYE. Afterwards and for other methods: nothing happens.
   * @param headers for example `Reason`.
   */
  cancel(headers?: ExtraHeaders): void;
}
