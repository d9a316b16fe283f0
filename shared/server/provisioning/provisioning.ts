import type { TenantSettings } from '../../config/tenant-settings.ts';
import { defaultTenantSettings } from '../../config/tenant-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import { isExtension } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { secretOf } from '../auth/node-hash.ts';
import type { Tenant, User } from '../ports/directory.ts';
import type { TenantStore } from '../store/tenant-store.ts';
import { checkDisplayName, checkPassword, isDomain, isTenantName } from './account-rules.ts';
import type { ProvisioningRefusal } from './provisioning-refusal.ts';
import type { StoreDirectory } from './store-directory.ts';
import type { CsvUser } from './user-csv.ts';

/** Tenant of an empty database when none is named. */
export const FIRST_TENANT = 'default';

export interface AccountInput {
  readonly extension: string;
  readonly password: string;
  readonly displayName: string;
}

export interface TenantInput {
  readonly name: string;
  readonly domains?: readonly string[];
  readonly settings?: TenantSettings;
}

export interface ProvisioningOptions {
  readonly store: TenantStore;
  readonly directory: StoreDirectory;
  readonly clock: Clock;
}

/** Changes who exists. Every change is on disk and in the directory when its method returns. */
export class Provisioning {
  readonly #options: ProvisioningOptions;

  constructor(options: ProvisioningOptions) {
    this.#options = options;
  }

  /** The tenant of an empty database is made; one that is there keeps its own settings. */
  ensureFirstTenant(input: TenantInput): Result<Tenant, ProvisioningRefusal> {
    const { directory, store, clock } = this.#options;
    if (directory.tenants().length > 0) return this.tenant();
    const { name, domains = [], settings = defaultTenantSettings() } = input;
    store.addTenant({ name, realm: name, domains, settings }, clock.now());
    const reloaded = this.#reload();
    return reloaded.ok ? this.tenant(name) : reloaded;
  }

  /** Adds a tenant with the default settings. From the second on, each tenant needs a domain of its own. */
  addTenant(name: string, domains: readonly string[]): Result<Tenant, ProvisioningRefusal> {
    const { directory, store, clock } = this.#options;
    if (!isTenantName(name)) return err({ kind: 'bad-tenant-name', text: name });
    const others = directory.tenants();
    if (others.some((other) => other.name === name)) return err({ kind: 'tenant-exists', name });
    const checked = checkDomains(domains, others);
    if (!checked.ok) return checked;
    const bare = others.filter((other) => other.domains.length === 0).map((other) => other.name);
    const without = checked.value.length === 0 ? [...bare, name] : bare;
    if (others.length > 0 && without.length > 0) {
      return err({ kind: 'domains-needed', tenants: without });
    }
    const settings = defaultTenantSettings();
    store.addTenant({ name, realm: name, domains: checked.value, settings }, clock.now());
    const reloaded = this.#reload();
    return reloaded.ok ? this.tenant(name) : reloaded;
  }

  /** Replaces the domains of a tenant. Its realm, and so every stored password, stays. */
  setDomains(tenant: Tenant, domains: readonly string[]): Result<Tenant, ProvisioningRefusal> {
    const { directory, store } = this.#options;
    const others = directory.tenants().filter(({ id }) => id !== tenant.id);
    const checked = checkDomains(domains, others);
    if (!checked.ok) return checked;
    if (others.length > 0 && checked.value.length === 0) {
      return err({ kind: 'domains-needed', tenants: [tenant.name] });
    }
    store.saveDomains(tenant.id, checked.value);
    const reloaded = this.#reload();
    return reloaded.ok ? this.tenant(tenant.name) : reloaded;
  }

  /** With all that is in it. Whether calls are parked there is the caller's to ask. */
  removeTenant(tenant: Tenant): Result<null, ProvisioningRefusal> {
    const { directory, store } = this.#options;
    if (directory.tenants().length < 2) return err({ kind: 'last-tenant' });
    store.removeTenant(tenant.id);
    return this.#reload();
  }

  /** The tenant of that name; without a name the only one. */
  tenant(name?: string): Result<Tenant, ProvisioningRefusal> {
    const tenants = this.#options.directory.tenants();
    const known = tenants.map((tenant) => tenant.name);
    const found =
      name === undefined
        ? tenants[0]
        : tenants.find((tenant) => tenant.name.toLowerCase() === name.toLowerCase());
    if (name === undefined && tenants.length > 1) return err({ kind: 'which-tenant', known });
    return found === undefined
      ? err({ kind: 'no-such-tenant', name: name ?? '', known })
      : ok(found);
  }

  addUser(tenant: Tenant, input: AccountInput): Result<User, ProvisioningRefusal> {
    const checked = checkAccount(input);
    if (!checked.ok) return checked;
    const { extension } = checked.value;
    if (this.#options.directory.user(tenant.id, extension) !== undefined) {
      return err({ kind: 'extension-exists', extension, tenant: tenant.name });
    }
    const refused = this.#checkNumbers(tenant, [checked.value]);
    if (refused !== null) return err(refused);
    const { directory, store, clock } = this.#options;
    store.saveUsers([newUserOf(tenant, checked.value)], clock.now());
    directory.reloadUser(tenant.id, extension);
    return this.#user(tenant, extension);
  }

