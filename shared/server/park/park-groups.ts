import { onDispose, type Disposable } from '../../domain/disposable.ts';
import { huntMember } from '../../domain/group-hunt.ts';
import type { Extension, GroupId, TenantId } from '../../domain/ids.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { ParkFacts } from '../../domain/park-state.ts';
import type { DirectoryChange, UserDirectory } from '../ports/directory.ts';

interface GroupInUse {
  /** As it was last told: a deleted one keeps its last members. */
  group: ParkGroup;
  deleted: boolean;
  /** Calls that are parked to it. */
  calls: number;
}

/**
 * Call Park groups as parked calls know them. Who may see and take a call follows the directory at once; a group that is
 * deleted lives on here, with its last members, until the last call parked to it is over.
 */
export class ParkGroups {
  readonly #directory: UserDirectory;
  readonly #inUse = new Map<GroupId, GroupInUse>();
  readonly #forgetters = new Set<(tenantId: TenantId) => void>();

  constructor(directory: UserDirectory) {
    this.#directory = directory;
  }

  /** The group that calls of this extension are parked to. */
  current(tenantId: TenantId, extension: Extension): ParkGroup | undefined {
    return this.#directory.parkGroupOf(tenantId, extension);
  }

  /** The group of an extension, and deleted ones that have calls for it still. */
  idsOf(tenantId: TenantId, extension: Extension): readonly GroupId[] {
    const current = this.current(tenantId, extension);
    const ids = current === undefined ? [] : [current.id];
    for (const { group, deleted } of this.#inUse.values()) {
      if (deleted && group.tenantId === tenantId && group.members.includes(extension)) {
        ids.push(group.id);
      }
    }
    return ids;
  }

  /** The name of a call's group now; of a deleted one the last. */
  nameOf({ tenantId, group }: Pick<ParkFacts, 'tenantId' | 'group'>): string | undefined {
    if (group === null) return undefined;
    return this.#directory.parkGroup(tenantId, group.id)?.name ?? group.name;
  }

  /** A call is parked to this group. */
  entered(group: ParkGroup): void {
    const known = this.#inUse.get(group.id);
    if (known === undefined) this.#inUse.set(group.id, { group, deleted: false, calls: 1 });
    else known.calls += 1;
  }

  /** A call that was parked to this group is over. */
  left({ group }: Pick<ParkFacts, 'group'>): void {
    const known = group === null ? undefined : this.#inUse.get(group.id);
    if (known === undefined) return;
    known.calls -= 1;
    if (known.calls > 0) return;
    this.#inUse.delete(known.group.id);
    if (known.deleted) for (const run of [...this.#forgetters]) run(known.group.tenantId);
  }

  /** Told when a deleted group's last call is over: its last members lose what they had of it. */
  onForgotten(run: (tenantId: TenantId) => void): Disposable {
    this.#forgetters.add(run);
    return onDispose(() => this.#forgetters.delete(run));
  }

  /** Keeps in step with the directory; `user-removed` is for `userRemoved`, once the user's calls have been seen to. */
  learn(change: DirectoryChange): void {
    if (change.kind !== 'park-group-changed' && change.kind !== 'park-group-removed') return;
    const known = this.#inUse.get(change.group.id);
    if (known === undefined) return;
    known.group = change.group;
    known.deleted = change.kind === 'park-group-removed';
  }

  /** A deleted user is no last member of anything: whoever gets the extension next is somebody else. */
  userRemoved(tenantId: TenantId, extension: Extension): void {
    for (const known of this.#inUse.values()) {
      const { group, deleted } = known;
      if (!deleted || group.tenantId !== tenantId) continue;
      known.group = { ...group, members: group.members.filter((member) => member !== extension) };
    }
  }

  /**
   * Who gets a group's call when its slot's owner is deleted: the next member in assigned order who has room, else the
   * next; undefined when nobody is left.
   */
  heirOf(
    { tenantId, slot, group }: Pick<ParkFacts, 'tenantId' | 'slot' | 'group'>,
    countOn: (member: Extension) => number,
    cap: number,
  ): Extension | undefined {
    const known = group === null ? undefined : this.#inUse.get(group.id);
    if (known === undefined) return undefined;
    const { members } = known.group;
    const at = members.indexOf(slot);
    const inOrder = [...members.slice(at + 1), ...members.slice(0, Math.max(0, at))];
    const heirs = inOrder.filter(
      (member) => this.#directory.user(tenantId, member) !== undefined && this.#isIn(known, member),
    );
    return huntMember(heirs, countOn, cap) ?? heirs[0];
  }

  #isIn({ group, deleted }: GroupInUse, member: Extension): boolean {
    return deleted || this.current(group.tenantId, member)?.id === group.id;
  }
}
