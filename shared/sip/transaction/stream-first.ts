import type { SipRequest } from '../message/message.ts';
import type { Flow } from './flow.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ExtraHeaders,
  RequestEvents,
} from './transaction-user.ts';

/** Larger requests go by a transport with congestion control where the peer has one (RFC 3261 §18.1.1, path MTU unknown). */
export const MAX_DATAGRAM_REQUEST_BYTES = 1_300;

export interface StreamFirstParts {
  readonly stream: Flow;
  readonly datagram: Flow;
  readonly events: RequestEvents;
  /** Starts a transaction of its own, with a Via that names its transport. */
  readonly begin: (flow: Flow, events: RequestEvents) => ClientTransaction;
}

/**
 * A request that is too large for a datagram: it is tried by a stream first, and sent as a datagram all the same if the stream cannot be
 * had (RFC 3261 §18.1.1). To the user it is one transaction.
 */
export class StreamFirstRequest implements ClientTransaction {
  readonly #parts: StreamFirstParts;
  #current: ClientTransaction;
  #settled = false;

  constructor(parts: StreamFirstParts) {
    this.#parts = parts;
    const { events } = parts;
    this.#current = parts.begin(parts.stream, {
      ...events,
      onProvisional: (response) => {
        this.#settled = true;
        events.onProvisional?.(response);
      },
      onFinal: (outcome) => this.#finished(outcome),
    });
  }

  get request(): SipRequest {
    return this.#current.request;
  }

  get flow(): Flow {
    return this.#current.flow;
  }

  get pending(): boolean {
    return this.#current.pending;
  }

  cancel(headers?: ExtraHeaders): void {
    this.#settled = true;
    this.#current.cancel(headers);
  }

  #finished(outcome: ClientOutcome): void {
    const { begin, datagram, events } = this.#parts;
    // Once the peer has spoken, or nobody wants the answer any more, a second attempt would be a second request.
    if (this.#settled || outcome.kind !== 'transport-error') return events.onFinal(outcome);
    this.#settled = true;
    this.#current = begin(datagram, events);
  }
}
