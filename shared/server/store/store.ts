import { randomBytes } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { DisposableStore, type Disposable } from '../../domain/disposable.ts';
import { ok, type Result } from '../../domain/result.ts';
import { AdminStore } from './admin-store.ts';
import { AuditStore } from './audit-store.ts';
import { BindingStore } from './binding-store.ts';
import { SqliteCallForwarding } from './sqlite-call-forwarding.ts';
import { SqliteEndedSessions } from './sqlite-ended-sessions.ts';
import type { DataDirectory } from './data-directory.ts';
import { Database } from './database.ts';
import { MusicStore } from './music-store.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { SqliteParkedCalls } from './sqlite-parked-calls.ts';
import type { StoreRefusal } from './store-refusal.ts';
import { PatientWrites } from './patient-writes.ts';
import { silentTrouble, type StoreTrouble } from './store-trouble.ts';
import { TenantStore } from './tenant-store.ts';

/** All that is kept on disk, behind one open database. */
export class Store implements Disposable {
  readonly database: Database;
  readonly tenants: TenantStore;
  readonly bindings: BindingStore;
  readonly journal: SqliteJournal;
  readonly parkedCalls: SqliteParkedCalls;
  readonly endedSessions: SqliteEndedSessions;
  readonly admins: AdminStore;
  readonly audit: AuditStore;
  readonly music: MusicStore;
  readonly forwarding: SqliteCallForwarding;
  /** For what calls leave behind: they do not wait for the disk. */
  readonly patientWrites: PatientWrites;
  readonly #owned = new DisposableStore();

  private constructor(database: Database, clock: Clock, trouble: StoreTrouble) {
    this.database = database;
    this.#owned.add({ dispose: () => database.close() });
    this.tenants = new TenantStore(database);
    this.bindings = this.#owned.add(new BindingStore(database, clock, trouble));
    this.journal = new SqliteJournal(database);
    this.parkedCalls = new SqliteParkedCalls(database, this.journal);
    this.endedSessions = new SqliteEndedSessions(database);
    this.admins = new AdminStore(database);
    this.audit = new AuditStore(database);
    this.music = new MusicStore(database);
    this.forwarding = new SqliteCallForwarding(database);
    const atOnce = (write: () => void): void => database.atOnce(write);
    this.patientWrites = this.#owned.add(new PatientWrites({ clock, atOnce, trouble }));
  }

  /** @param trouble hears of writes that fail later on */
  static open(
    directory: DataDirectory,
    clock: Clock,
    trouble: StoreTrouble = silentTrouble,
  ): Result<Store, StoreRefusal> {
    const database = Database.open(directory.database);
    return database.ok ? ok(new Store(database.value, clock, trouble)) : database;
  }

  /** A random key of 256 bits that is made once and stays, so that what it signed holds after a restart. */
  secret(name: 'nonce' | 'session' | 'admin'): Buffer {
    const { build } = this.database;
    const row = { name, value: randomBytes(32).toString('base64url') };
    const insert = build.insertInto('server_secrets').values(row);
    this.database.run(insert.onConflict((conflict) => conflict.doNothing()));
    const kept = this.database.first(
      build.selectFrom('server_secrets').select('value').where('name', '=', name),
    );
    return Buffer.from(kept?.value ?? row.value, 'base64url');
  }

  /** Writes what is pending and closes the file. */
  dispose(): void {
    this.#owned.dispose();
  }
}
