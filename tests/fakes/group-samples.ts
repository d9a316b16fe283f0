import { groupId, ringGroupId, tenantId } from '../../shared/domain/ids.ts';
import type { ParkGroup } from '../../shared/domain/park-group.ts';
import {
  defaultRecallSettings,
  type RecallDestination,
} from '../../shared/domain/recall-policy.ts';
import type { RingGroup } from '../../shared/domain/ring-group.ts';
import { extension } from './parked-calls.ts';

const tenant = tenantId('t1');

export const support = groupId('support');
export const sales = ringGroupId('sales');

/** The Call Park group Support of tenant `t1`: 101, 102, 103 unless told otherwise. */
export function supportGroup(
  members: readonly string[] = ['101', '102', '103'],
  changes: Partial<ParkGroup> = {},
): ParkGroup {
  return {
    id: support,
    tenantId: tenant,
    name: 'Support',
    members: members.map((each) => extension(each)),
    recall: defaultRecallSettings,
    version: 1,
    ...changes,
  };
}

/** Support with a recall that goes to `destination`. */
export const supportWith = (destination: RecallDestination): ParkGroup =>
  supportGroup(undefined, { recall: { ...defaultRecallSettings, destination } });

/** The ring group Sales of tenant `t1`, dialled by 600: rings all of its members for 20 s. */
export function salesGroup(
  members: readonly string[] = ['105', '106'],
  changes: Partial<RingGroup> = {},
): RingGroup {
  return {
    id: sales,
    tenantId: tenant,
    name: 'Sales',
    extension: extension('600'),
    members: members.map((each) => extension(each)),
    strategy: 'ring-all',
    ringMs: 20_000,
    noAnswer: { kind: 'hang-up' },
    version: 1,
    ...changes,
  };
}
