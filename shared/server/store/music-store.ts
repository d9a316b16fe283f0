import { epochMs, type EpochMs, type TenantId } from '../../domain/ids.ts';
import type { Database } from './database.ts';

/** About a tenant's own music, without its sound. */
export interface MusicFacts {
  /** Of the kept sound, in Hz. */
  readonly rate: number;
  readonly durationMs: number;
  readonly uploadedBy: string;
  readonly uploadedAt: EpochMs;
}

/** What tenants play to parked callers in place of the built-in music: a WAV file of PCM 16 bit mono each. */
export class MusicStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  facts(tenant: TenantId): MusicFacts | undefined {
    const row = this.#db.first(
      this.#db.build
        .selectFrom('tenant_music')
        .select(['rate', 'duration_ms', 'uploaded_by', 'uploaded_at'])
        .where('tenant_id', '=', tenant),
    );
    return (
      row && {
        rate: row.rate,
        durationMs: row.duration_ms,
        uploadedBy: row.uploaded_by,
        uploadedAt: epochMs(row.uploaded_at),
      }
    );
  }

  /** The file; undefined where the tenant has none of its own. */
  wav(tenant: TenantId): Buffer | undefined {
    const rows = this.#db.build.selectFrom('tenant_music').select('wav');
    return this.#db.first(rows.where('tenant_id', '=', tenant))?.wav;
  }

  save(tenant: TenantId, wav: Uint8Array, facts: MusicFacts): void {
    const changing = {
      wav: Buffer.from(wav.buffer, wav.byteOffset, wav.byteLength),
      rate: facts.rate,
      duration_ms: facts.durationMs,
      uploaded_by: facts.uploadedBy,
      uploaded_at: facts.uploadedAt,
    };
    this.#db.run(
      this.#db.build
        .insertInto('tenant_music')
        .values({ tenant_id: tenant, ...changing })
        .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(changing)),
    );
  }

  /** @returns whether there was any */
  remove(tenant: TenantId): boolean {
    const row = this.#db.build.deleteFrom('tenant_music').where('tenant_id', '=', tenant);
    return this.#db.run(row) > 0;
  }
}
