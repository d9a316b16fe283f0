import { epochMs, type EpochMs, type TenantId } from '../../domain/ids.ts';
import type { Database } from './database.ts';
import type { AuditRow } from './schema.ts';

/** One thing that an admin did. */
export interface AuditEntry {
  readonly at: EpochMs;
  /** The admin's name at that time; empty: nobody was signed in. */
  readonly admin: string;
  /** `null`: the whole server. */
  readonly tenantId: TenantId | null;
  /** `park-group.changed`, `user.removed` … */
  readonly action: string;
  /** What it was done to: a name or an extension. */
  readonly subject: string;
  /** As it was and as it became, without secrets. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** IP address; empty: the command line on this machine. */
  readonly address: string;
}

export interface AuditLineStored extends Omit<AuditEntry, 'tenantId'> {
  readonly seq: number;
  readonly tenantId: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditQuery {
  /** Only lines about this tenant. */
  readonly tenantId?: TenantId;
  /** Only lines before this one. */
  readonly before?: number;
  readonly limit: number;
}

/** Who changed what, when and from where. Lines are added, and forgotten by age; never changed. */
export class AuditStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  append(entry: AuditEntry): void {
    this.#db.run(
      this.#db.build.insertInto('audit_log').values({
        at: entry.at,
        admin: entry.admin,
        tenant_id: entry.tenantId,
        action: entry.action,
        subject: entry.subject,
        before: textOf(entry.before),
        after: textOf(entry.after),
        address: entry.address,
      }),
    );
  }

  /** Newest first. */
  read({ tenantId, before, limit }: AuditQuery): readonly AuditLineStored[] {
    let rows = this.#db.build.selectFrom('audit_log').selectAll();
    if (tenantId !== undefined) rows = rows.where('tenant_id', '=', tenantId);
    if (before !== undefined) rows = rows.where('seq', '<', before);
    return this.#db.all(rows.orderBy('seq', 'desc').limit(limit)).map(lineOf);
  }

  /** Forgets what is older than `before`. @returns how many lines went */
  prune(before: EpochMs): number {
    return this.#db.run(this.#db.build.deleteFrom('audit_log').where('at', '<', before));
  }
}

function lineOf(row: Omit<AuditRow, 'seq'> & { readonly seq: number }): AuditLineStored {
  const { seq, at, admin, tenant_id: tenantId, action, subject, address } = row;
  const states = { before: valueOf(row.before), after: valueOf(row.after) };
  return { seq, at: epochMs(at), admin, tenantId, action, subject, ...states, address };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function valueOf(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
