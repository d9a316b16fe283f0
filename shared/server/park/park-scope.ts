import type { Extension, GroupId, TenantId } from '../../domain/ids.ts';
import type { Openness, Watcher } from '../../domain/park-list.ts';
import type { TenantSettings } from '../../config/tenant-settings.ts';
import type { User } from '../ports/directory.ts';
import type { ParkGroups } from './park-groups.ts';

/** A user as the park list sees them now. */
export function watcherOf(groups: ParkGroups, user: User): Watcher {
  const { id: userId, tenantId, extension } = user;
  return { userId, extension, groupIds: groups.idsOf(tenantId, extension) };
}

/** The owner of a slot, as the openness rules ask for. */
export function ownerOf(
  groups: ParkGroups,
  tenantId: TenantId,
  extension: Extension,
): { readonly extension: Extension; readonly groupIds: readonly GroupId[] } {
  return { extension, groupIds: groups.idsOf(tenantId, extension) };
}

/** `retrieveBy` in the words that `watch` uses too. */
export function opennessOf(retrieveBy: TenantSettings['retrieveBy']): Openness {
  return retrieveBy === 'owner' ? 'own' : retrieveBy;
}
