import { disposable, type Disposable } from './disposable.ts';
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
    const flow = this.#flow;
    const result = flow.send(bytes);
    return result === 'closed' && this.#moveOnFrom(flow) ? this.#flow.send(bytes) : result;
  }

  /** Follows the flow and its successors: `moved` runs when one takes over, `lost` once when one closes and none does. */
  watch(events: { readonly moved: () => void; readonly lost: () => void }): Disposable {
    let watching: Disposable | undefined;
    let stopped = false;
    const follow = () => {
      if (stopped) return;
      const flow = this.#flow;
      watching = flow.onClose(() => {
        if (!this.#moveOnFrom(flow)) return events.lost();
        events.moved();
        follow();
      });
    };
    follow();
    return disposable(() => {
      stopped = true;
      watching?.dispose();
    });
  }

  #moveOnFrom(flow: Flow): boolean {
    if (this.#flow !== flow) return true;
    const successor = this.#successorOf(flow);
    if (successor === undefined || successor === flow || successor.closed) return false;
    this.#flow = successor;
    return true;
  }
}
