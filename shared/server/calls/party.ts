import type { TenantId } from '../../domain/ids.ts';
import type { Caller } from '../ports/authenticator.ts';
import type { Tenant, Trunk, User } from '../ports/directory.ts';
import type { CallerIdentity } from '../ports/journal.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import { anonymousAddress, assertedIdentities, privacyOf } from '../../sip/message/identity.ts';
import { formatNameAddr, makeNameAddr } from '../../sip/message/name-addr.ts';
import type { NameAddr } from '../../sip/message/name-addr.ts';
import { makeUri, userOf } from '../../sip/message/uri.ts';

/** Who is at the far end of a leg. */
export type Party =
  | {
      readonly kind: 'device';
      readonly tenantId: TenantId;
      readonly user: User;
      readonly deviceId: string;
    }
  | { readonly kind: 'trunk'; readonly tenantId: TenantId; readonly trunk: Trunk };

/** The party that a proven caller is. */
export function partyOf(caller: Caller): Party {
  return caller.kind === 'user'
    ? { kind: 'device', tenantId: caller.tenant.id, user: caller.user, deviceId: caller.deviceId }
    : { kind: 'trunk', tenantId: caller.tenant.id, trunk: caller.trunk };
}

/** Equal for requests of the same user (on whichever device) or of the same trunk, different for everybody else. */
export function partyKey(party: Party): string {
  return party.kind === 'device' ? `user:${party.user.id}` : `trunk:${party.trunk.id}`;
}

/** The party in words for logs: an extension or a trunk's name. */
export function partyLabel(party: Party): string {
  return party.kind === 'device' ? party.user.extension : `trunk ${party.trunk.name}`;
}

/** How a caller who asked for privacy is shown everywhere (RFC 3323 §4.1). */
export const ANONYMOUS: CallerIdentity = {
  name: 'Anonymous',
  number: 'anonymous',
  anonymous: true,
};

/** The identity of a user of this server, as others see it. */
export function identityOfUser(user: User): CallerIdentity {
  return { name: user.displayName || user.extension, number: user.extension, anonymous: false };
}

/**
 * Who calls, as the called side may see it: a user is who they proved to be; a trunk is believed about its
 * P-Asserted-Identity (RFC 3325), else its From. `Privacy: id` (or user, or header) or an anonymous From hides either.
 */
export function identityOfCaller(caller: Caller, request: SipRequest): CallerIdentity {
  if (asksForPrivacy(request)) return ANONYMOUS;
  if (caller.kind === 'user') return identityOfUser(caller.user);
  const asserted = assertedIdentities(request.headers).find(
    (address) => userOf(address.uri) !== undefined,
  );
  return identityOfAddress(asserted ?? request.from);
}

function identityOfAddress(address: NameAddr | undefined): CallerIdentity {
  const number = address === undefined ? undefined : userOf(address.uri);
  if (number === undefined || number === '' || number.toLowerCase() === 'anonymous')
    return ANONYMOUS;
  return { name: address?.displayName ?? number, number, anonymous: false };
}

/** By Privacy, or by a From that says nothing: a phone set to anonymous may send no more than that (RFC 3323 §4.1). */
function asksForPrivacy(request: SipRequest): boolean {
  const wishes = privacyOf(request.headers);
  if (['id', 'user', 'header'].some((wish) => wishes.has(wish))) return true;
  return !wishes.has('none') && request.from.uri.host.toLowerCase() === 'anonymous.invalid';
}

/** What we give to everybody (header, session: nothing of the other leg gets through) or on demand. RFC 3323 §4.2, RFC 3325, RFC 7044. */
const KNOWN_PRIVACY: ReadonlySet<string> = new Set([
  'none',
  'id',
  'user',
  'header',
  'session',
  'history',
  'critical',
]);

/** The wishes that we do not know, where the caller would rather not call than go without: 500 (RFC 3323 §5). */
export function unmetPrivacy(request: SipRequest): readonly string[] {
  const wishes = privacyOf(request.headers);
  return wishes.has('critical') ? [...wishes].filter((wish) => !KNOWN_PRIVACY.has(wish)) : [];
}

/** An identity as an address of `host`; the anonymous one is the same everywhere. */
export function addressOf(identity: CallerIdentity, host: string): NameAddr {
  return identity.anonymous
    ? anonymousAddress()
    : makeNameAddr(makeUri({ user: identity.number, host }), identity.name);
}

/** Value of a P-Asserted-Identity or From header (without tag). */
export function formatIdentity(identity: CallerIdentity, host: string): string {
  return formatNameAddr(addressOf(identity, host));
}

/** The host that stands for a tenant in URIs we send: its first domain, else our own address on that flow. */
export function hostOf(tenant: Tenant | undefined, flow: Flow): string {
  return tenant?.domains[0] ?? hostText(flow.local.address);
}

/** Our Contact towards one flow: requests of the dialog come back to the same door. */
export function contactOf(flow: Flow): string {
  const transport =
    flow.transport === 'udp'
      ? ''
      : `;transport=${flow.transport === 'wss' ? 'ws' : flow.transport}`;
  return `<sip:parkline@${hostText(flow.local.address)}:${flow.local.port}${transport}>`;
}

function hostText(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
