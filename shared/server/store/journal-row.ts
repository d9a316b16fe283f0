import { z } from 'zod';
import { epochMs, groupId, isExtension, parseParkId, tenantId } from '../../domain/ids.ts';
import type { CallerIdentity, JournalEvent, JournalStep } from '../ports/journal.ts';
import type { JournalRow } from './schema.ts';

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
  z.object({ kind: z.literal('moved'), to: extension }),
  z.object({ kind: z.literal('retrieved'), by: extension }),
  z.object({ kind: z.literal('returned'), to: extension }),
  z.object({ kind: z.literal('abandoned') }),
  z.object({ kind: z.literal('forwarded'), to: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
  z.object({ kind: z.literal('lost') }),
]) satisfies z.ZodType<JournalStep, unknown>;

/** Who took the call, where the step says so. */
export function actorOf(step: JournalStep): string | null {
  if ('by' in step) return step.by;
  return step.kind === 'returned' ? step.to : null;
}

/** A line that this version cannot read is left out rather than failing the rest. */
export function eventOf(row: Omit<JournalRow, 'seq'>): JournalEvent[] {
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

/** `null` for what this version cannot read. */
export function readStep(json: string): JournalStep | null {
  try {
    const parsed = stepSchema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
