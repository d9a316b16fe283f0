import type { TenantSettings } from '../../shared/config/tenant-settings.ts';
import { defaultTenantSettings } from '../../shared/config/tenant-settings.ts';
import { isExtension } from '../../shared/domain/ids.ts';
import { secretOf } from '../../shared/server/auth/node-hash.ts';
import type { Tenant, User } from '../../shared/server/ports/directory.ts';
import { Provisioning } from '../../shared/server/provisioning/provisioning.ts';
import { StoreDirectory } from '../../shared/server/provisioning/store-directory.ts';
import { Database } from '../../shared/server/store/database.ts';
import { SqliteJournal } from '../../shared/server/store/sqlite-journal.ts';
import { SqliteParkedCalls } from '../../shared/server/store/sqlite-parked-calls.ts';
import { TenantStore } from '../../shared/server/store/tenant-store.ts';
import { FakeClock } from './fake-clock.ts';

/** The real store and directory on a database in memory, with virtual time. */
export class MemoryStore {
  readonly clock = new FakeClock();
  readonly database: Database;
  readonly tenants: TenantStore;
  readonly directory: StoreDirectory;
  readonly provisioning: Provisioning;
  readonly journal: SqliteJournal;
  readonly parkedCalls: SqliteParkedCalls;

  constructor(ownAddresses: readonly string[] = []) {
    const opened = Database.open(':memory:');
    if (!opened.ok) throw new Error(opened.error.kind);
    this.database = opened.value;
    this.tenants = new TenantStore(this.database);
    this.directory = new StoreDirectory(this.tenants, () => ownAddresses);
    const parts = { store: this.tenants, directory: this.directory, clock: this.clock };
    this.provisioning = new Provisioning(parts);
    this.journal = new SqliteJournal(this.database);
    this.parkedCalls = new SqliteParkedCalls(this.database, this.journal);
  }

  addTenant(
    name: string,
    domains: readonly string[] = [],
    settings: TenantSettings = defaultTenantSettings(),
  ): Tenant {
    this.tenants.addTenant({ name, realm: name, domains, settings }, this.clock.now());
    this.directory.reload();
    const tenant = this.directory.tenants().find((candidate) => candidate.name === name);
    if (tenant === undefined) throw new Error(`no tenant ${name}`);
    return tenant;
  }

  /** Its password is `secret-<extension>`. */
  addUser({ id: tenantId, realm }: Tenant, extension: string): User {
    if (!isExtension(extension)) throw new Error(`not an extension: ${extension}`);
    const secret = secretOf({ username: extension, realm, password: `secret-${extension}` });
    const user = { tenantId, extension, displayName: `User ${extension}`, secret };
    this.tenants.saveUsers([user], this.clock.now());
    this.directory.reload();
    const added = this.directory.user(tenantId, extension);
    if (added === undefined) throw new Error(`no user ${extension}`);
    return added;
  }
}
