import type { TenantSettings } from '../../config/tenant-settings.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { Extension, TenantId, UserId } from '../../domain/ids.ts';

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

/** What changed in the directory. `tenant` covers settings and domains as well. */
export type DirectoryChange =
  | { readonly kind: 'tenant'; readonly tenantId: TenantId }
  | { readonly kind: 'user-added'; readonly user: User }
  | { readonly kind: 'user-changed'; readonly user: User; readonly passwordChanged: boolean }
  | { readonly kind: 'user-removed'; readonly user: User };

/**
 * Who exists, in memory: loaded from the store at start and kept in step by every write.
 * All answers are immediate; extensions are looked up inside one tenant only.
 */
export interface UserDirectory {
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
  /** True when some extension of the tenant starts with `digits` and is longer: the difference between 404 and 484. */
  hasExtensionPrefix(tenantId: TenantId, digits: string): boolean;
  trunks(tenantId: TenantId): readonly Trunk[];
  onChanged(run: (change: DirectoryChange) => void): Disposable;
}
