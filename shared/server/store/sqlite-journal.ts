import { z } from 'zod';
import {
  epochMs,
  groupId,
  isExtension,
  parseParkId,
  tenantId,
  type EpochMs,
  type TenantId,
} from '../../domain/ids.ts';
import type {
  CallerIdentity,
  Journal,
  JournalEvent,
  JournalQuery,
  JournalStep,
} from '../ports/journal.ts';
import type { Database } from './database.ts';
import type { JournalRow } from './schema.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const extension = z.string().refine(isExtension);
const attempt = z.int().positive();
const stepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('parked') }),
  z.object({ kind: z.literal('recalled'), attempt }),
  z.object({
    kind: z.literal('recall-unanswered'),
    attempt,
    reason: z.string(),
    since: z.number().transform(epochMs).exactOptional(),
  }),
  z.object({ kind: z.literal('snoozed'), by: extension }),
  z.object({ kind: z.literal('retrieved'), by: extension }),
  z.object({ kind: z.literal('returned'), to: extension }),
  z.object({ kind: z.literal('abandoned') }),
  z.object({ kind: z.literal('forwarded'), to: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
  z.object({ kind: z.literal('lost') }),
]) satisfies z.ZodType<JournalStep, unknown>;

type UnansweredStep = Extract<JournalStep, { kind: 'recall-unanswered' }>;

/** The journal as a table: one row per step. */
export class SqliteJournal implements Journal {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  append(event: JournalEvent): void {
    if (event.step.kind === 'recall-unanswered') this.#fold(event, event.step);
    else this.#insert(event);
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
    this.#db.run(
      this.#db.build.insertInto('journal').values({
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
      }),
    );
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
      rows = rows.where('park_id', 'in', ids);
    }
    return this.#db.all(rows.orderBy('seq', 'desc').limit(limit)).flatMap(eventOf);
  }

  /** Forgets what is older than `before`. @returns how many lines went */
  prune(tenant: TenantId, before: EpochMs): number {
    return this.#db.run(
      this.#db.build.deleteFrom('journal').where('tenant_id', '=', tenant).where('at', '<', before),
    );
  }
}

function actorOf(step: JournalStep): string | null {
  if ('by' in step) return step.by;
  return step.kind === 'returned' ? step.to : null;
}

/** A line that this version cannot read is left out rather than failing the rest. */
function eventOf(row: Omit<JournalRow, 'seq'>): JournalEvent[] {
  const step = readStep(row.step);
  const parkId = parseParkId(row.park_id);
  if (step === null || parkId === null) return [];
  if (!isExtension(row.slot) || !isExtension(row.parker)) return [];
  return [
    {
      at: epochMs(row.at),
      tenantId: tenantId(row.tenant_id),
      parkId,
      slot: row.slot,
      parker: row.parker,
      caller: callerOf(row),
      step,
      ...(row.group_id === null ? {} : { groupId: groupId(row.group_id) }),
      ...(row.note === null ? {} : { note: row.note }),
    },
  ];
}

function callerOf(row: Omit<JournalRow, 'seq'>): CallerIdentity {
  return { name: row.caller_name, number: row.caller_number, anonymous: row.anonymous === 1 };
}

function readStep(json: string): JournalStep | null {
  try {
    const parsed = stepSchema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
