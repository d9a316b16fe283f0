import type { Disposable } from '../../domain/disposable.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Registrar } from '../ports/registrar.ts';

/**
 * Who does not want to be disturbed, for colleagues to see: a ring group calls others first, nothing else depends on it. Of several phones of one user the latest
 * word counts. Kept in memory alone: phones say it again whenever they register anew.
 */
export class DoNotDisturb implements Disposable {
  readonly #registrar: Pick<Registrar, 'bindingsOf' | 'onChanged'>;
  readonly #users = new Set<UserId>();
  readonly #subscription: Disposable;

  constructor(registrar: Pick<Registrar, 'bindingsOf' | 'onChanged'>) {
    this.#registrar = registrar;
    this.#subscription = registrar.onChanged((userId) => {
      if (registrar.bindingsOf(userId).length === 0) this.#users.delete(userId);
    });
  }

  has(userId: UserId): boolean {
    return this.#users.has(userId);
  }

  /** A user without any phone registered is signed out, and a word that comes late is not kept. */
  set(userId: UserId, on: boolean): void {
    if (on && this.#registrar.bindingsOf(userId).length > 0) this.#users.add(userId);
    else this.#users.delete(userId);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#users.clear();
  }
}
