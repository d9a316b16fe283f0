import type { PageRestart } from '../shared/bridge/contract.ts';
import type { DesktopLabels, PhoneSnapshot } from '../shared/bridge/snapshot.ts';

export type CrashWords = Pick<DesktopLabels, 'crashedOften' | 'startAgain' | 'quit'>;

/** Of a page that never got as far as to say anything. */
const NO_WORDS: CrashWords = {
  crashedOften: 'The window of Parkline has crashed several times.',
  startAgain: 'Start again',
  quit: 'Quit',
};

export interface PageRestartsOptions {
  /** Asks the user outside the page, which is not there. */
  readonly ask: (words: CrashWords) => Promise<'start' | 'quit'>;
  readonly start: () => void;
  readonly quit: () => void;
}

/** What a page that is started in place of another one has to tell its user, and what is asked when it crashes too often. */
export class PageRestarts {
  readonly #options: PageRestartsOptions;
  #untold: PageRestart | null = null;
  #words = NO_WORDS;
  #down = false;

  constructor(options: PageRestartsOptions) {
    this.#options = options;
  }

  /** Nothing starts the page anew but its user. */
  get isDown(): boolean {
    return this.#down;
  }

  /** @param last what the page said last; `null` when it never did */
  note(why: PageRestart['why'], last: PhoneSnapshot | null, again: boolean): void {
    const calls = (last?.calls ?? []).filter(({ state }) => state !== 'ending');
    const earlier = this.#untold?.calls ?? [];
    this.#untold = { why, calls: [...earlier, ...calls.map(partyOf)] };
    if (last !== null) this.#words = last.labels;
    this.#down = !again;
    if (this.#down) void this.#ask();
  }

  start(): void {
    this.#down = false;
    this.#options.start();
  }

  /** Once, then it is forgotten. */
  take(): PageRestart | null {
    const untold = this.#untold;
    this.#untold = null;
    return untold;
  }

  async #ask(): Promise<void> {
    const answer = await this.#options.ask(this.#words);
    // The tray may have been quicker.
    if (!this.#down) return;
    if (answer === 'start') this.start();
    else this.#options.quit();
  }
}

const partyOf = ({ name, number }: PhoneSnapshot['calls'][number]) => ({ name, number });

/** What views show while there is no page: nothing is known, and nobody talks. */
export function withoutPage(last: PhoneSnapshot): PhoneSnapshot {
  const { labels } = last;
  return {
    ...last,
    registration: 'offline',
    parkList: 'unknown',
    waiting: 0,
    parked: [],
    calls: [],
    alerts: [],
    muted: false,
    labels: { ...labels, status: labels.windowDown },
  };
}
