import { parseTenantSettings, type TenantSettings } from '../../config/tenant-settings.ts';
import {
  epochMs,
  isExtension,
  tenantId,
  userId,
  type EpochMs,
  type Extension,
  type TenantId,
  type UserId,
} from '../../domain/ids.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Tenant, Trunk, User } from '../ports/directory.ts';
import { UNMARKED, type ChangeMark, type SavedMark } from './change-mark.ts';
import type { Database } from './database.ts';
import { GroupStore, type StoredGroups } from './group-store.ts';
import { randomId } from './random-id.ts';
import type { UserRow } from './schema.ts';
import type { StoreRefusal } from './store-refusal.ts';

/** What digest needs of a password, in lower-case hex (RFC 8760); the password itself is not kept anywhere. */
export interface StoredSecret {
  readonly md5: string;
  readonly sha256: string;
}

export interface StoredUser {
  readonly user: User;
  readonly secret: StoredSecret;
}

export interface StoredTrunk {
  readonly trunk: Trunk;
  readonly secret: StoredSecret;
}

/** Everything the directory holds in memory. */
export interface DirectoryContents extends StoredGroups {
  readonly tenants: readonly Tenant[];
  readonly users: readonly StoredUser[];
  readonly trunks: readonly StoredTrunk[];
}

export interface NewTenant {
  readonly name: string;
  readonly realm: string;
  readonly domains: readonly string[];
  readonly settings: TenantSettings;
}

export interface NewUser {
  readonly tenantId: TenantId;
  readonly extension: Extension;
  readonly displayName: string;
  readonly secret: StoredSecret;
}

