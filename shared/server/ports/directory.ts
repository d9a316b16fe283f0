import type { TenantSettings } from '../../config/tenant-settings.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { Extension, GroupId, RingGroupId, TenantId, UserId } from '../../domain/ids.ts';
import type { ParkGroup } from '../../domain/park-group.ts';
import type { RingGroup } from '../../domain/ring-group.ts';

/** One customer of this server. Nothing crosses from one tenant to another. */
export interface Tenant {
  readonly id: TenantId;
  /** Shown to people; also what `--tenant` names. */
  readonly name: string;
  /** Digest realm (RFC 8760). Never changes: the stored HA1 values are made with it. */
  readonly realm: string;
  /** Host names that mean this tenant, lower case; may be empty while there is only one tenant. */
  readonly domains: readonly string[];
  readonly settings: TenantSettings;
}

/** One extension of a tenant. It may be signed in on several devices at once. */
export interface User {
  readonly id: UserId;
  readonly tenantId: TenantId;
  readonly extension: Extension;
  /** May be empty; then the extension is shown alone. */
  readonly displayName: string;
}

/** A neighbour that brings calls in from outside, known by digest credentials of its own. */
export interface Trunk {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly name: string;
  /** The digest user name; never equal to an extension of the tenant. */
  readonly username: string;
}

/**
 * What changed in the directory. `tenant` covers settings and domains as well. `user-removed` comes before the changes
 * of groups that follow from it; a group that is gone is told with its last state.
 */
export type DirectoryChange =
  | { readonly kind: 'tenant'; readonly tenantId: TenantId }
  | { readonly kind: 'user-added'; readonly user: User }
  | { readonly kind: 'user-changed'; readonly user: User; readonly passwordChanged: boolean }
  | { readonly kind: 'user-removed'; readonly user: User }
  | { readonly kind: 'park-group-changed'; readonly group: ParkGroup }
  | { readonly kind: 'park-group-removed'; readonly group: ParkGroup }
  | { readonly kind: 'ring-group-changed'; readonly group: RingGroup }
  | { readonly kind: 'ring-group-removed'; readonly group: RingGroup };

/** The Call Park groups and ring groups of each tenant. */
export interface GroupDirectory {
  /** By name. */
  parkGroups(tenantId: TenantId): readonly ParkGroup[];
  parkGroup(tenantId: TenantId, id: GroupId): ParkGroup | undefined;
  /** The one group that an extension is a member of. */
  parkGroupOf(tenantId: TenantId, extension: Extension): ParkGroup | undefined;
  /** By name. */
  ringGroups(tenantId: TenantId): readonly RingGroup[];
  ringGroup(tenantId: TenantId, id: RingGroupId): RingGroup | undefined;
  /** The ring group that is dialled by these digits. */
  ringGroupByNumber(tenantId: TenantId, digits: string): RingGroup | undefined;
}

/**
 * Who exists, in memory: loaded from the store at start and kept in step by every write.
 * All answers are immediate; extensions are looked up inside one tenant only.
 */
export interface UserDirectory extends GroupDirectory {
  tenants(): readonly Tenant[];
  tenant(id: TenantId): Tenant | undefined;
  /** The tenant that answers for a host, case-insensitively. With a single tenant every host is its own. */
  tenantByHost(host: string): Tenant | undefined;
  /**
   * Whether `host` may stand in a Request-URI or Refer-To of this tenant: a domain of it, an address of this
   * server, or any host at all while there is only one tenant (WIRE.md §10a).
   */
  isHostOf(tenantId: TenantId, host: string): boolean;
  user(tenantId: TenantId, extension: string): User | undefined;
  userById(id: UserId): User | undefined;
  /** Users of one tenant, by extension. */
  users(tenantId: TenantId): readonly User[];
  /** True when some extension or ring group's number of the tenant starts with `digits` and is longer: the difference between 404 and 484. */
  hasExtensionPrefix(tenantId: TenantId, digits: string): boolean;
  trunks(tenantId: TenantId): readonly Trunk[];
  onChanged(run: (change: DirectoryChange) => void): Disposable;
}
