import type { Extension, GroupId, RingGroupId, TenantId } from '../../domain/ids.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { DirectoryChange, GroupDirectory } from '../ports/directory.ts';

export interface GroupContents {
  readonly parkGroups: readonly ParkGroup[];
  readonly ringGroups: readonly RingGroup[];
}

/** The groups of all tenants as they were read from the store, found by whatever they are asked by. Never changes. */
export class GroupIndex implements GroupDirectory {
  readonly #contents: GroupContents;
  readonly #parkGroups: ByTenant<GroupId, ParkGroup>;
  readonly #ringGroups: ByTenant<RingGroupId, RingGroup>;
  readonly #groupOf = new Map<string, ParkGroup>();
  readonly #byNumber = new Map<string, RingGroup>();

  constructor(contents: GroupContents) {
    this.#contents = contents;
    this.#parkGroups = new ByTenant(contents.parkGroups);
    this.#ringGroups = new ByTenant(contents.ringGroups);
    for (const group of contents.parkGroups) {
      for (const member of group.members) this.#groupOf.set(key(group.tenantId, member), group);
    }
    for (const group of contents.ringGroups) {
      if (group.extension === undefined) continue;
      this.#byNumber.set(key(group.tenantId, group.extension), group);
    }
  }

  parkGroups(tenantId: TenantId): readonly ParkGroup[] {
    return this.#parkGroups.of(tenantId);
  }

  parkGroup(tenantId: TenantId, id: GroupId): ParkGroup | undefined {
    return this.#parkGroups.get(tenantId, id);
  }

  parkGroupOf(tenantId: TenantId, extension: Extension): ParkGroup | undefined {
    return this.#groupOf.get(key(tenantId, extension));
  }

  ringGroups(tenantId: TenantId): readonly RingGroup[] {
    return this.#ringGroups.of(tenantId);
  }

  ringGroup(tenantId: TenantId, id: RingGroupId): RingGroup | undefined {
    return this.#ringGroups.get(tenantId, id);
  }

  ringGroupByNumber(tenantId: TenantId, digits: string): RingGroup | undefined {
    return this.#byNumber.get(key(tenantId, digits));
  }

  /** What became different between this and a later state; ring groups first, so that who names one finds it. */
  changesTo(after: GroupIndex): readonly DirectoryChange[] {
    if (after === this) return [];
    const ring = compare(this.#contents.ringGroups, after.#contents.ringGroups);
    const park = compare(this.#contents.parkGroups, after.#contents.parkGroups);
    return [
      ...ring.changed.map((group) => ({ kind: 'ring-group-changed', group }) as const),
      ...park.changed.map((group) => ({ kind: 'park-group-changed', group }) as const),
      ...park.removed.map((group) => ({ kind: 'park-group-removed', group }) as const),
      ...ring.removed.map((group) => ({ kind: 'ring-group-removed', group }) as const),
    ];
  }
}

interface Named<Id> {
  readonly id: Id;
  readonly tenantId: TenantId;
  readonly name: string;
}

/** Things of each tenant, by name and by id. */
class ByTenant<Id extends string, Thing extends Named<Id>> {
  readonly #sorted = new Map<TenantId, Thing[]>();
  readonly #byId = new Map<Id, Thing>();

  constructor(things: readonly Thing[]) {
    const byName = new Intl.Collator('en', { numeric: true });
    for (const thing of things) {
      this.#byId.set(thing.id, thing);
      const list = this.#sorted.get(thing.tenantId);
      if (list === undefined) this.#sorted.set(thing.tenantId, [thing]);
      else list.push(thing);
    }
    for (const list of this.#sorted.values()) list.sort((a, b) => byName.compare(a.name, b.name));
  }

  of(tenantId: TenantId): readonly Thing[] {
    return this.#sorted.get(tenantId) ?? [];
  }

  get(tenantId: TenantId, id: Id): Thing | undefined {
    const found = this.#byId.get(id);
    return found?.tenantId === tenantId ? found : undefined;
  }
}

function compare<Thing extends { readonly id: string }>(
  before: readonly Thing[],
  after: readonly Thing[],
): { readonly changed: readonly Thing[]; readonly removed: readonly Thing[] } {
  const old = new Map(before.map((thing) => [thing.id, thing]));
  const changed = after.filter(
    (thing) => JSON.stringify(old.get(thing.id)) !== JSON.stringify(thing),
  );
  const kept = new Set(after.map(({ id }) => id));
  return { changed, removed: before.filter(({ id }) => !kept.has(id)) };
}

function key(tenantId: TenantId, digits: string): string {
  return `${tenantId}/${digits}`;
}
