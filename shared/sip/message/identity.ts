import type { HeaderTable } from './header-table.ts';
import { formatNameAddr, makeNameAddr, parseNameAddrs } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';
import { makeUri } from './uri.ts';

/** The addresses of P-Asserted-Identity (RFC 3325 §9.1), at most two; empty when absent or malformed. */
export function assertedIdentities(headers: HeaderTable): readonly NameAddr[] {
  return headers
    .all('P-Asserted-Identity')
    .flatMap((value) => parseNameAddrs(value, 4) ?? [])
    .slice(0, 2);
}

/** The privacy a caller asks for (RFC 3323 §4.2), e.g. `id`; in lower case. */
export function privacyOf(headers: HeaderTable): ReadonlySet<string> {
  const values = headers.all('Privacy').flatMap((value) => value.split(/[;,]/));
  return new Set(values.map((value) => value.trim().toLowerCase()).filter((value) => value !== ''));
}

/** What is shown of a caller who asked for privacy (RFC 3323 §4.1.1.3). */
export const anonymousAddress = (): NameAddr =>
  makeNameAddr(makeUri({ user: 'anonymous', host: 'anonymous.invalid' }), 'Anonymous');

export const formatIdentity = (identity: NameAddr): string =>
  formatNameAddr({ ...identity, params: new Map() });
