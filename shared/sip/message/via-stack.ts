import { VIA } from './header-names.ts';
import type { HeaderTable } from './header-table.ts';
import { formatVia, parseVias } from './via.ts';
import type { Via } from './via.ts';

/** Adds a Via above all others. */
export function pushVia(headers: HeaderTable, via: Via): void {
  headers.prepend('Via', formatVia(via));
}

/** Replaces the topmost Via, e.g. by one with `received` and `rport` (RFC 3581 §4); adds it when there is none. */
export function setTopVia(headers: HeaderTable, via: Via): void {
  replaceTop(headers, [formatVia(via)]);
}

/** Removes the topmost Via, whether it has a header field of its own or heads a list. */
export function removeTopVia(headers: HeaderTable): void {
  replaceTop(headers, []);
}

/** The other values are written anew one by one, because the topmost may share its header field with them. */
function replaceTop(headers: HeaderTable, top: readonly string[]): void {
  const [first, ...others] = headers.all('Via');
  const [only] = top;
  // Nearly always: each Via has a header field of its own.
  if (only !== undefined && first !== undefined && !first.includes(',')) {
    headers.setFirst(VIA, only);
    return;
  }
  const below = first === undefined ? [] : (parseVias(first) ?? []).slice(1).map(formatVia);
  headers.replaceAll('Via', [...top, ...below, ...others]);
}
