import { assertNever } from '../../domain/assert-never.ts';
import { isOpenTo, type WatchTarget } from '../../domain/park-list.ts';
import type { SipUri } from '../../sip/message/uri.ts';
import type { Refusal } from '../calls/incoming-invite.ts';
import { readDialled } from '../calls/dialled.ts';
import { NO_PARK_GROUP } from '../park/park-answers.ts';
import { ownerOf, watcherOf } from '../park/park-scope.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { User, UserDirectory } from '../ports/directory.ts';

/** What a `dialog` subscription shows (WIRE.md §5: subscribe to what you would dial). */
export type WatchedResource =
  | { readonly kind: 'parked'; readonly target: WatchTarget }
  /** A user's own calls: a plain busy lamp. */
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const refuse = (status: number, text: string): WatchedResource => ({
  kind: 'refused',
  refusal: { status, text },
});

/** Reads the Request-URI of a SUBSCRIBE and asks the tenant's `watch` setting. */
export function readWatched(
  directory: UserDirectory,
  caller: Extract<Caller, { kind: 'user' }>,
  uri: SipUri,
): WatchedResource {
  const dialled = readDialled(directory, caller, uri);
  switch (dialled.kind) {
    case 'refused':
      return dialled;
    case 'extension':
      return isOpen(caller, dialled.user)
        ? { kind: 'user', user: dialled.user }
        : refuse(403, 'Not permitted');
    case 'feature':
      return parkedResource(directory, caller, dialled.request);
    default:
      return assertNever(dialled);
  }
}

function parkedResource(
  directory: UserDirectory,
  caller: Extract<Caller, { kind: 'user' }>,
  request: Extract<ReturnType<typeof readDialled>, { kind: 'feature' }>['request'],
): WatchedResource {
  switch (request.kind) {
    case 'retrieve-own':
      return { kind: 'parked', target: { kind: 'mine' } };
    case 'retrieve-extension': {
      const owner = directory.user(caller.tenant.id, request.extension);
      if (owner === undefined) return refuse(404, 'No such extension');
      return isOpen(caller, owner)
        ? { kind: 'parked', target: { kind: 'slot', slot: request.extension } }
        : refuse(403, 'Not permitted');
    }
    case 'park-group':
      return { kind: 'refused', refusal: NO_PARK_GROUP };
    case 'park-own':
    case 'park-extension':
    case 'snooze-own':
    case 'snooze-extension':
      return refuse(404, 'Nothing to watch there');
    default:
      return assertNever(request);
  }
}

function isOpen({ tenant, user }: Extract<Caller, { kind: 'user' }>, owner: User): boolean {
  return isOpenTo(tenant.settings.watch, watcherOf(user), ownerOf(owner.extension));
}
