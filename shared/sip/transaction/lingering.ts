import type { SipClock } from './ports.ts';

/** Least time between two looks at a queue, ms: a thousand answers a second are not worth a thousand timers. */
const LEAST_PAUSE_MS = 100;

/**
 * What is kept of transactions that are over for their users, while late messages of theirs may still come. There are
 * tens of thousands of them on a busy server, so each is a few words, and those that wait equally long share a timer.
 * One that did not begin its queue may be kept up to 100 ms longer than asked for.
 */
export class Lingering<T extends object> {
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
    queue.push(what, this.#clock.now() + forMs);
    if (queue.stopTimer === undefined) this.#arm(queue, forMs);
  }

  /** Forgets the one whose time is over soonest now, to make room. @returns false: there is none */
  forgetFirst(): boolean {
    let first: Queue<T> | undefined;
    for (const queue of this.#queues.values()) {
      if (queue.nextDueAt < (first?.nextDueAt ?? Number.POSITIVE_INFINITY)) first = queue;
    }
    const what = first?.shift();
    if (what === undefined) return false;
    this.#forget(what);
    return true;
  }

  /** Forgets all of them now. */
  clear(): void {
    const all = [...this.#queues.values()];
    this.#queues.clear();
    for (const queue of all) {
      queue.stopTimer?.();
      for (let what = queue.shift(); what; what = queue.shift()) this.#forget(what);
    }
  }

  #queueOf(forMs: number): Queue<T> {
    const known = this.#queues.get(forMs);
    if (known !== undefined) return known;
    const queue = new Queue<T>();
    this.#queues.set(forMs, queue);
    return queue;
  }

  #arm(queue: Queue<T>, delayMs: number): void {
    queue.stopTimer = this.#clock.setTimer(delayMs, () => this.#due(queue));
  }

  #due(queue: Queue<T>): void {
    queue.stopTimer = undefined;
    const now = this.#clock.now();
    while (queue.nextDueAt <= now) {
      const what = queue.shift();
      if (what !== undefined) this.#forget(what);
    }
    if (queue.nextDueAt === Number.POSITIVE_INFINITY) return;
    this.#arm(queue, Math.max(LEAST_PAUSE_MS, queue.nextDueAt - now));
  }
}

/**
 * Those that wait equally long: the next one to go comes first. Taking one takes constant time; a set or an array would look at all
 * that were taken before, or move what is left.
 */
class Queue<T extends object> {
  stopTimer: (() => void) | undefined = undefined;
  #what: (T | undefined)[] = [];
  /** Beside them and not with them: so it is eight bytes each. */
  #dueAt: number[] = [];
  #first = 0;

  /** Infinity when there is none. */
  get nextDueAt(): number {
    return this.#dueAt[this.#first] ?? Number.POSITIVE_INFINITY;
  }

  push(what: T, dueAt: number): void {
    this.#what.push(what);
    this.#dueAt.push(dueAt);
  }

  shift(): T | undefined {
    const what = this.#what[this.#first];
    if (what === undefined) return undefined;
    this.#what[this.#first] = undefined;
    this.#first += 1;
    // What is left is moved once for every two that go.
    if (this.#first * 2 > this.#what.length) {
      this.#what = this.#what.slice(this.#first);
      this.#dueAt = this.#dueAt.slice(this.#first);
      this.#first = 0;
    }
    return what;
  }
}
