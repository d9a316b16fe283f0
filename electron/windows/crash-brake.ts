const WITHIN_MS = 60_000;
const MOST = 3;

/** Lets a page that crashed start again, but not for ever: three times a minute. */
export class CrashBrake {
  #crashes: number[] = [];

  /** @param now monotonic, milliseconds */
  mayRestart(now: number): boolean {
    this.#crashes = [...this.#crashes.filter((at) => now - at < WITHIN_MS), now];
    return this.#crashes.length <= MOST;
  }
}
