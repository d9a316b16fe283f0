import { onDispose, type Disposable } from '../../domain/disposable.ts';
import { epochMs, type EpochMs, type Extension, type TenantId } from '../../domain/ids.ts';
import type { Journal, JournalEvent, JournalQuery, JournalStep } from '../ports/journal.ts';
import type { Database } from './database.ts';
import { actorOf, eventOf, readStep } from './journal-row.ts';
import { searchJournal, type JournalSearch, type NumberedEvent } from './journal-search.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

type UnansweredStep = Extract<JournalStep, { kind: 'recall-unanswered' }>;

const COLUMNS = [
  'at',
  'tenant_id',
  'park_id',
  'kind',
  'step',
  'slot',
  'group_id',
  'parker',
  'actor',
  'caller_name',
  'caller_number',
  'anonymous',
  'note',
] as const;

/** The journal as a table: one row per step. */
export class SqliteJournal implements Journal {
  readonly #db: Database;
  readonly #watchers = new Set<(event: JournalEvent) => void>();
  readonly #insertRow: ReturnType<typeof inserterOf>;

  constructor(db: Database) {
    this.#db = db;
    this.#insertRow = inserterOf(db);
  }

  append(event: JournalEvent): void {
    if (event.step.kind === 'recall-unanswered') this.#fold(event, event.step);
    else this.#insert(event);
    for (const watcher of [...this.#watchers]) watcher(event);
  }

  /** Told of every step once it is written. */
  onAppended(run: (event: JournalEvent) => void): Disposable {
    this.#watchers.add(run);
    return onDispose(() => this.#watchers.delete(run));
  }

  /** Lines of a whole tenant for its admins, newest first. */
  search(query: JournalSearch): readonly NumberedEvent[] {
    return searchJournal(this.#db, query);
  }

  /** The attempt just written and the equal one before it give way to one line. */
  #fold(event: JournalEvent, step: UnansweredStep): void {
    const [recalled, before] = this.#db.all(
      this.#db.build
        .selectFrom('journal')
        .select(['seq', 'at', 'step'])
        .where('tenant_id', '=', event.tenantId)
        .where('park_id', '=', event.parkId)
        .orderBy('seq', 'desc')
        .limit(2),
    );
    const last = before && readStep(before.step);
    const repeated =
      recalled !== undefined &&
      before !== undefined &&
      readStep(recalled.step)?.kind === 'recalled' &&
      last?.kind === 'recall-unanswered' &&
      last.reason === step.reason;
    if (!repeated) return this.#insert(event);
    const since = last.since ?? epochMs(before.at);
    this.#db.transaction(() => {
      const gone = [recalled.seq, before.seq];
      this.#db.run(this.#db.build.deleteFrom('journal').where('seq', 'in', gone));
      this.#insert({ ...event, step: { ...step, since } });
    });
  }

  #insert(event: JournalEvent): void {
    this.#insertRow({
      at: event.at,
      tenant_id: event.tenantId,
      park_id: event.parkId,
      kind: event.step.kind,
      step: JSON.stringify(event.step),
      slot: event.slot,
      group_id: event.groupId ?? null,
      parker: event.parker,
      actor: actorOf(event.step),
      caller_name: event.caller.name,
      caller_number: event.caller.number,
      anonymous: event.caller.anonymous ? 1 : 0,
      note: event.note ?? null,
    });
  }

  history(query: JournalQuery): readonly JournalEvent[] {
    const limit = Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
    const { extension: mine, parkId, before } = query;
    let rows = this.#db.build
      .selectFrom('journal')
      .selectAll()
      .where('tenant_id', '=', query.tenantId);
    if (parkId !== undefined) rows = rows.where('park_id', '=', parkId);
    if (before !== undefined) rows = rows.where('at', '<', before);
    if (mine !== undefined) {
      // A call is in scope as a whole: whoever took it also sees how it came to be parked.
      const ids = this.#db.build
        .selectFrom('journal')
        .select('park_id')
        .where('tenant_id', '=', query.tenantId)
        .where((is) =>
          is.or([is('slot', '=', mine), is('parker', '=', mine), is('actor', '=', mine)]),
        );
      rows = rows
        .where('park_id', 'in', ids)
        .where('at', '>=', this.#begunAt(query.tenantId, mine));
    }
    return this.#db.all(rows.orderBy('seq', 'desc').limit(limit)).flatMap(eventOf);
  }

  /** Since when the extension is its present user's: what was its last one's is not theirs to read. */
  #begunAt(tenant: TenantId, extension: Extension): number {
    const users = this.#db.build.selectFrom('users').select('created_at');
    const present = users.where('tenant_id', '=', tenant).where('extension', '=', extension);
    return this.#db.first(present)?.created_at ?? 0;
  }

  /** Forgets what is older than `before`. @returns how many lines went */
  prune(tenant: TenantId, before: EpochMs): number {
    return this.#db.run(
      this.#db.build.deleteFrom('journal').where('tenant_id', '=', tenant).where('at', '<', before),
    );
  }
}

const inserterOf = (db: Database) => db.inserter('journal', COLUMNS);
