import type { EpochMs, Extension, TenantId } from '../../domain/ids.ts';
import type { JournalEvent, JournalStep } from '../ports/journal.ts';
import type { Database } from './database.ts';
import { eventOf } from './journal-row.ts';

/** Which lines; every part that is given must fit. */
export interface JournalSearch {
  readonly tenantId: TenantId;
  /** Not before. */
  readonly from?: EpochMs;
  /** Before. */
  readonly to?: EpochMs;
  readonly slot?: Extension;
  readonly parker?: Extension;
  /** Part of the caller's name or number, without regard to (ASCII) case. */
  readonly caller?: string;
  readonly how?: JournalStep['kind'];
  /** Only lines before this one. */
  readonly before?: number;
  readonly limit: number;
}

/** A line with its place in the journal. */
export interface NumberedEvent {
  readonly seq: number;
  readonly event: JournalEvent;
}

/** Newest first. */
export function searchJournal(db: Database, query: JournalSearch): readonly NumberedEvent[] {
  const { from, to, slot, parker, caller, how, before } = query;
  let rows = db.build.selectFrom('journal').selectAll().where('tenant_id', '=', query.tenantId);
  if (from !== undefined) rows = rows.where('at', '>=', from);
  if (to !== undefined) rows = rows.where('at', '<', to);
  if (slot !== undefined) rows = rows.where('slot', '=', slot);
  if (parker !== undefined) rows = rows.where('parker', '=', parker);
  if (how !== undefined) rows = rows.where('kind', '=', how);
  if (before !== undefined) rows = rows.where('seq', '<', before);
  if (caller !== undefined) {
    rows = rows.where(({ or, eb, fn, val }) => {
      const holds = (column: 'caller_name' | 'caller_number') =>
        eb(fn<number>('instr', [fn('lower', [column]), fn('lower', [val(caller)])]), '>', 0);
      return or([holds('caller_name'), holds('caller_number')]);
    });
  }
  return db
    .all(rows.orderBy('seq', 'desc').limit(query.limit))
    .flatMap((row) => eventOf(row).map((event) => ({ seq: row.seq, event })));
}
