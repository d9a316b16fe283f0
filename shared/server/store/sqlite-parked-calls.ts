import { z } from 'zod';
import {
  epochMs,
  groupId,
  isExtension,
  isParkId,
  tenantId,
  userId,
  type EpochMs,
} from '../../domain/ids.ts';
import type { Journal } from '../ports/journal.ts';
import type { ParkedCallRecord, ParkedCallStore } from '../ports/parked-call-store.ts';
import type { Database } from './database.ts';

const time = z.number().transform(epochMs);
const extension = z.string().refine(isExtension);
const recordSchema = z.object({
  tenantId: z.string().transform(tenantId),
  parkId: z.string().refine(isParkId),
  slot: extension,
  groupId: z.string().transform(groupId).exactOptional(),
  parker: extension,
  caller: z.object({ name: z.string(), number: z.string(), anonymous: z.boolean() }),
  note: z.string().exactOptional(),
  state: z.enum(['parking', 'parked', 'recalling', 'retrieving']),
  version: z.int(),
  parkedAt: time,
  recallAt: time.exactOptional(),
  parkerUserId: z.string().transform(userId),
  parkerDeviceId: z.string(),
  dialog: z.json(),
  leg: z.json(),
}) satisfies z.ZodType<ParkedCallRecord, unknown>;

/** The calls that are parked now, one row each. */
export class SqliteParkedCalls implements ParkedCallStore {
  readonly #db: Database;
  readonly #journal: Journal;
  readonly #upsert: ReturnType<typeof upsertOf>;
  readonly #delete: (parkId: string) => void;

  constructor(db: Database, journal: Journal) {
    this.#db = db;
    this.#journal = journal;
    this.#upsert = upsertOf(db);
    this.#delete = db.deleter('parked_calls', 'park_id');
  }

  save(call: ParkedCallRecord): void {
    const { parkId: park_id, tenantId: tenant_id, parkedAt: parked_at } = call;
    this.#upsert({ park_id, tenant_id, parked_at, record: JSON.stringify(call) });
  }

  remove(parkId: string): void {
    this.#delete(parkId);
  }

  all(): readonly ParkedCallRecord[] {
    const rows = this.#db.build.selectFrom('parked_calls').select('record').orderBy('parked_at');
    return this.#db.all(rows).flatMap(({ record }) => {
      const parsed = recordSchema.safeParse(JSON.parse(record));
      return parsed.success ? [parsed.data] : [];
    });
  }

  markAllLost(now: EpochMs): readonly ParkedCallRecord[] {
    return this.#db.transaction(() => {
      const lost = this.all();
      for (const call of lost) {
        const { tenantId: tenant, parkId, slot, parker, caller, groupId: group, note } = call;
        this.#journal.append({
          at: now,
          tenantId: tenant,
          parkId,
          slot,
          parker,
          caller,
          step: { kind: 'lost' },
          ...(group === undefined ? {} : { groupId: group }),
          ...(note === undefined ? {} : { note }),
        });
      }
      this.#db.run(this.#db.build.deleteFrom('parked_calls'));
      return lost;
    });
  }
}

const upsertOf = (db: Database) =>
  db.inserter(
    'parked_calls',
    ['park_id', 'tenant_id', 'parked_at', 'record'],
    '(park_id) DO UPDATE SET record = excluded.record',
  );
