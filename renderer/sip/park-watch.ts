import type { UA } from 'jssip';
import type { Clock } from '../../shared/domain/clock.ts';
import type { Disposable } from '../../shared/domain/disposable.ts';
import { makeParkId } from '../../shared/domain/ids.ts';
import {
  foldSlot,
  forgetSlots,
  newSlotTable,
  type SlotEvent,
} from '../../shared/phone/park-slots.ts';
import type { ParkSource } from '../../shared/phone/pbx-profile.ts';
import { ParkSubscription } from './park-subscription.ts';
import type { ParkListEvent } from './phone-line.ts';

/** Whatever the phone learns from what is parked. */
export interface ParkWatch extends Disposable {
  /** The line is registered (again). */
  start(): void;
  /** Ask for everything anew. */
  refresh(): void;
  /** What came cannot be used: ask anew, less and less often while that goes on. */
  again(): void;
  /** Something I did must show; if it does not in time, ask. */
  expectChange(): void;
  /** The connection is gone. */
  lose(): void;
  /** Unsubscribes. */
  stop(): void;
}

export interface ParkWatchDeps {
  readonly ua: UA;
  readonly clock: Clock;
  /** The address of what one would dial. */
  uriOf(digits: string): string;
  onEvent(event: ParkListEvent): void;
}

/** The watch that this PBX calls for. */
export function watchParks(source: ParkSource, deps: ParkWatchDeps): ParkWatch {
  switch (source.kind) {
    case 'list':
      return new ParkSubscription({ ...deps, target: deps.uriOf(source.digits) });
    case 'slots':
      return new SlotWatch(source.slots, deps);
    case 'push':
    case 'none':
      return new NoWatch(deps);
  }
}

/** So many new subscriptions at once, then a pause: a parking lot is no storm. */
const AT_ONCE = 8;
const PAUSE_MS = 150;
/** How long a slot that said nonsense is left alone. */
const AGAIN_MS = 5_000;

/** One subscription for each slot of a parking lot, folded into one list. */
class SlotWatch implements ParkWatch {
  readonly #deps: ParkWatchDeps;
  readonly #subscriptions: ReadonlyMap<string, ParkSubscription>;
  #table;
  #running = false;
  #pending: Disposable[] = [];

  constructor(slots: readonly string[], deps: ParkWatchDeps) {
    this.#deps = deps;
    this.#table = newSlotTable(slots);
    this.#subscriptions = new Map(
      slots.map((slot) => [
        slot,
        new ParkSubscription({
          ua: deps.ua,
          clock: deps.clock,
          target: deps.uriOf(slot),
          onEvent: (event) => this.#onSlot(slot, event),
        }),
      ]),
    );
  }

  start(): void {
    this.#cancelPending();
    this.#running = true;
    this.#table = forgetSlots(this.#table);
    this.#deps.onEvent({ kind: 'subscribed' });
    if (this.#subscriptions.size === 0) return this.#deps.onEvent({ kind: 'unsupported' });
    this.#each((subscription) => subscription.start());
  }

  refresh(): void {
    if (this.#running) this.#each((subscription) => subscription.refresh());
  }

  again(): void {
    this.refresh();
  }

  expectChange(): void {
    // Which slot it will be is the PBX's choice.
  }

  lose(): void {
    this.#halt();
    this.#table = forgetSlots(this.#table);
    for (const subscription of this.#subscriptions.values()) subscription.lose();
    this.#deps.onEvent({ kind: 'lost' });
  }

  stop(): void {
    this.#halt();
    for (const subscription of this.#subscriptions.values()) subscription.stop();
  }

  dispose(): void {
    this.stop();
  }

  #halt(): void {
    this.#running = false;
    this.#cancelPending();
  }

  #cancelPending(): void {
    for (const pending of this.#pending) pending.dispose();
    this.#pending = [];
  }

  #each(run: (subscription: ParkSubscription) => void): void {
    [...this.#subscriptions.values()].forEach((subscription, place) => {
      const wave = Math.floor(place / AT_ONCE);
      if (wave === 0) run(subscription);
      else this.#later(wave * PAUSE_MS, () => run(subscription));
    });
  }

  #later(delayMs: number, run: () => void): void {
    this.#pending.push(this.#deps.clock.after(delayMs, run));
  }

  #onSlot(slot: string, event: SlotEvent): void {
    if (!this.#running) return;
    const newId = () => makeParkId(crypto.getRandomValues(new Uint8Array(16)));
    const { table, news, gap } = foldSlot(this.#table, { slot, event, newId });
    this.#table = table;
    if (gap) this.#later(AGAIN_MS, () => this.#subscriptions.get(slot)?.refresh());
    if (news.kind !== 'nothing') this.#deps.onEvent(news);
  }
}

/** The PBX keeps no list that could be watched. */
class NoWatch implements ParkWatch {
  readonly #deps: ParkWatchDeps;

  constructor(deps: ParkWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#deps.onEvent({ kind: 'unsupported' });
  }

  refresh(): void {}

  again(): void {}

  expectChange(): void {}

  lose(): void {}

  stop(): void {}

  dispose(): void {}
}
