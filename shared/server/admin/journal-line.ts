import type { JournalLine } from '../../config/admin/journal.ts';
import type { GroupDirectory } from '../ports/directory.ts';
import type { JournalEvent, JournalStep } from '../ports/journal.ts';
import type { NumberedEvent } from '../store/journal-search.ts';

/** Who took the call, or where it went; `null` where a step says nothing of it. */
export function actorOf(step: JournalStep): string | null {
  if ('by' in step) return step.by;
  return 'to' in step ? step.to : null;
}

/** A line of the journal as an admin reads it. */
export function journalLine({ seq, event }: NumberedEvent, directory: GroupDirectory): JournalLine {
  const { at, parkId, slot, parker, caller, step, note } = event;
  return {
    id: seq,
    at,
    parkId,
    kind: step.kind,
    slot,
    group: groupOf(event, directory),
    parker,
    caller: { ...caller },
    by: actorOf(step),
    reason: 'reason' in step ? step.reason : null,
    note: note ?? null,
  };
}

function groupOf({ tenantId, groupId }: JournalEvent, directory: GroupDirectory) {
  if (groupId === undefined) return null;
  return { id: groupId, name: directory.parkGroup(tenantId, groupId)?.name ?? null };
}