  /** Adds users, or changes name and password of those that exist; all of them or none. */
  importUsers(
    tenant: Tenant,
    users: readonly CsvUser[],
  ): Result<{ readonly added: number; readonly changed: number }, ProvisioningRefusal> {
    const { directory, store, clock } = this.#options;
    const refused = this.#checkNumbers(tenant, users);
    if (refused !== null) return err(refused);
    const accounts = users.map(({ extension }) => directory.account(tenant.id, extension));
    const changed = accounts.filter((account) => account !== undefined).length;
    store.saveUsers(
      users.map((user) => newUserOf(tenant, user)),
      clock.now(),
    );
    const reloaded = this.#reload();
    return reloaded.ok ? ok({ added: users.length - changed, changed }) : reloaded;
  }

  setDisplayName(
    tenant: Tenant,
    extension: string,
    displayName: string,
  ): Result<User, ProvisioningRefusal> {
    const user = this.#user(tenant, extension);
    if (!user.ok) return user;
    const problem = checkDisplayName(displayName);
    if (problem !== null) return err({ kind: 'bad-account', problem });
    const { directory, store } = this.#options;
    store.setDisplayName(user.value.id, displayName);
    directory.reloadUser(tenant.id, extension);
    return this.#user(tenant, extension);
  }

  /**
   * The user leaves all groups. A call parked on them moves on or is recalled.
   * @param by name of the admin; empty: the command line
   */
  removeUser(tenant: Tenant, extension: string, by = ''): Result<User, ProvisioningRefusal> {
    const user = this.#user(tenant, extension);
    if (!user.ok) return user;
    const { directory, store, clock } = this.#options;
    store.removeUser(user.value.id, { by, at: clock.now() });
    directory.reloadUser(tenant.id, extension);
    return user;
  }

  setPassword(
    tenant: Tenant,
    extension: string,
    password: string,
  ): Result<User, ProvisioningRefusal> {
    const user = this.#user(tenant, extension);
    if (!user.ok) return user;
    const problem = checkPassword(password);
    if (problem !== null) return err({ kind: 'bad-account', problem });
    const secret = secretOf({ username: extension, realm: tenant.realm, password });
    const { directory, store } = this.#options;
    store.setSecret(user.value.id, secret);
    directory.reloadUser(tenant.id, extension);
    return user;
  }

  /** Adds a trunk or gives it another password. Its user name must not be an extension. */
  saveTrunk(
    tenant: Tenant,
    trunk: { readonly name: string; readonly username: string; readonly password: string },
  ): Result<null, ProvisioningRefusal> {
    const { name, username, password } = trunk;
    if (isExtension(username)) return err({ kind: 'name-of-a-trunk', extension: username });
    const secret = secretOf({ username, realm: tenant.realm, password });
    const { store, clock } = this.#options;
    store.saveTrunk({ tenantId: tenant.id, name, username }, secret, clock.now());
    return this.#reload();
  }

  /** Trunks and ring groups have numbers of their own. */
  #checkNumbers(tenant: Tenant, users: readonly CsvUser[]): ProvisioningRefusal | null {
    const { directory } = this.#options;
    for (const { extension } of users) {
      if (directory.account(tenant.id, extension)?.kind === 'trunk') {
        return { kind: 'name-of-a-trunk', extension };
      }
      const group = directory.ringGroupByNumber(tenant.id, extension)?.name;
      if (group !== undefined) return { kind: 'number-of-a-ring-group', extension, group };
    }
    return null;
  }

  #user(tenant: Tenant, extension: string): Result<User, ProvisioningRefusal> {
    const user = this.#options.directory.user(tenant.id, extension);
    return user === undefined
      ? err({ kind: 'no-such-extension', extension, tenant: tenant.name })
      : ok(user);
  }

  #reload(): Result<null, ProvisioningRefusal> {
    const reloaded = this.#options.directory.reload();
    return reloaded.ok ? reloaded : err({ kind: 'store', refusal: reloaded.error });
  }
}

/** Lower case, each once, and nobody else's. */
function checkDomains(
  domains: readonly string[],
  others: readonly Tenant[],
): Result<readonly string[], ProvisioningRefusal> {
  const wanted = [...new Set(domains.map((domain) => domain.trim().toLowerCase()))];
  for (const domain of wanted) {
    if (!isDomain(domain)) return err({ kind: 'bad-domain', text: domain });
    const owner = others.find((other) => other.domains.includes(domain));
    if (owner !== undefined) return err({ kind: 'domain-taken', domain, tenant: owner.name });
  }
  return ok(wanted);
}

function checkAccount(input: AccountInput): Result<CsvUser, ProvisioningRefusal> {
  const { extension, password, displayName } = input;
  if (!isExtension(extension)) return err({ kind: 'not-an-extension', text: extension });
  const problem = checkPassword(password) ?? checkDisplayName(displayName);
  return problem === null
    ? ok({ extension, password, displayName })
    : err({ kind: 'bad-account', problem });
}

function newUserOf(tenant: Tenant, { extension, password, displayName }: CsvUser) {
  const secret = secretOf({ username: extension, realm: tenant.realm, password });
  return { tenantId: tenant.id, extension, displayName, secret };
}
