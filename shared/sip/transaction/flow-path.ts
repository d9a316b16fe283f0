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
    const flow = this.#flow;
    const result = flow.send(bytes);
    return result === 'closed' && this.moveOnFrom(flow) ? this.#flow.send(bytes) : result;
  }

  /** Follows the flow and its successors: `moved` runs when one takes over, `lost` once when one closes and none does. */
  watch(events: PathEvents): Disposable {
    return new PathWatch(this, events);
  }

  /** Goes on by the flow that took over from a closed one. @returns false: none did */
  moveOnFrom(flow: Flow): boolean {
    if (this.#flow !== flow) return true;
    const successor = this.#successorOf(flow);
    if (successor === undefined || successor === flow || successor.closed) return false;
    this.#flow = successor;
    return true;
  }
}

export interface PathEvents {
  readonly moved: () => void;
  readonly lost: () => void;
}

class PathWatch implements Disposable {
  readonly #path: FlowPath;
  readonly #events: PathEvents;
  #watching: Disposable | undefined;
  #stopped = false;

  constructor(path: FlowPath, events: PathEvents) {
    this.#path = path;
    this.#events = events;
    this.#follow();
  }

  dispose(): void {
    this.#stopped = true;
    this.#watching?.dispose();
  }

  #follow(): void {
    if (this.#stopped) return;
    const { flow } = this.#path;
    const watching = flow.onClose(() => {
      if (!this.#path.moveOnFrom(flow)) return this.#events.lost();
      this.#events.moved();
      this.#follow();
    });
    // A flow that is closed already has said so by now, and its successor is followed.
    if (this.#path.flow === flow) this.#watching = watching;
  }
}
