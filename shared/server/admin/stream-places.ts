import type { Disposable } from '../../domain/disposable.ts';

/** So many streams one admin account may have open at once: a page takes one, and nobody has so many open. */
export const MOST_STREAMS_EACH = 20;

/** Counts each admin's event streams, so that one account cannot take the places of all. */
export class StreamPlaces {
  readonly #taken = new Map<string, number>();

  /** Whether this admin has so many streams open that there may be no further one. */
  isFull(adminId: string): boolean {
    return (this.#taken.get(adminId) ?? 0) >= MOST_STREAMS_EACH;
  }

  /** @returns gives the place back when disposed, once */
  take(adminId: string): Disposable {
    this.#add(adminId, 1);
    let isTaken = true;
    return {
      dispose: () => {
        if (isTaken) this.#add(adminId, -1);
        isTaken = false;
      },
    };
  }

  #add(adminId: string, change: 1 | -1): void {
    const taken = (this.#taken.get(adminId) ?? 0) + change;
    if (taken === 0) this.#taken.delete(adminId);
    else this.#taken.set(adminId, taken);
  }
}
