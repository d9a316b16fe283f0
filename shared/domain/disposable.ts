/** What a subscription, a timer or a socket hands back. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** A disposable that runs `release` the first time it is disposed. */
export function onDispose(release: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      release();
    },
  };
}

/** Owns disposables and ends them in reverse order. One that is added after the end is ended at once. */
export class DisposableStore implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /**
   * Ends everything owned. A failing one does not keep the others from ending.
   * @throws AggregateError with every failure, after all have been tried
   */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const failures: unknown[] = [];
    for (const item of this.#items.reverse()) {
      try {
        item.dispose();
      } catch (cause) {
        failures.push(cause);
      }
    }
    this.#items = [];
    if (failures.length > 0) throw new AggregateError(failures, 'Disposing failed');
  }
}
