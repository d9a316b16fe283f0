import { epochMs, tenantId, type EpochMs, type TenantId } from '../../domain/ids.ts';
import type { Database } from './database.ts';
import { randomId } from './random-id.ts';
import type { AdminRow } from './schema.ts';

/** What an admin may administer. */
export type AdminScope =
  { readonly kind: 'system' } | { readonly kind: 'tenant'; readonly tenantId: TenantId };

export interface StoredAdmin {
  readonly id: string;
  /** As it was typed; compared without regard to case. */
  readonly name: string;
  readonly scope: AdminScope;
  readonly passwordHash: string;
  readonly createdAt: EpochMs;
}

export interface StoredSession {
  readonly adminId: string;
  readonly createdAt: EpochMs;
  readonly usedAt: EpochMs;
}

/** Admins and their sessions on disk. Sessions are known by the hash of their token alone. */
export class AdminStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By name. */
  all(): readonly StoredAdmin[] {
    const rows = this.#db.build.selectFrom('admins').selectAll().orderBy('name');
    return this.#db.all(rows).flatMap(adminOf);
  }

  byId(id: string): StoredAdmin | undefined {
    const rows = this.#db.build.selectFrom('admins').selectAll().where('id', '=', id);
    return this.#db.all(rows).flatMap(adminOf)[0];
  }

  byName(name: string): StoredAdmin | undefined {
    // The column compares without regard to case.
    const rows = this.#db.build.selectFrom('admins').selectAll().where('name', '=', name);
    return this.#db.all(rows).flatMap(adminOf)[0];
  }

  add(admin: Omit<StoredAdmin, 'id'>): StoredAdmin {
    const added = { ...admin, id: randomId() };
    this.#db.run(this.#db.build.insertInto('admins').values(rowOf(added)));
    return added;
  }

  replace(admin: StoredAdmin): void {
    const { id, ...changing } = rowOf(admin);
    this.#db.run(this.#db.build.updateTable('admins').set(changing).where('id', '=', id));
  }

  /** The admin's sessions go too. */
  remove(id: string): void {
    this.#db.run(this.#db.build.deleteFrom('admins').where('id', '=', id));
  }

  addSession(tokenHash: string, adminId: string, from: { address: string; at: EpochMs }): void {
    const { address, at } = from;
    this.#db.run(
      this.#db.build.insertInto('admin_sessions').values({
        token_hash: tokenHash,
        admin_id: adminId,
        address,
        created_at: at,
        used_at: at,
      }),
    );
  }

  session(tokenHash: string): StoredSession | undefined {
    const row = this.#db.first(
      this.#db.build
        .selectFrom('admin_sessions')
        .select(['admin_id', 'created_at', 'used_at'])
        .where('token_hash', '=', tokenHash),
    );
    if (row === undefined) return undefined;
    const { admin_id: adminId, created_at, used_at } = row;
    return { adminId, createdAt: epochMs(created_at), usedAt: epochMs(used_at) };
  }

  sessionUsed(tokenHash: string, at: EpochMs): void {
    this.#db.run(
      this.#db.build
        .updateTable('admin_sessions')
        .set({ used_at: at })
        .where('token_hash', '=', tokenHash),
    );
  }

  /** When each admin's living sessions were used last. */
  lastUses(): ReadonlyMap<string, EpochMs> {
    const rows = this.#db.all(
      this.#db.build
        .selectFrom('admin_sessions')
        .select(({ fn }) => ['admin_id', fn.max('used_at').as('used_at')])
        .groupBy('admin_id'),
    );
    return new Map(rows.map((row) => [row.admin_id, epochMs(Number(row.used_at))]));
  }

  endSession(tokenHash: string): void {
    this.#db.run(this.#db.build.deleteFrom('admin_sessions').where('token_hash', '=', tokenHash));
  }

  /** @param except hash of the one session that goes on */
  endSessionsOf(adminId: string, except = ''): void {
    this.#db.run(
      this.#db.build
        .deleteFrom('admin_sessions')
        .where('admin_id', '=', adminId)
        .where('token_hash', '!=', except),
    );
  }

  /** Forgets sessions that began or were used too long ago. */
  pruneSessions(limits: { readonly begunBefore: EpochMs; readonly usedBefore: EpochMs }): void {
    const { begunBefore, usedBefore } = limits;
    this.#db.run(
      this.#db.build
        .deleteFrom('admin_sessions')
        .where((is) => is.or([is('created_at', '<', begunBefore), is('used_at', '<', usedBefore)])),
    );
  }
}

function adminOf(row: AdminRow): StoredAdmin[] {
  const { id, name, role, tenant_id } = row;
  if (role === 'tenant' && tenant_id === null) return [];
  const scope: AdminScope =
    tenant_id === null ? { kind: 'system' } : { kind: 'tenant', tenantId: tenantId(tenant_id) };
  const { password_hash: passwordHash, created_at } = row;
  return [{ id, name, scope, passwordHash, createdAt: epochMs(created_at) }];
}

function rowOf({ id, name, scope, passwordHash, createdAt }: StoredAdmin): AdminRow {
  return {
    id,
    name,
    role: scope.kind,
    tenant_id: scope.kind === 'tenant' ? scope.tenantId : null,
    password_hash: passwordHash,
    created_at: createdAt,
  };
}
