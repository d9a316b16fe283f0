import type { Disposable } from './disposable.ts';
import type { Flow, SendResult } from './flow.ts';

/** Where one transaction's messages go: its flow, or the flow that took over from it when it closed. */
export class FlowPath {
  readonly #successorOf: (closed: Flow) => Flow | undefined;
  #flow: Flow;

  constructor(flow: Flow, successorOf: (closed: Flow) => Flow | undefined) {
    this.#flow = flow;
    this.#successorOf = successorOf;
  }

  get flow(): Flow {
    return this.#flow;
  }

  send(bytes: Uint8Array): SendResult {
    const result = this.#flow.send(bytes);
    return result === 'closed' && this.#moveOn() ? this.#flow.send(bytes) : result;
  }

  /** Runs `run` when the flow closes and nothing has taken over by then. */
  onLost(run: () => void): Disposable {
    return this.#flow.onClose(() => {
      if (!this.#moveOn()) run();
    });
  }

  #moveOn(): boolean {
    const successor = this.#successorOf(this.#flow);
    if (successor === undefined || successor.closed) return false;
    this.#flow = successor;
    return true;
  }
}
