import type { TenantSettings } from '../../config/tenant-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Extension, GroupId, RingGroupId, UserId } from '../../domain/ids.ts';
import { checkParkGroup, type ParkGroup, type ParkGroupDraft } from '../../domain/park-group.ts';
import { checkDestination, type RecallSettings } from '../../domain/recall-policy.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { checkRingGroup, type RingGroup, type RingGroupDraft } from '../../domain/ring-group.ts';
import type { Tenant } from '../ports/directory.ts';
import type { ChangeMark, SavedMark } from '../store/change-mark.ts';
import type { TenantStore } from '../store/tenant-store.ts';
import type { GroupRefusal } from './group-refusal.ts';
import type { StoreDirectory } from './store-directory.ts';

/** What is saved anew, or in place of which version of what. */
export type SaveTarget<Id> =
  | { readonly kind: 'new' }
  | { readonly kind: 'existing'; readonly id: Id; readonly version: number };

export interface GroupProvisioningOptions {
  readonly store: TenantStore;
  readonly directory: StoreDirectory;
  readonly clock: Clock;
}

/**
 * Changes Call Park groups, ring groups and settings. Every change is on disk and in the directory when its method
 * returns; a refused one has changed nothing.
 */
export class GroupProvisioning {
  readonly #options: GroupProvisioningOptions;

  constructor(options: GroupProvisioningOptions) {
    this.#options = options;
  }

  /** @param by name of the admin */
  saveParkGroup(
    tenant: Tenant,
    draft: ParkGroupDraft,
    { target, by }: { readonly target: SaveTarget<GroupId>; readonly by: string },
  ): Result<ParkGroup, GroupRefusal> {
    const { directory, store } = this.#options;
    const groups = directory.parkGroups(tenant.id);
    const current = groups.find(({ id }) => target.kind === 'existing' && id === target.id);
    const stale = this.#checkVersion('park', target, current);
    if (stale !== null) return err(stale);
    const problem = checkParkGroup(draft, {
      others: groups.filter((group) => group !== current),
      isUser: (extension) => directory.user(tenant.id, extension) !== undefined,
      ringGroups: this.#ringGroupIds(tenant),
      ...(current && { current: current.recall }),
    });
    if (problem !== null) return err(problem);
    const id = store.groups.saveParkGroup(draft, {
      ...(target.kind === 'existing' && { id: target.id }),
      tenantId: tenant.id,
      mark: this.#mark(by),
      members: this.#userIds(tenant, draft.members),
    });
    directory.reloadGroups();
    return found(directory.parkGroup(tenant.id, id));
  }

  /** Calls parked to it keep its last members; nobody is dropped. @returns its last state */
  removeParkGroup(tenant: Tenant, id: GroupId): Result<ParkGroup, GroupRefusal> {
    const { directory, store } = this.#options;
    const group = directory.parkGroup(tenant.id, id);
    if (group === undefined) return err({ kind: 'no-such-group' });
    store.groups.removeParkGroup(id);
    directory.reloadGroups();
    return ok(group);
  }

  /** @param by name of the admin */
  saveRingGroup(
    tenant: Tenant,
    draft: RingGroupDraft,
    { target, by }: { readonly target: SaveTarget<RingGroupId>; readonly by: string },
  ): Result<RingGroup, GroupRefusal> {
    const { directory, store } = this.#options;
    const groups = directory.ringGroups(tenant.id);
    const current = groups.find(({ id }) => target.kind === 'existing' && id === target.id);
    const stale = this.#checkVersion('ring', target, current);
    if (stale !== null) return err(stale);
    const problem = checkRingGroup(draft, {
      ...(current && { id: current.id }),
      others: groups.filter((group) => group !== current),
      isUser: (extension) => directory.user(tenant.id, extension) !== undefined,
      isTaken: (extension) => directory.account(tenant.id, extension) !== undefined,
    });
    if (problem !== null && !isKept(problem, draft, current)) return err(problem);
    const id = store.groups.saveRingGroup(draft, {
      ...(target.kind === 'existing' && { id: target.id }),
      tenantId: tenant.id,
      mark: this.#mark(by),
      members: this.#userIds(tenant, draft.members),
    });
    directory.reloadGroups();
    return found(directory.ringGroup(tenant.id, id));
  }

  /** Allowed for one that calls are recalled to as well: then they are recalled to the parker alone. */
  removeRingGroup(tenant: Tenant, id: RingGroupId): Result<RingGroup, GroupRefusal> {
    const { directory, store } = this.#options;
    const group = directory.ringGroup(tenant.id, id);
    if (group === undefined) return err({ kind: 'no-such-group' });
    store.groups.removeRingGroup(id);
    directory.reloadGroups();
    return ok(group);
  }

  /** Replaces a tenant's settings; calls that are parked keep the recall rules they were parked with. */
  saveSettings(
    tenant: Tenant,
    settings: TenantSettings,
    { version, by }: { readonly version: number; readonly by: string },
  ): Result<SavedMark, GroupRefusal> {
    const { directory, store } = this.#options;
    const saved = store.settingsMark(tenant.id);
    if (saved.version !== version) return err({ kind: 'changed-meanwhile', saved });
    const known = checkDestination(settings.recall.destination, this.#ringGroupIds(tenant));
    if (!known.ok && !sameRingGroup(settings.recall, tenant.settings.recall)) {
      return err({ kind: known.error });
    }
    store.saveSettings(tenant.id, settings, this.#mark(by));
    directory.reloadTenants();
    return ok(store.settingsMark(tenant.id));
  }

  #checkVersion(
    kind: 'park' | 'ring',
    target: SaveTarget<string>,
    current: { readonly version: number } | undefined,
  ): GroupRefusal | null {
    if (target.kind === 'new') return null;
    if (current === undefined) return { kind: 'no-such-group' };
    if (current.version === target.version) return null;
    const saved = this.#options.store.groups.markOf(kind, target.id);
    return saved === undefined ? { kind: 'no-such-group' } : { kind: 'changed-meanwhile', saved };
  }

  #ringGroupIds(tenant: Tenant): ReadonlySet<RingGroupId> {
    return new Set(this.#options.directory.ringGroups(tenant.id).map(({ id }) => id));
  }

  #userIds(tenant: Tenant, members: readonly Extension[]): readonly UserId[] {
    return members.flatMap(
      (extension) => this.#options.directory.user(tenant.id, extension)?.id ?? [],
    );
  }

  #mark(by: string): ChangeMark {
    return { by, at: this.#options.clock.now() };
  }
}

/** What unanswered calls went to may be gone since; leaving it as it is keeps nobody from changing the rest. */
function isKept(
  problem: GroupRefusal,
  draft: RingGroupDraft,
  current: RingGroup | undefined,
): boolean {
  const about = problem.kind === 'no-answer-unknown' || problem.kind === 'ring-group-missing';
  return about && JSON.stringify(draft.noAnswer) === JSON.stringify(current?.noAnswer);
}

function sameRingGroup({ destination: a }: RecallSettings, { destination: b }: RecallSettings) {
  return a.kind !== 'parker' && b.kind !== 'parker' && a.ringGroupId === b.ringGroupId;
}

/** @throws when the store has lost what it has just saved */
function found<Group>(group: Group | undefined): Result<Group, GroupRefusal> {
  if (group === undefined) throw new Error('a group that was saved is not there');
  return ok(group);
}
