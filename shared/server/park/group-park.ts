import type { ParkGroup } from '../../domain/park-group.ts';
import type { Result } from '../../domain/result.ts';
import type { Refusal } from '../calls/incoming-invite.ts';
import type { Tenant, User } from '../ports/directory.ts';
import { DRAINING, NO_PARK_GROUP } from './park-answers.ts';
import type { ParkService } from './park-service.ts';

/** Where a call goes that is parked by the group's code. */
export interface GroupSlot {
  readonly slot: User;
  readonly group: ParkGroup;
}

const NONE_AVAILABLE: Refusal = { status: 480, text: 'No member of the group has room' };

/** Looks for the member who gets a call that `parker` parks to their group (CALL-PARK "Park"). */
export function findGroupSlot(
  parks: ParkService,
  tenant: Tenant,
  parker: User,
): Result<GroupSlot, Refusal> {
  if (parks.draining) return { ok: false, error: DRAINING };
  const group = parks.groups.current(tenant.id, parker.extension);
  if (group === undefined) return { ok: false, error: NO_PARK_GROUP };
  const slot = parks.hunt(group, tenant.settings.parkedCallsPerExtension);
  return slot === undefined
    ? { ok: false, error: NONE_AVAILABLE }
    : { ok: true, value: { slot, group } };
}
