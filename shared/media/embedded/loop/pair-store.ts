/** Port pairs bound ahead of the legs that will use them, so that opening a leg hardly ever waits. */

/** So many are in store when there is demand … */
const STOCK = 16;
/** … and are ordered again when there are fewer than this. */
const LOW = 8;

export interface PairSource {
  /** Asks for pairs on an address; `put` brings as many as there are, at most `count`, for every order. */
  readonly order: (bind: string, count: number) => void;
  /** Puts what has come for orders so far; `wait`: blocks until every order is filled. */
  readonly collect: (how: { readonly wait: boolean }) => void;
}

interface Shelf {
  readonly ports: number[];
  ordered: boolean;
}

export class PairStore {
  readonly #source: PairSource;
  readonly #shelves = new Map<string, Shelf>();

  constructor(source: PairSource) {
    this.#source = source;
  }

  /** @returns undefined when the port range is used up */
  take(bind: string): number | undefined {
    const shelf = this.#shelf(bind);
    if (shelf.ordered) this.#source.collect({ wait: shelf.ports.length === 0 });
    if (shelf.ports.length === 0) {
      this.#order(bind, shelf);
      this.#source.collect({ wait: true });
    } else if (shelf.ports.length <= LOW && !shelf.ordered) this.#order(bind, shelf);
    // In the order in which they were bound, so that each has rested as long as possible.
    return shelf.ports.shift();
  }

  put(bind: string, ports: readonly number[]): void {
    const shelf = this.#shelf(bind);
    shelf.ports.push(...ports);
    shelf.ordered = false;
  }

  #order(bind: string, shelf: Shelf): void {
    shelf.ordered = true;
    this.#source.order(bind, STOCK - shelf.ports.length);
  }

  #shelf(bind: string): Shelf {
    const shelf = this.#shelves.get(bind) ?? { ports: [], ordered: false };
    this.#shelves.set(bind, shelf);
    return shelf;
  }
}
