import { onDispose, type Disposable } from '../../domain/disposable.ts';
import type { Extension, GroupId, RingGroupId, TenantId, UserId } from '../../domain/ids.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { Result } from '../../domain/result.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { DirectoryChange, Tenant, Trunk, User, UserDirectory } from '../ports/directory.ts';
import type { StoreRefusal } from '../store/store-refusal.ts';
import type {
  DirectoryContents,
  StoredSecret,
  StoredUser,
  TenantStore,
} from '../store/tenant-store.ts';
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
    this.#become(indexOf(loaded.value));
    return { ok: true, value: null };
  }

  /** The same for groups alone: a save does not read ten thousand users again. */
  reloadGroups(): void {
    this.#become({ ...this.#index, groups: new GroupIndex(this.#store.groups.load()) });
  }

  /** The same for one user, and for the groups when the user is gone. */
  reloadUser(tenantId: TenantId, extension: string): void {
    const stored = this.#store.user(tenantId, extension);
    const groups =
      stored === undefined ? new GroupIndex(this.#store.groups.load()) : this.#index.groups;
    const before = this.#index;
    const old = before.accounts.get(tenantId)?.get(extension);
    const known = old?.kind === 'user' ? old : undefined;
    const after = { ...before, ...userIndexWith(before, known ?? stored, stored), groups };
    const changes = userChange(known, stored);
    this.#become(after, [...changes, ...before.groups.changesTo(groups)]);
  }

  /** The same for tenants and their settings alone. On refusal all stays as it was. */
  reloadTenants(): Result<null, StoreRefusal> {
    const tenants = this.#store.loadTenants();
    if (!tenants.ok) return tenants;
    this.#become({ ...this.#index, ...tenantIndexOf(tenants.value) });
    return { ok: true, value: null };
  }

  tenants(): readonly Tenant[] {
    return this.#index.tenantList;
  }

  tenant(id: TenantId): Tenant | undefined {
    return this.#index.tenants.get(id);
  }

  tenantByHost(host: string): Tenant | undefined {
    const { tenantList, byDomain } = this.#index;
    return tenantList.length <= 1 ? tenantList[0] : byDomain.get(host.toLowerCase());
  }

  isHostOf(tenantId: TenantId, host: string): boolean {
    if (this.#index.tenantList.length === 1) return this.#index.tenants.has(tenantId);
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
    return this.#index.trunks.filter((trunk) => trunk.tenantId === tenantId);
  }

  account(tenantId: TenantId, username: string): Account | undefined {
    return this.#index.accounts.get(tenantId)?.get(username);
  }

  onChanged(run: (change: DirectoryChange) => void): Disposable {
    this.#listeners.add(run);
    return onDispose(() => this.#listeners.delete(run));
  }

  #become(after: Index, changes = changesBetween(this.#index, after)): void {
    this.#index = after;
    for (const change of changes) {
      for (const listener of [...this.#listeners]) listener(change);
    }
  }
}

interface TenantIndex {
  /** The same as a list, made once: every request asks for it. */
  readonly tenantList: readonly Tenant[];
  readonly tenants: ReadonlyMap<TenantId, Tenant>;
  readonly byDomain: ReadonlyMap<string, Tenant>;
}

interface UserIndex {
  readonly users: ReadonlyMap<UserId, User>;
  readonly usersOf: ReadonlyMap<TenantId, readonly User[]>;
  readonly accounts: AccountIndex;
}

/** By tenant and user name. Not by both in one text: it would have to be put together for every request. */
type AccountIndex = ReadonlyMap<TenantId, ReadonlyMap<string, Account>>;

interface Index extends TenantIndex, UserIndex {
  readonly trunks: readonly Trunk[];
  readonly groups: GroupIndex;
}

function indexOf(contents: DirectoryContents): Index {
  const usersOf = new Map<TenantId, User[]>();
  const sorted = [...contents.users].sort((a, b) => compareExtensions(a.user, b.user));
  for (const { user } of sorted) {
    const list = usersOf.get(user.tenantId);
    if (list === undefined) usersOf.set(user.tenantId, [user]);
    else list.push(user);
  }
  return {
    ...tenantIndexOf(contents.tenants),
    users: new Map(contents.users.map(({ user }) => [user.id, user])),
    usersOf,
    accounts: accountsOf(contents),
    trunks: contents.trunks.map(({ trunk }) => trunk),
    groups: new GroupIndex(contents),
  };
}

function accountsOf({ trunks, users }: DirectoryContents): AccountIndex {
  const index = new Map<TenantId, Map<string, Account>>();
  const add = (tenantId: TenantId, username: string, account: Account): void => {
    const ofTenant = index.get(tenantId) ?? new Map<string, Account>();
    index.set(tenantId, ofTenant.set(username, account));
  };
  for (const { trunk, secret } of trunks)
    add(trunk.tenantId, trunk.username, { kind: 'trunk', trunk, secret });
  for (const { user, secret } of users)
    add(user.tenantId, user.extension, { kind: 'user', user, secret });
  return index;
}

/** The users with one of them as stored now, or without them. */
function userIndexWith(
  before: UserIndex,
  old: StoredUser | undefined,
  stored: StoredUser | undefined,
): UserIndex {
  const user = stored?.user ?? old?.user;
  if (user === undefined) return before;
  const { tenantId, extension } = user;
  const accounts = new Map(before.accounts.get(tenantId));
  const users = new Map(before.users);
  const list = (before.usersOf.get(tenantId) ?? []).filter((each) => each.extension !== extension);
  if (old !== undefined) users.delete(old.user.id);
  if (stored === undefined) {
    accounts.delete(extension);
  } else {
    accounts.set(extension, { kind: 'user', ...stored });
    users.set(stored.user.id, stored.user);
    const at = list.findIndex((each) => compareExtensions(each, stored.user) > 0);
    list.splice(at < 0 ? list.length : at, 0, stored.user);
  }
  return {
    accounts: new Map(before.accounts).set(tenantId, accounts),
    users,
    usersOf: new Map(before.usersOf).set(tenantId, list),
  };
}

function tenantIndexOf(tenants: readonly Tenant[]): TenantIndex {
  return {
    tenantList: tenants,
    tenants: new Map(tenants.map((tenant) => [tenant.id, tenant])),
    byDomain: new Map(tenants.flatMap((tenant) => tenant.domains.map((name) => [name, tenant]))),
  };
}

function changesBetween(before: Index, after: Index): DirectoryChange[] {
  const changes = before.tenants === after.tenants ? [] : tenantChanges(before, after);
  if (before.users !== after.users) changes.push(...userChanges(before, after));
  if (before.groups !== after.groups) changes.push(...before.groups.changesTo(after.groups));
  return changes;
}

function tenantChanges(before: TenantIndex, after: TenantIndex): DirectoryChange[] {
  const ids = new Set([...before.tenants.keys(), ...after.tenants.keys()]);
  return [...ids].flatMap((tenantId) =>
    same(before.tenants.get(tenantId), after.tenants.get(tenantId))
      ? []
      : { kind: 'tenant' as const, tenantId },
  );
}

function userChanges(before: Index, after: Index): DirectoryChange[] {
  const kept = [...after.users.values()].flatMap((user) => {
    const old = before.users.get(user.id);
    return userChange(old && storedOf(before, old), storedOf(after, user));
  });
  const gone = [...before.users.values()].filter(({ id }) => !after.users.has(id));
  return [...kept, ...gone.map((user) => ({ kind: 'user-removed', user }) as const)];
}

/** What became different of one user; an extension that was given to somebody else is a new user. */
function userChange(
  old: StoredUser | undefined,
  now: StoredUser | undefined,
): readonly DirectoryChange[] {
  const removed = old === undefined ? [] : [{ kind: 'user-removed', user: old.user } as const];
  if (now === undefined) return removed;
  if (old?.user.id !== now.user.id) return [...removed, { kind: 'user-added', user: now.user }];
  const passwordChanged = old.secret.sha256 !== now.secret.sha256;
  const { displayName, extension } = now.user;
  const same = old.user.displayName === displayName && old.user.extension === extension;
  return same && !passwordChanged
    ? []
    : [{ kind: 'user-changed', user: now.user, passwordChanged }];
}

const NO_SECRET: StoredSecret = { md5: '', sha256: '' };

function storedOf(index: Index, user: User): StoredUser {
  const account = index.accounts.get(user.tenantId)?.get(user.extension);
  return { user, secret: account?.secret ?? NO_SECRET };
}

function same(a: object | undefined, b: object | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function compareExtensions(a: User, b: User): number {
  return a.extension.length - b.extension.length || (a.extension < b.extension ? -1 : 1);
}
