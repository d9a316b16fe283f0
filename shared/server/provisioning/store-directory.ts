import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { Extension, GroupId, RingGroupId, TenantId, UserId } from '../../domain/ids.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { Result } from '../../domain/result.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { DirectoryChange, Tenant, Trunk, User, UserDirectory } from '../ports/directory.ts';
import type { StoreRefusal } from '../store/store-refusal.ts';
import type { DirectoryContents, StoredSecret, TenantStore } from '../store/tenant-store.ts';
import { GroupIndex } from './group-index.ts';

/** Whose user name it is that answers a challenge, and what the answer is checked against. */
export type Account =
  | { readonly kind: 'user'; readonly user: User; readonly secret: StoredSecret }
  | { readonly kind: 'trunk'; readonly trunk: Trunk; readonly secret: StoredSecret };

/** Digest accounts of a tenant; extensions and trunk names do not overlap. */
export interface Accounts {
  account(tenantId: TenantId, username: string): Account | undefined;
}

/** The directory in memory, read whole from the store and read again after every write. */
export class StoreDirectory implements UserDirectory, Accounts {
  readonly #store: TenantStore;
  readonly #ownAddresses: () => readonly string[];
  readonly #listeners = new Set<(change: DirectoryChange) => void>();
  #index = indexOf({ tenants: [], users: [], trunks: [], parkGroups: [], ringGroups: [] });

  /** @param ownAddresses the IP addresses and names that mean this server whatever the tenant */
  constructor(store: TenantStore, ownAddresses: () => readonly string[] = () => []) {
    this.#store = store;
    this.#ownAddresses = ownAddresses;
  }

