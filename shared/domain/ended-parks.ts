import type { EpochMs, Extension, GroupId, ParkId, TenantId } from './ids.ts';
import type { Ended, ParkedCall, ParkFacts, ParkParty } from './park-state.ts';

/** What is remembered of a parked call that is over, so that a late retriever learns who took it. */
export interface EndedPark {
  readonly parkId: ParkId;
  readonly tenantId: TenantId;
  readonly slot: Extension;
  readonly group: ParkFacts['group'];
  readonly parker: ParkParty;
  readonly end: Ended;
}

export interface EndedParksLimits {
  /** How long a code finds the last call that ended there, in ms; WIRE.md §4: 30 s. */
  readonly bySlotMs: number;
  /** How long an id finds its call, in ms; WIRE.md §4: 24 h. */
  readonly byIdMs: number;
  /** Most calls remembered; the oldest are forgotten first. */
  readonly capacity: number;
}

export const defaultEndedParksLimits: EndedParksLimits = {
  bySlotMs: 30_000,
  byIdMs: 86_400_000,
  capacity: 50_000,
};

/** The bounded memory of ended parked calls. Both maps are in order of the end, so that forgetting starts at the front. */
export class EndedParks {
  readonly #limits: EndedParksLimits;
  readonly #byId = new Map<ParkId, EndedPark>();
  readonly #bySlot = new Map<string, EndedPark>();

  constructor(limits: EndedParksLimits = defaultEndedParksLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Remembers a call that ended. A park that failed was never seen by anyone and is not remembered. */
  remember(call: ParkedCall, end: Ended): void {
    if (end.kind === 'failed') return;
    const { parkId, tenantId, slot, group, parker } = call.facts;
    const ended: EndedPark = { parkId, tenantId, slot, group, parker, end };
    this.#byId.set(parkId, ended);
    putLast(this.#bySlot, slotKey(tenantId, slot), ended);
    if (group !== null) putLast(this.#bySlot, groupKey(tenantId, group.id), ended);
    this.#forget(end.at);
  }

  byId(tenantId: TenantId, parkId: ParkId, now: EpochMs): EndedPark | undefined {
    const ended = this.#byId.get(parkId);
    if (ended === undefined || ended.tenantId !== tenantId) return undefined;
    return now - ended.end.at <= this.#limits.byIdMs ? ended : undefined;
  }

  /** The call that ended last on this extension. */
  bySlot(tenantId: TenantId, slot: Extension, now: EpochMs): EndedPark | undefined {
    return this.#recent(slotKey(tenantId, slot), now);
  }

  /** The call that ended last among those parked to this group. */
  byGroup(tenantId: TenantId, groupId: GroupId, now: EpochMs): EndedPark | undefined {
    return this.#recent(groupKey(tenantId, groupId), now);
  }

  #recent(key: string, now: EpochMs): EndedPark | undefined {
    const ended = this.#bySlot.get(key);
    return ended !== undefined && now - ended.end.at <= this.#limits.bySlotMs ? ended : undefined;
  }

  #forget(now: EpochMs): void {
    dropWhile(this.#bySlot, (ended) => now - ended.end.at > this.#limits.bySlotMs);
    dropWhile(
      this.#byId,
      (ended) =>
        this.#byId.size > this.#limits.capacity || now - ended.end.at > this.#limits.byIdMs,
    );
  }
}

function slotKey(tenantId: TenantId, slot: Extension): string {
  return `slot ${tenantId} ${slot}`;
}

function groupKey(tenantId: TenantId, groupId: GroupId): string {
  return `group ${tenantId} ${groupId}`;
}

function putLast<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
}

function dropWhile<K>(map: Map<K, EndedPark>, drop: (ended: EndedPark) => boolean): void {
  for (const [key, ended] of map) {
    if (!drop(ended)) return;
    map.delete(key);
  }
}
