import { onDispose, type Disposable } from '../../shared/domain/disposable.ts';
import type { Extension, GroupId, RingGroupId, TenantId } from '../../shared/domain/ids.ts';
import type { ParkGroup } from '../../shared/domain/park-group.ts';
import type { RingGroup } from '../../shared/domain/ring-group.ts';
import type { DirectoryChange, GroupDirectory } from '../../shared/server/ports/directory.ts';

/** Groups in a list, set by a test; whoever watches the directory is told at once. */
export class FakeGroups implements GroupDirectory {
  readonly #parkGroups = new Map<GroupId, ParkGroup>();
  readonly #ringGroups = new Map<RingGroupId, RingGroup>();
  readonly #watchers = new Set<(change: DirectoryChange) => void>();

  saveParkGroup(group: ParkGroup): void {
    this.#parkGroups.set(group.id, group);
    this.tell({ kind: 'park-group-changed', group });
  }

  removeParkGroup(id: GroupId): void {
    const group = this.#parkGroups.get(id);
    if (group === undefined) return;
    this.#parkGroups.delete(id);
    this.tell({ kind: 'park-group-removed', group });
  }

  saveRingGroup(group: RingGroup): void {
    this.#ringGroups.set(group.id, group);
    this.tell({ kind: 'ring-group-changed', group });
  }

  removeRingGroup(id: RingGroupId): void {
    const group = this.#ringGroups.get(id);
    if (group === undefined) return;
    this.#ringGroups.delete(id);
    this.tell({ kind: 'ring-group-removed', group });
  }

  /** A deleted user leaves every group. */
  removeMember(extension: Extension): void {
    const without = (members: readonly Extension[]) =>
      members.filter((member) => member !== extension);
    for (const group of [...this.#parkGroups.values()]) {
      if (!group.members.includes(extension)) continue;
      this.saveParkGroup({ ...group, members: without(group.members) });
    }
    for (const group of [...this.#ringGroups.values()]) {
      if (!group.members.includes(extension)) continue;
      this.saveRingGroup({ ...group, members: without(group.members) });
    }
  }

  /** Tells of any change of the directory, also of what is not kept here. */
  tell(change: DirectoryChange): void {
    for (const watcher of [...this.#watchers]) watcher(change);
  }

  onChanged(run: (change: DirectoryChange) => void): Disposable {
    this.#watchers.add(run);
    return onDispose(() => this.#watchers.delete(run));
  }

  parkGroups(tenantId: TenantId): readonly ParkGroup[] {
    return [...this.#parkGroups.values()].filter((group) => group.tenantId === tenantId);
  }

  parkGroup(tenantId: TenantId, id: GroupId): ParkGroup | undefined {
    return this.parkGroups(tenantId).find((group) => group.id === id);
  }

  parkGroupOf(tenantId: TenantId, extension: Extension): ParkGroup | undefined {
    return this.parkGroups(tenantId).find(({ members }) => members.includes(extension));
  }

  ringGroups(tenantId: TenantId): readonly RingGroup[] {
    return [...this.#ringGroups.values()].filter((group) => group.tenantId === tenantId);
  }

  ringGroup(tenantId: TenantId, id: RingGroupId): RingGroup | undefined {
    return this.ringGroups(tenantId).find((group) => group.id === id);
  }

  ringGroupByNumber(tenantId: TenantId, digits: string): RingGroup | undefined {
    return this.ringGroups(tenantId).find((group) => group.extension === digits);
  }
}
