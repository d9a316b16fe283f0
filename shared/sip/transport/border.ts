import { DEFAULT_LIMITS, type MessageLimits } from '../message/limits.ts';
import type { FramedOutcome } from '../message/message-framer.ts';
import { parseMessage } from '../message/parse-message.ts';
import type { Flow, MessageReceiver } from '../transaction/flow.ts';
import type { StackObserver } from '../transaction/ports.ts';

export interface BorderOptions {
  /** Who gets the messages: an `Endpoint`. */
  readonly receiver: MessageReceiver;
  /** Message sizes; larger ones are refused or dropped. Default: `DEFAULT_LIMITS`. */
  readonly limits?: MessageLimits;
  readonly observer?: StackObserver;
}

/**
 * Where bytes become messages. Nothing that a peer sends, and no bug above, throws past it into a socket's callback: there is one catch
 * per message, and it is here.
 */
export class Border {
  readonly limits: MessageLimits;
  readonly observer: StackObserver;
  readonly #receiver: MessageReceiver;

  constructor(options: BorderOptions) {
    this.limits = options.limits ?? DEFAULT_LIMITS;
    this.observer = options.observer ?? {};
    this.#receiver = options.receiver;
  }

  /** One datagram or WebSocket message. `keep-alive`: it was line breaks only. */
  takeDatagram(bytes: Uint8Array, flow: Flow): 'taken' | 'keep-alive' {
    this.observer.traffic?.('in', flow.id, bytes);
    const outcome = parseMessage(bytes, { framing: 'datagram', limits: this.limits });
    if (outcome.kind === 'discard' && outcome.reason === 'keep-alive') return 'keep-alive';
    // A datagram is never incomplete; the parser's type says so for streams.
    if (outcome.kind !== 'incomplete') this.take(outcome, flow);
    return 'taken';
  }

  /** One message that was cut out of a stream, or what is wrong with it. Pings are the connection's business. */
  take(outcome: Exclude<FramedOutcome, { kind: 'ping' }>, flow: Flow): void {
    try {
      if (outcome.kind === 'message') this.#receiver.receive(outcome.message, flow);
      else if (outcome.kind === 'rejected') this.#receiver.receiveRejected(outcome, flow);
      else this.#discarded(outcome.reason, flow);
    } catch (error) {
      this.observer.callbackFailed?.(error);
    }
  }

  #discarded(reason: string, flow: Flow): void {
    if (reason === 'keep-alive') return;
    const why = reason === 'too-large' ? 'oversized' : 'malformed';
    this.observer.dropped?.(why, { flowId: flow.id, summary: reason });
  }
}
