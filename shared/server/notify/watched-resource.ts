import { assertNever } from '../../domain/assert-never.ts';
import { isOpenTo, type WatchTarget } from '../../domain/park-list.ts';
import type { SipUri } from '../../sip/message/uri.ts';
import type { Refusal } from '../calls/incoming-invite.ts';
import { readDialled } from '../calls/dialled.ts';
import { NO_PARK_GROUP } from '../park/park-answers.ts';
import type { ParkGroups } from '../park/park-groups.ts';
import { ownerOf, watcherOf } from '../park/park-scope.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { User, UserDirectory } from '../ports/directory.ts';

/** What a `dialog` subscription shows (WIRE.md §5: subscribe to what you would dial). */
export type WatchedResource =
  | { readonly kind: 'parked'; readonly target: WatchTarget }
  /** A user's own calls: a plain busy lamp. */
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What it is read against. */
export interface WatchedFrom {
  readonly directory: UserDirectory;
  readonly groups: ParkGroups;
}

const refuse = (status: number, text: string): WatchedResource => ({
  kind: 'refused',
  refusal: { status, text },
});

/** Reads the Request-URI of a SUBSCRIBE and asks the tenant's `watch` setting. */
export function readWatched(
  { directory, groups }: WatchedFrom,
  caller: Extract<Caller, { kind: 'user' }>,
  uri: SipUri,
): WatchedResource {
  const dialled = readDialled(directory, caller, uri);
  switch (dialled.kind) {
    case 'refused':
      return dialled;
    case 'extension':
      return isOpen(groups, caller, dialled.user)
        ? { kind: 'user', user: dialled.user }
        : refuse(403, 'Not permitted');
    case 'ring-group':
      return refuse(404, 'Nothing to watch there');
    case 'feature':
      return parkedResource({ directory, groups }, caller, dialled.request);
    default:
      return assertNever(dialled);
  }
}

function parkedResource(
  { directory, groups }: WatchedFrom,
  caller: Extract<Caller, { kind: 'user' }>,
  request: Extract<ReturnType<typeof readDialled>, { kind: 'feature' }>['request'],
): WatchedResource {
  switch (request.kind) {
    case 'retrieve-own':
      return { kind: 'parked', target: { kind: 'mine' } };
    case 'retrieve-extension': {
      const owner = directory.user(caller.tenant.id, request.extension);
      if (owner === undefined) return refuse(404, 'No such extension');
      return isOpen(groups, caller, owner)
        ? { kind: 'parked', target: { kind: 'slot', slot: request.extension } }
        : refuse(403, 'Not permitted');
    }
    case 'park-group':
      return groups.idsOf(caller.tenant.id, caller.user.extension).length > 0
        ? { kind: 'parked', target: { kind: 'group' } }
        : { kind: 'refused', refusal: NO_PARK_GROUP };
    case 'park-own':
    case 'park-extension':
    case 'snooze-own':
    case 'snooze-extension':
      return refuse(404, 'Nothing to watch there');
    default:
      return assertNever(request);
  }
}

function isOpen(
  groups: ParkGroups,
  { tenant, user }: Extract<Caller, { kind: 'user' }>,
  owner: User,
): boolean {
  const theirs = ownerOf(groups, tenant.id, owner.extension);
  return isOpenTo(tenant.settings.watch, watcherOf(groups, user), theirs);
}
