import type { ParkedCallLine } from '../../config/admin/live.ts';
import type { ParkedCallView } from '../ports/call-control.ts';
import type { GroupDirectory } from '../ports/directory.ts';

/** Calls that are parked now, as an admin sees them. */
export function parkedCallLines(
  calls: readonly ParkedCallView[],
  directory: GroupDirectory,
): ParkedCallLine[] {
  return calls.map((call) => ({
    parkId: call.parkId,
    slot: call.slot,
    group: groupOf(call, directory),
    parker: call.parker,
    caller: { ...call.caller },
    state: call.state,
    parkedAt: call.parkedAt,
    recallAt: call.recallAt ?? null,
    note: call.note ?? null,
  }));
}

/** A deleted group goes on for the calls parked to it; then its id stands for its name. */
function groupOf({ tenantId, groupId }: ParkedCallView, directory: GroupDirectory) {
  if (groupId === undefined) return null;
  return { id: groupId, name: directory.parkGroup(tenantId, groupId)?.name ?? groupId };
}
