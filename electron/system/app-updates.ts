import { MAX_NOTES } from '../../shared/bridge/update.ts';
import type { UpdateProblem, UpdateState } from '../../shared/bridge/update.ts';

/** What fetches and installs new versions; electron-updater is behind it. */
export interface UpdateEngine {
  /** Whether this installation can replace itself: not one of a package manager, nor a checkout. */
  isActive(): boolean;
  /** @returns the newer version, or `null`; rejects with an {@link UpdateError} */
  check(feed: string): Promise<{ readonly version: string; readonly notes: string } | null>;
  /** Fetches what the last check found, and holds it against the promised hash; rejects with an {@link UpdateError}. */
  fetch(onPercent: (percent: number) => void): Promise<void>;
  /** Ends the app and starts the new version. */
  install(): void;
}

export class UpdateError extends Error {
  readonly problem: UpdateProblem;

  constructor(problem: UpdateProblem, cause: unknown) {
    super(`update: ${problem}`, { cause });
    this.problem = problem;
  }
}

export interface AppUpdatesOptions {
  readonly engine: UpdateEngine;
  /** Origin of the account's own server, which offers new versions to its users; `null` before it is known. */
  readonly server: () => string | null;
  readonly onChange: (state: UpdateState) => void;
  /** Asks the user during a call, then ends in `install`. */
  readonly askToInstall: () => void;
}

/**
 * New versions come from the account's own server (`/downloads/`). Nothing is fetched or installed unasked; what is fetched must
 * have the hash that the list of versions promises.
 */
export class AppUpdates {
  readonly #options: AppUpdatesOptions;
  #state: UpdateState;

  constructor(options: AppUpdatesOptions) {
    this.#options = options;
    this.#state = { kind: options.engine.isActive() ? 'idle' : 'not-here' };
  }

  get state(): UpdateState {
    return this.#state;
  }

  async check(): Promise<void> {
    if (!this.#mayCheck()) return;
    const feed = feedOf(this.#options.server());
    if (feed === null) return this.#set({ kind: 'failed', problem: 'no-feed' });
    this.#set({ kind: 'checking' });
    try {
      const found = await this.#options.engine.check(feed);
      this.#set(
        found === null
          ? { kind: 'up-to-date' }
          : { kind: 'offered', version: found.version, notes: found.notes.slice(0, MAX_NOTES) },
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  async fetch(): Promise<void> {
    const offered = this.#state;
    if (offered.kind !== 'offered') return;
    const { version, notes } = offered;
    this.#set({ kind: 'fetching', version, percent: 0 });
    try {
      await this.#options.engine.fetch((percent) => {
        const rounded = Math.max(0, Math.min(100, Math.round(percent)));
        const now = this.#state;
        if (now.kind !== 'fetching' || now.percent === rounded) return;
        this.#set({ kind: 'fetching', version, percent: rounded });
      });
      this.#set({ kind: 'ready', version, notes });
    } catch (error) {
      this.#fail(error);
    }
  }

  askToInstall(): void {
    if (this.#state.kind === 'ready') this.#options.askToInstall();
  }

  install(): void {
    this.#options.engine.install();
  }

  #mayCheck(): boolean {
    switch (this.#state.kind) {
      case 'idle':
      case 'up-to-date':
      case 'offered':
      case 'failed':
        return true;
      case 'not-here':
      case 'checking':
      case 'fetching':
      case 'ready':
        return false;
    }
  }

  #fail(error: unknown): void {
    const problem = error instanceof UpdateError ? error.problem : 'other';
    this.#set({ kind: 'failed', problem });
  }

  #set(state: UpdateState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}

/**
 * Where a server offers new versions: over HTTPS, or on this very machine. Over plain HTTP anybody on the way could offer
 * programs.
 */
export function feedOf(server: string | null): string | null {
  if (server === null || !URL.canParse(server)) return null;
  const url = new URL(server);
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) return null;
  return new URL('/downloads/', url).href;
}
