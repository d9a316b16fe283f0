import { makeResponse } from '../message/builders.ts';
import type { SipMessage, SipRequest } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { ClientSide } from './client-side.ts';
import { disposable, type Disposable } from './disposable.ts';
import type { Flow, MessageReceiver, RejectedMessage, SendResult } from './flow.ts';
import type { SipClock, SipRandom, StackObserver } from './ports.ts';
import { ServerSide } from './server-side.ts';
import { subscribe } from './server-transaction.ts';
import { guarded, type StackContext } from './stack-context.ts';
import { rfc3261Timers, type BaseTimers } from './timers.ts';
import type { ClientTransaction, RequestEvents, ServerTransaction } from './transaction-user.ts';

export interface EndpointOptions {
  readonly clock: SipClock;
  readonly random: SipRandom;
  /** Base timers; default RFC 3261's. */
  readonly timers?: BaseTimers | undefined;
  /** Option tags understood in Require (RFC 3261 §8.2.2.3); anything else is answered 420. Default: none. */
  readonly supported?: readonly string[];
  /** Value of Server in responses and User-Agent in requests; default: none. */
  readonly product?: string;
  /** Server transactions that may exist at once; above it new requests get 503 with Retry-After. Default 50,000. */
  readonly maxServerTransactions?: number;
  /**
   * The flow that took over from a closed one: the same device's newest (a phone that came back on a new WebSocket goes on with its
   * calls there). Default: none.
   */
  readonly successorOf?: (closed: Flow) => Flow | undefined;
  /**
   * A connection to the peer behind a datagram flow: requests over 1,300 bytes go by it, and as a datagram only if it closes before the
   * peer answered (RFC 3261 §18.1.1). It may still be connecting. Default: none.
   */
  readonly streamFor?: (datagram: Flow) => Flow | undefined;
  readonly observer?: StackObserver;
}

const DEFAULT_MAX_SERVER_TRANSACTIONS = 50_000;

/** The transaction user's door to SIP: the transactions of RFC 3261 §17 over any number of flows. */
export class Endpoint implements MessageReceiver {
  readonly #context: StackContext;
  readonly #client: ClientSide;
  readonly #server: ServerSide;
  readonly #ackListeners = new Set<(ack: readonly [SipRequest, Flow]) => void>();
  #handler: ((transaction: ServerTransaction) => void) | undefined;
  #closed = false;

  constructor(options: EndpointOptions) {
    this.#context = {
      clock: options.clock,
      random: options.random,
      timers: options.timers ?? rfc3261Timers,
      product: options.product,
      successorOf: options.successorOf ?? (() => undefined),
      streamFor: options.streamFor ?? (() => undefined),
      observer: options.observer ?? {},
    };
    const changed = () => this.#context.observer.transactions?.(this.liveTransactions);
    this.#client = new ClientSide(this.#context, changed);
    this.#server = new ServerSide({
      context: this.#context,
      rules: { supported: new Set(options.supported?.map((tag) => tag.toLowerCase())) },
      maxTransactions: options.maxServerTransactions ?? DEFAULT_MAX_SERVER_TRANSACTIONS,
      onRequest: (transaction) => this.#dispatch(transaction),
      onAck: (ack, flow) => {
        for (const run of [...this.#ackListeners]) guarded(this.#context, () => run([ack, flow]));
      },
      changed,
    });
  }

  /** Server and client transactions that exist now. */
  get liveTransactions(): number {
    return this.#server.size + this.#client.size;
  }

  /**
   * Sets the one handler of new requests, inside dialogs and outside; it never sees ACK, CANCEL or a retransmission. Without one every
   * request is answered 503; one that throws gets its request answered 500.
   */
  onRequest(run: (transaction: ServerTransaction) => void): Disposable {
    this.#handler = run;
    return disposable(() => {
      if (this.#handler === run) this.#handler = undefined;
    });
  }

  /** Every first ACK to a 2xx of ours, after `ServerTransaction.onAck`. */
  onAck(run: (ack: SipRequest, flow: Flow) => void): Disposable {
    return subscribe(this.#ackListeners, ([ack, flow]) => run(ack, flow));
  }

  /**
   * Sends a copy of `request` by `flow` in a client transaction. Via, Max-Forwards (70 if absent), User-Agent and Content-Length
   * are added here. Throws for ACK and CANCEL, which go by `sendAck` and `ClientTransaction.cancel`.
   */
  request(request: SipRequest, flow: Flow, events: RequestEvents): ClientTransaction {
    if (request.method === 'ACK' || request.method === 'CANCEL') {
      throw new Error(`${request.method} does not start a transaction`);
    }
    return this.#client.request(request, flow, events);
  }

  /**
   * Sends the ACK to a 2xx (RFC 3261 §13.2.2.4), outside any transaction. It is sent again by itself when that 2xx is retransmitted,
   * as long as the INVITE transaction lives (64*T1 after the first 2xx).
   */
  sendAck(ack: SipRequest, flow: Flow): SendResult {
    return this.#client.sendAck(ack, flow);
  }

  receive(message: SipMessage, flow: Flow): void {
    if (this.#closed) return;
    if (message.kind === 'request') this.#server.receive(message, flow);
    else this.#client.receive(message, flow);
  }

  /** Answers a malformed request without keeping anything of it. */
  receiveRejected(rejected: RejectedMessage, flow: Flow): void {
    if (this.#closed) return;
    const { status, reason, replyTo } = rejected;
    this.#context.observer.dropped?.('malformed', { flowId: flow.id, summary: reason });
    const response = makeResponse(replyTo, status, {
      reason,
      toTag: this.#context.random.token(64),
    });
    // A Via that cannot be read goes back as it came: the sender knows it (RFC 4475 §3.1.2.1). Without one, nobody could tell.
    if (response.headers.has('Via')) flow.send(serializeMessage(response));
  }

  /** Ends every transaction (`stopped`) and ignores what comes later. Harmless twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#client.close();
    this.#server.close();
  }

  #dispatch(transaction: ServerTransaction): void {
    const handler = this.#handler;
    if (handler === undefined) {
      transaction.reply(503, { headers: [['Retry-After', '5']] });
      return;
    }
    if (!guarded(this.#context, () => handler(transaction))) transaction.reply(500);
  }
}
