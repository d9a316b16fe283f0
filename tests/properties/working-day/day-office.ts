import type { Clock } from '../../../shared/domain/clock.ts';
import { ParkDocuments, parkIdOf, type ParkedSketch } from '../../fakes/park-documents.ts';

/** A WebSocket as its two ends see it. */
export interface Connection {
  /** `dead`: nothing passes any more, and neither end was told. */
  state: 'alive' | 'dead' | 'closed';
}

/** Who is told of parked calls over one connection. */
export interface Watcher {
  readonly connection: Connection;
  hear(body: string): void;
}

/** How long a message is under way, ms. */
export const UNDER_WAY_MS = 40;

/** The server of the day: what is really parked, and who watches. */
export class DayOffice {
  readonly #clock: Clock;
  readonly #watchers = new Map<Watcher, ParkDocuments>();
  readonly #parked = new Map<string, ParkedSketch & { readonly since: number }>();
  #ids = 0;
  /** `away`: the network carries nothing. `down`: the server refuses connections. */
  reach: 'there' | 'away' | 'down' = 'there';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get parkedIds(): readonly string[] {
    return [...this.#parked.keys()];
  }

  get parked(): readonly ParkedSketch[] {
    return [...this.#parked.values()];
  }

  watchersOf(connection: Connection | null): number {
    return [...this.#watchers.keys()].filter((watcher) => watcher.connection === connection).length;
  }

  watch(watcher: Watcher): void {
    const documents = new ParkDocuments(() => this.#clock.now());
    this.#watchers.set(watcher, documents);
    watcher.hear(documents.full(this.#sketches()));
  }

  /** @returns false when there is no such subscription (481) */
  refresh(watcher: Watcher): boolean {
    const documents = this.#watchers.get(watcher);
    if (documents !== undefined) watcher.hear(documents.full(this.#sketches()));
    return documents !== undefined;
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  park(call: Omit<ParkedSketch, 'id'>): string {
    const id = parkIdOf((this.#ids += 1));
    this.#parked.set(id, { ...call, id, since: this.#clock.now() });
    this.#tell(id);
    return id;
  }

  change(id: string, changes: Partial<ParkedSketch>): void {
    const call = this.#parked.get(id);
    if (call === undefined) return;
    this.#parked.set(id, { ...call, ...changes });
    this.#tell(id);
  }

  /** @returns the call when it was still there */
  take(id: string, ended: NonNullable<ParkedSketch['ended']>): ParkedSketch | null {
    const call = this.#parked.get(id);
    if (call === undefined) return null;
    this.#parked.delete(id);
    for (const [watcher, documents] of this.#watchers)
      watcher.hear(documents.partial([{ ...call, ended }]));
    return call;
  }

  /** Says what nobody can read, or leaves a NOTIFY out. */
  mumble(how: 'nonsense' | 'gap'): void {
    for (const [watcher, documents] of this.#watchers) {
      if (how === 'gap') documents.lose();
      else watcher.hear('<dialog-info');
    }
  }

  /** Everything that was parked is lost, and everybody's connection with it. */
  restart(): void {
    this.#parked.clear();
    this.#watchers.clear();
  }

  /** This end has learnt that the connection is gone. */
  forget(connection: Connection): void {
    for (const watcher of this.#watchers.keys())
      if (watcher.connection === connection) this.#watchers.delete(watcher);
  }

  #tell(id: string): void {
    const call = this.#sketches().find((each) => each.id === id);
    if (call === undefined) return;
    for (const [watcher, documents] of this.#watchers) watcher.hear(documents.partial([call]));
  }

  #sketches(): readonly ParkedSketch[] {
    const now = this.#clock.now();
    return [...this.#parked.values()].map(({ since, ...call }) => ({
      ...call,
      waited: (now - since) / 1000,
    }));
  }
}
