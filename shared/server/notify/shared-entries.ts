import type { EpochMs } from '../../domain/ids.ts';
import type { ListEntry } from '../../domain/park-list.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import type { DialogEntry } from '../../sip/events/dialog-info.ts';

/** What, besides the call and the time, makes one watcher's entry different from another's. */
export interface EntryView {
  readonly host: string;
  readonly dialogState: 'confirmed' | 'early';
}

/**
 * Makes each entry once for all who are shown the same in the same turn of the event loop: a park that a hundred devices
 * watch is a hundred NOTIFYs, but one entry. Nothing is kept longer, so an entry is never older than what it was made from.
 */
export class SharedEntries {
  readonly #clock: { now(): EpochMs };
  readonly #made = new Map<ParkedCall, Map<string, DialogEntry>>();
  #now: EpochMs | undefined;

  constructor(clock: { now(): EpochMs }) {
    this.#clock = clock;
  }

  /** @param make writes the entry as of `now`, when nobody needed it before */
  entry(
    { kind, call }: ListEntry,
    { host, dialogState }: EntryView,
    make: (now: EpochMs) => DialogEntry,
  ): DialogEntry {
    const now = this.#clock.now();
    if (now !== this.#now) this.#begin(now);
    const known = this.#made.get(call);
    const entries = known ?? new Map<string, DialogEntry>();
    if (known === undefined) this.#made.set(call, entries);
    const key = `${kind} ${dialogState} ${host}`;
    const entry = entries.get(key) ?? make(now);
    entries.set(key, entry);
    return entry;
  }

  /** What entries are made from has changed. */
  forget(): void {
    this.#made.clear();
    this.#now = undefined;
  }

  #begin(now: EpochMs): void {
    if (this.#now === undefined) queueMicrotask(() => this.forget());
    this.#made.clear();
    this.#now = now;
  }
}
