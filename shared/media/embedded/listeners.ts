/** A list of callbacks. One that is added or removed while they run takes effect from the next time on. */
import { onDispose } from '../../domain/disposable.ts';
import type { Disposable } from '../../domain/disposable.ts';

export class Listeners<T extends readonly unknown[]> {
  readonly #runs = new Set<(...args: T) => void>();

  add(run: (...args: T) => void): Disposable {
    const own = (...args: T): void => run(...args); // the same function may be added twice
    this.#runs.add(own);
    return onDispose(() => this.#runs.delete(own));
  }

  emit(...args: T): void {
    for (const run of [...this.#runs]) run(...args);
  }

  clear(): void {
    this.#runs.clear();
  }
}
