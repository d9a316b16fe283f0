import { makeResponse } from '../../sip/message/builders.ts';
import type { SipMessage, SipRequest } from '../../sip/message/message.ts';
import { serializeMessage } from '../../sip/message/serialize.ts';
import type { Flow, MessageReceiver, RejectedMessage } from '../../sip/transaction/flow.ts';
import type { Gatekeeper } from './gatekeeper.ts';

/** Seconds after which a stranger who was turned away may come again. */
const RETRY_AFTER_S = 10;

/**
 * Stands between the connections and the stack. Datagrams were looked at before they were read; what comes over a
 * connection has a sender who can be told: 503, without a transaction.
 */
export class GuardedReceiver implements MessageReceiver {
  readonly #inner: MessageReceiver;
  readonly #gatekeeper: Gatekeeper;
  readonly #newTag: () => string;

  constructor(inner: MessageReceiver, gatekeeper: Gatekeeper, newTag: () => string) {
    this.#inner = inner;
    this.#gatekeeper = gatekeeper;
    this.#newTag = newTag;
  }

  receive(message: SipMessage, flow: Flow): void {
    const counts = flow.reliable && message.kind === 'request' && message.method !== 'ACK';
    if (!counts || this.#gatekeeper.admits(flow)) this.#inner.receive(message, flow);
    else this.#turnAway(message, flow);
  }

  receiveRejected(rejected: RejectedMessage, flow: Flow): void {
    if (!flow.reliable || this.#gatekeeper.admits(flow))
      this.#inner.receiveRejected(rejected, flow);
  }

  #turnAway(request: SipRequest, flow: Flow): void {
    const response = makeResponse(request, 503, {
      toTag: this.#newTag(),
      headers: [['Retry-After', String(RETRY_AFTER_S)]],
    });
    flow.send(serializeMessage(response));
  }
}
