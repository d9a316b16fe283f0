import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AdminStore } from '../store/admin-store.ts';

/**
 * Lets whoever started the server make the first admin. The token lives in this process alone, is good once, and for as
 * long as there is no admin; the next start without one makes another.
 */
export class SetupToken {
  readonly #admins: AdminStore;
  readonly #token = randomBytes(24).toString('base64url');
  #used = false;

  constructor(admins: AdminStore) {
    this.#admins = admins;
  }

  /** There is no admin yet. */
  get needed(): boolean {
    return !this.#used && this.#admins.all().length === 0;
  }

  /** For the URL that is printed; undefined once there is an admin. */
  get token(): string | undefined {
    return this.needed ? this.#token : undefined;
  }

  matches(token: string): boolean {
    const [given, expected] = [Buffer.from(token), Buffer.from(this.#token)];
    return this.needed && given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** @returns false when it was used meanwhile */
  use(): boolean {
    if (!this.needed) return false;
    this.#used = true;
    return true;
  }

  /** What it was used for did not succeed. */
  giveBack(): void {
    this.#used = false;
  }
}
