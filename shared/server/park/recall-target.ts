import { isUsableRingGroup, type RingGroup } from '../../domain/ring-group.ts';
import type { ParkFacts } from '../../domain/park-state.ts';
import type { GroupDirectory } from '../ports/directory.ts';

/** The ring group that a call's recall rules name, as it is now. */
export type RecallRingGroup =
  | { readonly state: 'usable'; readonly group: RingGroup }
  /** There is none, or it was deleted or emptied since. */
  | { readonly state: 'unusable' };

export function ringGroupOf(
  directory: GroupDirectory,
  { tenantId, recall: { destination } }: Pick<ParkFacts, 'tenantId' | 'recall'>,
): RecallRingGroup {
  if (destination.kind === 'parker') return { state: 'unusable' };
  const group = directory.ringGroup(tenantId, destination.ringGroupId);
  return group !== undefined && isUsableRingGroup(group) === 'usable'
    ? { state: 'usable', group }
    : { state: 'unusable' };
}

/** Where an unretrieved call goes, in the words of `recall-to`, and the ring group it may come to. */
export function recallTargetOf(
  directory: GroupDirectory,
  facts: Pick<ParkFacts, 'tenantId' | 'recall'>,
): { readonly to: ParkFacts['recall']['destination']['kind']; readonly ringGroup?: string } {
  const target = ringGroupOf(directory, facts);
  return target.state === 'unusable'
    ? { to: 'parker' }
    : { to: facts.recall.destination.kind, ringGroup: target.group.name };
}