/** Tenants with their domains and settings, users, trunks and groups, on disk. */
export class TenantStore {
  readonly groups: GroupStore;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.groups = new GroupStore(db);
  }

  /** Reads everything; refuses when a tenant's settings cannot be understood rather than running with others. */
  load(): Result<DirectoryContents, StoreRefusal> {
    const tenants = this.loadTenants();
    if (!tenants.ok) return tenants;
    const groups = this.groups.load();
    return ok({ tenants: tenants.value, users: this.#users(), trunks: this.#trunks(), ...groups });
  }

  /** Tenants alone, oldest first. */
  loadTenants(): Result<readonly Tenant[], StoreRefusal> {
    const tenants: Tenant[] = [];
    for (const row of this.#tenantRows()) {
      const settings = readSettings(row.json);
      if (!settings.ok) return err({ kind: 'bad-settings', tenant: row.name, why: settings.error });
      tenants.push({
        id: tenantId(row.id),
        name: row.name,
        realm: row.realm,
        domains: this.#domainsOf(row.id),
        settings: settings.value,
      });
    }
    return ok(tenants);
  }

  addTenant(tenant: NewTenant, now: EpochMs): TenantId {
    const id = tenantId(randomId());
    const { build } = this.#db;
    this.#db.transaction(() => {
      const { name, realm } = tenant;
      this.#db.run(build.insertInto('tenants').values({ id, name, realm, created_at: now }));
      const json = JSON.stringify(tenant.settings);
      this.#db.run(build.insertInto('tenant_settings').values({ tenant_id: id, json }));
      for (const domain of tenant.domains) {
        const row = { domain: domain.toLowerCase(), tenant_id: id };
        this.#db.run(build.insertInto('tenant_domains').values(row));
      }
    });
    return id;
  }

  saveDomains(id: TenantId, domains: readonly string[]): void {
    const { build } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(build.deleteFrom('tenant_domains').where('tenant_id', '=', id));
      for (const domain of domains) {
        this.#db.run(build.insertInto('tenant_domains').values({ domain, tenant_id: id }));
      }
    });
  }

  /** Replaces a tenant's settings; their version grows by one. */
  saveSettings(id: TenantId, settings: TenantSettings, { by, at }: ChangeMark = UNMARKED): void {
    const changing = { json: JSON.stringify(settings), changed_by: by, changed_at: at };
    this.#db.run(
      this.#db.build
        .insertInto('tenant_settings')
        .values({ tenant_id: id, ...changing })
        .onConflict((conflict) =>
          conflict.column('tenant_id').doUpdateSet(({ eb, ref }) => ({
            ...changing,
            version: eb(ref('tenant_settings.version'), '+', 1),
          })),
        ),
    );
  }

  /** Who saved a tenant's settings last, and under which version. */
  settingsMark(id: TenantId): SavedMark {
    const row = this.#db.first(
      this.#db.build
        .selectFrom('tenant_settings')
        .select(['version', 'changed_by', 'changed_at'])
        .where('tenant_id', '=', id),
    );
    return row === undefined
      ? { version: 1, by: '', at: epochMs(0) }
      : { version: row.version, by: row.changed_by, at: epochMs(row.changed_at) };
  }

  /** With its users, trunks, groups, admins, music and journal. */
  removeTenant(id: TenantId): void {
    const { build } = this.#db;
    this.#db.transaction(() => {
      this.#db.run(build.deleteFrom('journal').where('tenant_id', '=', id));
      this.#db.run(build.deleteFrom('tenants').where('id', '=', id));
    });
  }

  /** Adds users, or changes name and secret of those whose extension exists; all of them or none. */
  saveUsers(users: readonly NewUser[], now: EpochMs): void {
    this.#db.transaction(() => {
      for (const user of users) this.#saveUser(user, now);
    });
  }

  #saveUser(user: NewUser, now: EpochMs): void {
    const changing = {
      display_name: user.displayName,
      ha1_md5: user.secret.md5,
      ha1_sha256: user.secret.sha256,
    };
    const key = { id: randomId(), tenant_id: user.tenantId, extension: user.extension };
    this.#db.run(
      this.#db.build
        .insertInto('users')
        .values({ ...key, ...changing, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'extension']).doUpdateSet(changing),
        ),
    );
  }

  setSecret(id: UserId, secret: StoredSecret): void {
    const changed = { ha1_md5: secret.md5, ha1_sha256: secret.sha256 };
    this.#db.run(this.#db.build.updateTable('users').set(changed).where('id', '=', id));
  }

  setDisplayName(id: UserId, displayName: string): void {
    const changed = { display_name: displayName };
    this.#db.run(this.#db.build.updateTable('users').set(changed).where('id', '=', id));
  }

  /** The user's bindings and places in groups go with them. */
  removeUser(id: UserId, mark: ChangeMark = UNMARKED): void {
    this.#db.transaction(() => {
      this.groups.forgetMember(id, mark);
      this.#db.run(this.#db.build.deleteFrom('users').where('id', '=', id));
    });
  }

  /** Adds a trunk, or changes name and secret of the one with that user name. */
  saveTrunk(trunk: Omit<Trunk, 'id'>, secret: StoredSecret, now: EpochMs): void {
    const changing = { name: trunk.name, ha1_md5: secret.md5, ha1_sha256: secret.sha256 };
    const key = { id: randomId(), tenant_id: trunk.tenantId, username: trunk.username };
    this.#db.run(
      this.#db.build
        .insertInto('trunks')
        .values({ ...key, ...changing, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'username']).doUpdateSet(changing),
        ),
    );
  }

  #tenantRows() {
    return this.#db.all(
      this.#db.build
        .selectFrom('tenants')
        .leftJoin('tenant_settings', 'tenant_settings.tenant_id', 'tenants.id')
        .select(['tenants.id', 'tenants.name', 'tenants.realm', 'tenant_settings.json'])
        .orderBy('tenants.created_at')
        .orderBy('tenants.id'),
    );
  }

  #domainsOf(id: string): readonly string[] {
    const { build } = this.#db;
    const rows = this.#db.all(
      build.selectFrom('tenant_domains').select('domain').where('tenant_id', '=', id),
    );
    return rows.map((row) => row.domain);
  }

  /** One user as they are stored now. */
  user(tenant: TenantId, extension: string): StoredUser | undefined {
    const rows = this.#db.build
      .selectFrom('users')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('extension', '=', extension);
    return this.#db.all(rows).flatMap(storedUsers)[0];
  }

  #users(): readonly StoredUser[] {
    return this.#db.all(this.#db.build.selectFrom('users').selectAll()).flatMap(storedUsers);
  }

  #trunks(): readonly StoredTrunk[] {
    return this.#db.all(this.#db.build.selectFrom('trunks').selectAll()).map((row) => ({
      trunk: {
        id: row.id,
        tenantId: tenantId(row.tenant_id),
        name: row.name,
        username: row.username,
      },
      secret: { md5: row.ha1_md5, sha256: row.ha1_sha256 },
    }));
  }
}

/** A row whose extension this version cannot read is left out. */
function storedUsers(row: UserRow): StoredUser[] {
  if (!isExtension(row.extension)) return [];
  const user: User = {
    id: userId(row.id),
    tenantId: tenantId(row.tenant_id),
    extension: row.extension,
    displayName: row.display_name,
  };
  return [{ user, secret: { md5: row.ha1_md5, sha256: row.ha1_sha256 } }];
}

function readSettings(json: string | null): Result<TenantSettings, string> {
  let input: unknown;
  try {
    input = json === null ? {} : JSON.parse(json);
  } catch {
    return err('it is not JSON, or only half of it was written');
  }
  const parsed = parseTenantSettings(input);
  if (parsed.ok) return parsed;
  return err(
    parsed.error.map(({ path, message }) => `${path || 'the whole'}: ${message}`).join('; '),
  );
}
