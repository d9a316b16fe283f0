import type { SipClock } from './ports.ts';

interface Waiting<T> {
  readonly what: T;
  readonly dueAt: number;
}

interface Queue<T> {
  readonly forMs: number;
  /** The next one to go comes first: all of them wait equally long. */
  readonly waiting: Fifo<Waiting<T>>;
  stopTimer: (() => void) | undefined;
}

/** Least time between two looks at a queue, ms: a thousand answers a second are not worth a thousand timers. */
const LEAST_PAUSE_MS = 100;

/**
 * What is kept of transactions that are over for their users, while late messages of theirs may still come. There are
 * tens of thousands of them on a busy server, so each is a few words, and those that wait equally long share a timer.
 * One that did not begin its queue may be kept up to 100 ms longer than asked for.
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
    queue.waiting.push({ what, dueAt: this.#clock.now() + forMs });
    if (queue.stopTimer === undefined) this.#arm(queue, forMs);
  }

  /** Forgets the one whose time is over soonest now, to make room. @returns false: there is none */
  forgetFirst(): boolean {
    let first: { readonly dueAt: number; readonly queue: Queue<T> } | undefined;
    for (const queue of this.#queues.values()) {
      const dueAt = queue.waiting.first?.dueAt;
      if (dueAt !== undefined && (first === undefined || dueAt < first.dueAt)) {
        first = { dueAt, queue };
      }
    }
    const taken = first?.queue.waiting.shift();
    if (taken === undefined) return false;
    this.#forget(taken.what);
    return true;
  }

  /** Forgets all of them now. */
  clear(): void {
    const all = [...this.#queues.values()];
    this.#queues.clear();
    for (const { stopTimer, waiting } of all) {
      stopTimer?.();
      for (let each = waiting.shift(); each; each = waiting.shift()) this.#forget(each.what);
    }
  }

  #queueOf(forMs: number): Queue<T> {
    const known = this.#queues.get(forMs);
    if (known !== undefined) return known;
    const queue: Queue<T> = { forMs, waiting: new Fifo(), stopTimer: undefined };
    this.#queues.set(forMs, queue);
    return queue;
  }

  #arm(queue: Queue<T>, delayMs: number): void {
    queue.stopTimer = this.#clock.setTimer(delayMs, () => this.#due(queue));
  }

  #due(queue: Queue<T>): void {
    queue.stopTimer = undefined;
    const now = this.#clock.now();
    const { waiting } = queue;
    for (let each = waiting.first; each; each = waiting.first) {
      if (each.dueAt > now) {
        return this.#arm(queue, Math.max(LEAST_PAUSE_MS, each.dueAt - now));
      }
      waiting.shift();
      this.#forget(each.what);
    }
  }
}

/** First in, first out, in constant time: a set or an array looks at all that was taken out before, or moves what is left. */
class Fifo<T> {
  #items: (T | undefined)[] = [];
  #at = 0;

  get first(): T | undefined {
    return this.#items[this.#at];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#at];
    if (item === undefined) return undefined;
    this.#items[this.#at] = undefined;
    this.#at += 1;
    // What is left is moved once for every two that go.
    if (this.#at * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#at);
      this.#at = 0;
    }
    return item;
  }
}