  /** Takes over what the store holds now and tells listeners what changed. On refusal all stays as it was. */
  reload(): Result<null, StoreRefusal> {
    const loaded = this.#store.load();
    if (!loaded.ok) return loaded;
    const before = this.#index;
    this.#index = indexOf(loaded.value);
    for (const change of changesBetween(before, this.#index)) {
      for (const listener of [...this.#listeners]) listener(change);
    }
    return { ok: true, value: null };
  }

  tenants(): readonly Tenant[] {
    return this.#index.contents.tenants;
  }

  tenant(id: TenantId): Tenant | undefined {
    return this.#index.tenants.get(id);
  }

  tenantByHost(host: string): Tenant | undefined {
    const [first, ...others] = this.tenants();
    return others.length === 0 ? first : this.#index.byDomain.get(host.toLowerCase());
  }

  isHostOf(tenantId: TenantId, host: string): boolean {
    if (this.tenants().length === 1) return this.#index.tenants.has(tenantId);
    const plain = host.toLowerCase().replace(/^\[|\]$/g, '');
    return this.#index.byDomain.get(plain)?.id === tenantId || this.#ownAddresses().includes(plain);
  }

  user(tenantId: TenantId, extension: string): User | undefined {
    const account = this.account(tenantId, extension);
    return account?.kind === 'user' ? account.user : undefined;
  }

  userById(id: UserId): User | undefined {
    return this.#index.users.get(id);
  }

  users(tenantId: TenantId): readonly User[] {
    return this.#index.usersOf.get(tenantId) ?? [];
  }

  hasExtensionPrefix(tenantId: TenantId, digits: string): boolean {
    const continues = ({ extension }: { readonly extension?: Extension }) =>
      extension !== undefined && extension.length > digits.length && extension.startsWith(digits);
    return this.users(tenantId).some(continues) || this.ringGroups(tenantId).some(continues);
  }

  parkGroups(tenantId: TenantId): readonly ParkGroup[] {
    return this.#index.groups.parkGroups(tenantId);
  }

  parkGroup(tenantId: TenantId, id: GroupId): ParkGroup | undefined {
    return this.#index.groups.parkGroup(tenantId, id);
  }

  parkGroupOf(tenantId: TenantId, extension: Extension): ParkGroup | undefined {
    return this.#index.groups.parkGroupOf(tenantId, extension);
  }

  ringGroups(tenantId: TenantId): readonly RingGroup[] {
    return this.#index.groups.ringGroups(tenantId);
  }

  ringGroup(tenantId: TenantId, id: RingGroupId): RingGroup | undefined {
    return this.#index.groups.ringGroup(tenantId, id);
  }

  ringGroupByNumber(tenantId: TenantId, digits: string): RingGroup | undefined {
    return this.#index.groups.ringGroupByNumber(tenantId, digits);
  }

  trunks(tenantId: TenantId): readonly Trunk[] {
    return this.#index.contents.trunks
      .map(({ trunk }) => trunk)
      .filter((trunk) => trunk.tenantId === tenantId);
  }

  account(tenantId: TenantId, username: string): Account | undefined {
    return this.#index.accounts.get(accountKey(tenantId, username));
  }

  onChanged(run: (change: DirectoryChange) => void): Disposable {
    this.#listeners.add(run);
    return onDispose(() => this.#listeners.delete(run));
  }
}

interface Index {
  readonly contents: DirectoryContents;
  readonly tenants: ReadonlyMap<TenantId, Tenant>;
  readonly byDomain: ReadonlyMap<string, Tenant>;
  readonly users: ReadonlyMap<UserId, User>;
  readonly usersOf: ReadonlyMap<TenantId, readonly User[]>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly groups: GroupIndex;
}

function indexOf(contents: DirectoryContents): Index {
  const accounts = new Map<string, Account>();
  const usersOf = new Map<TenantId, User[]>();
  for (const { trunk, secret } of contents.trunks) {
    accounts.set(accountKey(trunk.tenantId, trunk.username), { kind: 'trunk', trunk, secret });
  }
  const sorted = [...contents.users].sort((a, b) => compareExtensions(a.user, b.user));
  for (const { user, secret } of sorted) {
    accounts.set(accountKey(user.tenantId, user.extension), { kind: 'user', user, secret });
    const list = usersOf.get(user.tenantId);
    if (list === undefined) usersOf.set(user.tenantId, [user]);
    else list.push(user);
  }
  return {
    contents,
    tenants: new Map(contents.tenants.map((tenant) => [tenant.id, tenant])),
    byDomain: new Map(
      contents.tenants.flatMap((tenant) => tenant.domains.map((domain) => [domain, tenant])),
    ),
    users: new Map(contents.users.map(({ user }) => [user.id, user])),
    usersOf,
    accounts,
    groups: new GroupIndex(contents),
  };
}

function changesBetween(before: Index, after: Index): DirectoryChange[] {
  const changes: DirectoryChange[] = [];
  for (const [tenantId, tenant] of after.tenants) {
    if (!same(before.tenants.get(tenantId), tenant)) changes.push({ kind: 'tenant', tenantId });
  }
  for (const [id, user] of after.users) {
    const old = before.users.get(id);
    if (old === undefined) {
      changes.push({ kind: 'user-added', user });
      continue;
    }
    const passwordChanged = !same(secretOf(before, old), secretOf(after, user));
    if (passwordChanged || !same(old, user)) {
      changes.push({ kind: 'user-changed', user, passwordChanged });
    }
  }
  for (const [id, user] of before.users) {
    if (!after.users.has(id)) changes.push({ kind: 'user-removed', user });
  }
  changes.push(...before.groups.changesTo(after.groups));
  return changes;
}

function secretOf(index: Index, user: User): StoredSecret | undefined {
  return index.accounts.get(accountKey(user.tenantId, user.extension))?.secret;
}

function same(a: object | undefined, b: object | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function accountKey(tenantId: TenantId, username: string): string {
  return `${tenantId}/${username}`;
}

function compareExtensions(a: User, b: User): number {
  return a.extension.length - b.extension.length || (a.extension < b.extension ? -1 : 1);
}
