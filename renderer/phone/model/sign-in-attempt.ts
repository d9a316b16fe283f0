/** One press of Sign in, or of Check, until it is given up: by Cancel, or by a later press. */
export class SignInAttempt {
  /** Resolves when it is given up; otherwise never. */
  readonly over: Promise<null>;
  #tellOver: (over: null) => void = () => {};
  #isOver = false;

  constructor() {
    this.over = new Promise((resolve) => {
      this.#tellOver = resolve;
    });
  }

  isOver(): boolean {
    return this.#isOver;
  }

  giveUp(): void {
    this.#isOver = true;
    this.#tellOver(null);
  }

  /** What comes of `wait`; `null` as soon as it is given up. */
  unlessOver<T>(wait: Promise<T>): Promise<T | null> {
    return Promise.race([wait, this.over]);
  }
}
