import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../../../shared/domain/clock.ts';
import type { Problem } from './problem.ts';

export interface Notice {
  readonly key: number;
  readonly tone: 'good' | 'bad';
  readonly words: Problem;
}

const STAYS_MS = 8_000;

/** Short words about what was just done. Good news goes by itself, bad news stays. */
export class Notices {
  readonly state: StoreApi<readonly Notice[]> = createStore<readonly Notice[]>(() => []);
  readonly #clock: Clock;
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  say(words: Problem, tone: Notice['tone'] = 'good'): void {
    const key = this.#next;
    this.#next += 1;
    this.state.setState([...this.state.getState(), { key, tone, words }], true);
    if (tone === 'good') this.#clock.after(STAYS_MS, () => this.dismiss(key));
  }

  dismiss(key: number): void {
    this.state.setState(
      this.state.getState().filter((notice) => notice.key !== key),
      true,
    );
  }
}
