import type { SipClock } from './ports.ts';

interface Waiting<T> {
  readonly what: T;
  readonly dueAt: number;
}

interface Queue<T> {
  readonly forMs: number;
  /** The next one to go comes first: all of them wait equally long. */
  readonly waiting: Set<Waiting<T>>;
  stopTimer: (() => void) | undefined;
}

/**
 * What is kept of transactions that are over for their users, while late messages of theirs may still come. There are
 * tens of thousands of them on a busy server, so each is a few words, and those that wait equally long share a timer.
 */
export class Lingering<T> {
  readonly #clock: SipClock;
  readonly #forget: (what: T) => void;
  readonly #queues = new Map<number, Queue<T>>();

  /** @param forget runs once for each, when its time is over */
  constructor(clock: SipClock, forget: (what: T) => void) {
    this.#clock = clock;
    this.#forget = forget;
  }

  /** @param forMs how long; with 0 it is forgotten at once */
  keep(what: T, forMs: number): void {
    if (forMs <= 0) return this.#forget(what);
    const queue = this.#queueOf(forMs);
    queue.waiting.add({ what, dueAt: this.#clock.now() + forMs });
    if (queue.stopTimer === undefined) this.#arm(queue, forMs);
  }

  /** Forgets the one whose time is over soonest now, to make room. @returns false: there is none */
  forgetFirst(): boolean {
    let first: { readonly each: Waiting<T>; readonly queue: Queue<T> } | undefined;
    for (const queue of this.#queues.values()) {
      const [each] = queue.waiting;
      if (each && (first === undefined || each.dueAt < first.each.dueAt)) first = { each, queue };
    }
    if (first === undefined) return false;
    first.queue.waiting.delete(first.each);
    this.#forget(first.each.what);
    return true;
  }

  /** Forgets all of them now. */
  clear(): void {
    const all = [...this.#queues.values()].flatMap(({ waiting }) => [...waiting]);
    for (const { stopTimer } of this.#queues.values()) stopTimer?.();
    this.#queues.clear();
    for (const { what } of all) this.#forget(what);
  }

  #queueOf(forMs: number): Queue<T> {
    const known = this.#queues.get(forMs);
    if (known !== undefined) return known;
    const queue: Queue<T> = { forMs, waiting: new Set(), stopTimer: undefined };
    this.#queues.set(forMs, queue);
    return queue;
  }

  #arm(queue: Queue<T>, delayMs: number): void {
    queue.stopTimer = this.#clock.setTimer(delayMs, () => this.#due(queue));
  }

  #due(queue: Queue<T>): void {
    queue.stopTimer = undefined;
    const now = this.#clock.now();
    for (const each of queue.waiting) {
      if (each.dueAt > now) return this.#arm(queue, each.dueAt - now);
      queue.waiting.delete(each);
      this.#forget(each.what);
    }
  }
}
