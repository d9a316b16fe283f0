import type { NameAddr } from '../../sip/message/name-addr.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import { isSipScheme, userOf, type SipUri } from '../../sip/message/uri.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Tenant, User, UserDirectory } from '../ports/directory.ts';
import type { CallKit } from './call-kit.ts';

/** How often one call is sent on at most. */
const MOST_REDIRECTS = 5;
/** A 3xx with more addresses leads nowhere. */
const MOST_CONTACTS = 8;

/**
 * Answers whose Contact says where else to try (RFC 3261 §8.1.3.4, §21.3). 305 names a proxy, which cannot be asked for a user of
 * ours; it is read like the rest and leads nowhere unless it names one. 380 leaves what to do to its body, which nobody defined.
 */
const FOLLOWED: ReadonlySet<number> = new Set([300, 301, 302, 305]);

/** Where a 3xx wants the call to go: groups to be tried one after the other, best first; equal `q` at once (RFC 3261 §16.6). */
export function redirectTargets(response: SipResponse): readonly (readonly SipUri[])[] {
  if (!FOLLOWED.has(response.status)) return [];
  const contacts = response.contacts.length > MOST_CONTACTS ? [] : response.contacts;
  const byQ = new Map<number, SipUri[]>();
  for (const contact of contacts) {
    const q = qOf(contact);
    byQ.set(q, [...(byQ.get(q) ?? []), contact.uri]);
  }
  return [...byQ].toSorted(([a], [b]) => b - a).map(([, uris]) => uris);
}

/** Without the parameter, or with nonsense: 1. */
function qOf({ params }: NameAddr): number {
  const text = params.get('q');
  return typeof text === 'string' && /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 1;
}

export interface RedirectionOptions {
  readonly directory: UserDirectory;
  readonly tenant: Tenant;
  /** Whom the call has reached or comes from: it is never sent back to them. */
  readonly tried: readonly UserId[];
}

/** What follows the 3xx of one call, as the tenant wishes; `tried`: whom it has reached, and whom it comes from. */
export function redirectionFor(
  { directory }: CallKit,
  tenant: Tenant,
  tried: readonly UserId[],
): Redirection | undefined {
  switch (tenant.settings.followRedirects) {
    case 'never':
      return undefined;
    case 'inside-tenant':
      return new Redirection({ directory, tenant, tried });
  }
}

/** Follows the 3xx of one call, inside its tenant, for so long as it leads to somebody new. */
export class Redirection {
  readonly #options: RedirectionOptions;
  readonly #tried: Set<UserId>;
  #followed = 0;

  constructor(options: RedirectionOptions) {
    this.#options = options;
    this.#tried = new Set(options.tried);
  }

  /** Users to ring, group after group; none when the 3xx leads nowhere. Codes lead nowhere either (WIRE.md §1). */
  follow(response: SipResponse): readonly (readonly User[])[] {
    if (this.#followed >= MOST_REDIRECTS) return [];
    this.#followed += 1;
    return redirectTargets(response)
      .map((uris) => uris.flatMap((uri) => this.#take(uri) ?? []))
      .filter((users) => users.length > 0);
  }

  #take(uri: SipUri): User | undefined {
    const { directory, tenant } = this.#options;
    if (!isSipScheme(uri) || !directory.isHostOf(tenant.id, uri.host)) return undefined;
    const user = directory.user(tenant.id, userOf(uri) ?? '');
    if (user === undefined || this.#tried.has(user.id)) return undefined;
    this.#tried.add(user.id);
    return user;
  }
}
