import type { SipClock } from './ports.ts';
import type { Step } from './machine.ts';

/**
 * Keeps one machine's state and feeds it inputs one after the other: what an action provokes while it is performed (a failed send, a
 * reply from a callback) waits until the actions of the current step are done.
 */
export class MachineRunner<State extends { readonly kind: string }, Input, Action> {
  readonly #step: (state: State, input: Input) => Step<State, Action>;
  readonly #perform: (action: Action) => void;
  readonly #waiting: Input[] = [];
  #state: State;
  #busy = false;

  constructor(
    first: State,
    step: (state: State, input: Input) => Step<State, Action>,
    perform: (action: Action) => void,
  ) {
    this.#state = first;
    this.#step = step;
    this.#perform = perform;
  }

  get state(): State {
    return this.#state;
  }

  /** Performs the actions that come with the first state. */
  start(actions: readonly Action[]): void {
    this.#busy = true;
    try {
      for (const action of actions) this.#perform(action);
    } finally {
      this.#busy = false;
    }
    this.#drain();
  }

  feed(input: Input): void {
    this.#waiting.push(input);
    if (!this.#busy) this.#drain();
  }

  #drain(): void {
    this.#busy = true;
    try {
      for (let input = this.#waiting.shift(); input !== undefined; input = this.#waiting.shift()) {
        const { state, actions } = this.#step(this.#state, input);
        this.#state = state;
        for (const action of actions) this.#perform(action);
      }
    } finally {
      this.#busy = false;
    }
  }
}

/** The named one-shot timers of one transaction. */
export class TimerSet<Name extends string> {
  readonly #clock: SipClock;
  readonly #fired: (name: Name) => void;
  /** Two or three at most: a hash table would cost more than looking through them. */
  readonly #running: { readonly name: Name; readonly stop: () => void }[] = [];

  constructor(clock: SipClock, fired: (name: Name) => void) {
    this.#clock = clock;
    this.#fired = fired;
  }

  /** Starts the timer, anew if it runs. */
  arm(name: Name, delayMs: number): void {
    this.disarm(name);
    const stop = this.#clock.setTimer(delayMs, () => {
      this.#take(name);
      this.#fired(name);
    });
    this.#running.push({ name, stop });
  }

  disarm(name: Name): void {
    this.#take(name)?.stop();
  }

  dispose(): void {
    for (const { stop } of this.#running) stop();
    this.#running.length = 0;
  }

  #take(name: Name): { readonly stop: () => void } | undefined {
    const at = this.#running.findIndex((timer) => timer.name === name);
    return at < 0 ? undefined : this.#running.splice(at, 1)[0];
  }
}
