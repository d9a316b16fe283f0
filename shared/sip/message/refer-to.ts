import type { HeaderTable } from './header-table.ts';
import { parseNameAddr } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';

/** A REFER has exactly one Refer-To with one value, anything else is a 400 (RFC 3515 §2.4.2). */
export type ReferTo =
  | { readonly kind: 'target'; readonly target: NameAddr }
  | { readonly kind: 'refused'; readonly reason: 'missing' | 'several' | 'malformed' };

export function readReferTo(headers: HeaderTable): ReferTo {
  const values = headers.all('Refer-To');
  if (values.length !== 1)
    return { kind: 'refused', reason: values.length === 0 ? 'missing' : 'several' };
  const target = parseNameAddr(values[0] ?? '');
  return target === undefined
    ? { kind: 'refused', reason: 'malformed' }
    : { kind: 'target', target };
}
