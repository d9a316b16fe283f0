import type { Disposable } from '../../domain/disposable.ts';
import type { ParkId, TenantId } from '../../domain/ids.ts';
import { listFor, type ListEntry, type Watcher, type WatchTarget } from '../../domain/park-list.ts';
import { isEnded, type ParkedCall } from '../../domain/park-state.ts';
import type { DialogEntry } from '../../sip/events/dialog-info.ts';
import type { ParkChange } from '../park/park-deps.ts';
import type { DialogList } from './dialog-list.ts';

/** Where parked calls come from. */
export interface ParkedCallSource {
  waiting(tenantId: TenantId): readonly ParkedCall[];
  onChanged(run: (change: ParkChange) => void): Disposable;
}

export interface ParkedCallListParts {
  readonly source: ParkedCallSource;
  readonly tenantId: TenantId;
  readonly watcher: () => Watcher;
  readonly target: WatchTarget;
  readonly entryOf: (entry: ListEntry) => DialogEntry;
  readonly onChanged: (urgency: ParkChange['urgency']) => void;
}

/** The parked calls of one subscription: what its watcher may see, and what is gone since it was last told. */
export class ParkedCallList implements DialogList {
  readonly #parts: ParkedCallListParts;
  readonly #watching: Disposable;
  /** What the last NOTIFY showed as live. */
  #shown = new Map<ParkId, ListEntry['kind']>();
  /** Ended since, not told yet. */
  #gone: ListEntry[] = [];

  constructor(parts: ParkedCallListParts) {
    this.#parts = parts;
    this.#watching = parts.source.onChanged((change) => this.#changed(change));
  }

  take(): readonly DialogEntry[] {
    const { source, tenantId, entryOf } = this.#parts;
    const live = this.#visible(source.waiting(tenantId));
    const gone = this.#gone;
    this.#gone = [];
    this.#shown = shownIn(live);
    return [...live, ...gone].map(entryOf);
  }

  rescope(): void {
    const { source, tenantId, onChanged } = this.#parts;
    const now = shownIn(this.#visible(source.waiting(tenantId)));
    const same = [...now].every(([parkId, kind]) => this.#shown.get(parkId) === kind);
    if (!same || now.size !== this.#shown.size) onChanged('at-once');
  }

  dispose(): void {
    this.#watching.dispose();
  }

  #changed({ call, urgency }: ParkChange): void {
    if (call.facts.tenantId !== this.#parts.tenantId || this.#isElsewhere(call)) return;
    const entries = this.#visible([call]);
    if (entries.length === 0) {
      // It has moved to another slot: the next full state is without it.
      if (this.#shown.delete(call.facts.parkId)) this.#parts.onChanged('at-once');
      return;
    }
    if (isEnded(call.state)) {
      // A call that came and went between two NOTIFYs was never shown: its end is nobody's news.
      if (!this.#shown.delete(call.facts.parkId)) return;
      this.#gone.push(...entries);
    }
    this.#parts.onChanged(urgency);
  }

  /** On a slot that is not watched, and not just moved there: what most keys of a busy office are told. */
  #isElsewhere({ facts }: ParkedCall): boolean {
    const { target } = this.#parts;
    return target.kind === 'slot' && target.slot !== facts.slot && !this.#shown.has(facts.parkId);
  }

  #visible(calls: readonly ParkedCall[]): readonly ListEntry[] {
    return listFor(this.#parts.watcher(), this.#parts.target, calls);
  }
}

function shownIn(entries: readonly ListEntry[]): Map<ParkId, ListEntry['kind']> {
  return new Map(entries.map(({ kind, call }) => [call.facts.parkId, kind]));
}
