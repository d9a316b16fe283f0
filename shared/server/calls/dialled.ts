import { parseFeatureCode, type FeatureRequest } from '../../domain/feature-code.ts';
import { parseParkId, type Extension, type ParkId } from '../../domain/ids.ts';
import { uriParam, userOf, type SipUri } from '../../sip/message/uri.ts';
import type { RingGroup } from '../../domain/ring-group.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { Tenant, User, UserDirectory } from '../ports/directory.ts';
import type { Refusal } from './incoming-invite.ts';

/** What a `;park-id=` on a URI says. */
export type NamedPark =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly parkId: ParkId }
  /** Present, but no ParkId: it names nothing. */
  | { readonly kind: 'malformed' };

/** What a Request-URI or Refer-To asks for. */
export type Dialled =
  | { readonly kind: 'extension'; readonly user: User }
  | { readonly kind: 'ring-group'; readonly group: RingGroup }
  | { readonly kind: 'feature'; readonly request: FeatureRequest; readonly named: NamedPark }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const UNKNOWN: Dialled = { kind: 'refused', refusal: { status: 404, text: 'No such extension' } };

/**
 * Reads what was dialled, inside the caller's tenant only. Feature codes count only for users (WIRE.md §1); an extension
 * in a code must exist: unknown is 404, the mere beginning of one 484.
 * @param isSlot whether a call is parked on an extension: such a call can be retrieved though its slot's owner was deleted
 */
export function readDialled(
  directory: UserDirectory,
  caller: Caller,
  uri: SipUri,
  isSlot: (extension: Extension) => boolean = () => false,
): Dialled {
  const { tenant } = caller;
  if (!directory.isHostOf(tenant.id, uri.host)) return UNKNOWN;
  const feature =
    caller.kind === 'user' ? parseFeatureCode(uri.user ?? '', tenant.settings.featureCodes) : null;
  if (feature !== null) {
    const request = { kind: 'feature', request: feature, named: namedPark(uri) } as const;
    return feature.kind === 'retrieve-extension' && isSlot(feature.extension)
      ? request
      : checkFeature(directory, tenant, request);
  }
  return dialledNumber(directory, tenant, userOf(uri) ?? '');
}

function dialledNumber(directory: UserDirectory, tenant: Tenant, digits: string): Dialled {
  const user = directory.user(tenant.id, digits);
  if (user !== undefined) return { kind: 'extension', user };
  const group = directory.ringGroupByNumber(tenant.id, digits);
  return group === undefined ? UNKNOWN : { kind: 'ring-group', group };
}

function checkFeature(
  directory: UserDirectory,
  tenant: Tenant,
  dialled: Extract<Dialled, { kind: 'feature' }>,
): Dialled {
  const { request } = dialled;
  if (!('extension' in request)) return dialled;
  if (directory.user(tenant.id, request.extension) !== undefined) return dialled;
  return directory.hasExtensionPrefix(tenant.id, request.extension)
    ? { kind: 'refused', refusal: { status: 484, text: 'Extension incomplete' } }
    : UNKNOWN;
}

function namedPark(uri: SipUri): NamedPark {
  const text = uriParam(uri, 'park-id');
  if (text === undefined) return { kind: 'none' };
  const parkId = text === null ? null : parseParkId(text);
  return parkId === null ? { kind: 'malformed' } : { kind: 'id', parkId };
}
