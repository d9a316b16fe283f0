import { onDispose, type Disposable } from '../../shared/domain/disposable.ts';

/** One stream of events with any number of listeners; a listener added or removed while one is told is told from the next on. */
export class Emitter<Event> {
  #listeners: readonly ((event: Event) => void)[] = [];

  listen(run: (event: Event) => void): Disposable {
    this.#listeners = [...this.#listeners, run];
    return onDispose(() => {
      this.#listeners = this.#listeners.filter((each) => each !== run);
    });
  }

  emit(event: Event): void {
    for (const run of this.#listeners) run(event);
  }
}
