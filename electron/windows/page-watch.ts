/** How often the page is asked whether it is still there, ms. */
export const LOOK_EVERY_MS = 3_000;
/** A page that hangs for so long is not coming back, ms. */
const STUCK_AFTER_MS = 12_000;
/** In a call sound goes on while the page hangs; starting it anew would end the call. */
const STUCK_IN_A_CALL_MS = 30_000;

type WatchState =
  | { readonly kind: 'off' }
  | { readonly kind: 'answered' }
  /** `at`: monotonic, ms. */
  | { readonly kind: 'asked'; readonly at: number };

/**
 * Decides whether the page hangs. Chromium itself only notices when somebody presses something in a window that is in view; a
 * phone mostly waits in the tray, and must ring there.
 */
export class PageWatch {
  #state: WatchState = { kind: 'off' };
  #lookedAt = 0;

  /** A page was loaded. */
  start(): void {
    this.#state = { kind: 'answered' };
  }

  /** There is no page, or none that could answer. */
  stop(): void {
    this.#state = { kind: 'off' };
  }

  answered(): void {
    if (this.#state.kind === 'asked') this.#state = { kind: 'answered' };
  }

  /**
   * What to do now; called every {@link LOOK_EVERY_MS}.
   * @param now monotonic, ms
   */
  look(now: number, inACall: boolean): 'ask' | 'wait' | 'stuck' {
    // Whoever asks has slept, too: the machine was asleep or overloaded, and the page has had no time to answer.
    const late = now - this.#lookedAt > 2 * LOOK_EVERY_MS;
    this.#lookedAt = now;
    const state = this.#state;
    if (state.kind === 'off') return 'wait';
    if (state.kind === 'answered' || late) {
      this.#state = { kind: 'asked', at: now };
      return 'ask';
    }
    if (now - state.at < (inACall ? STUCK_IN_A_CALL_MS : STUCK_AFTER_MS)) return 'wait';
    this.#state = { kind: 'off' };
    return 'stuck';
  }
}
