import type { Extension } from '../../domain/ids.ts';
import type { Openness, Watcher } from '../../domain/park-list.ts';
import type { TenantSettings } from '../../config/tenant-settings.ts';
import type { User } from '../ports/directory.ts';

/** A user as the park list sees them. Nobody is in a Call Park group until groups have a room of their own. */
export function watcherOf(user: User): Watcher {
  return { userId: user.id, extension: user.extension, groupId: null };
}

/** The owner of a slot, as the openness rules ask for. */
export function ownerOf(extension: Extension): {
  readonly extension: Extension;
  readonly groupId: null;
} {
  return { extension, groupId: null };
}

/** `retrieveBy` in the words that `watch` uses too. */
export function opennessOf(retrieveBy: TenantSettings['retrieveBy']): Openness {
  return retrieveBy === 'owner' ? 'own' : retrieveBy;
}
