import { formatParams } from '../message/params.ts';
import type { Params } from '../message/params.ts';
import { parseWhole } from '../message/scanner.ts';
import type { Scanner } from '../message/scanner.ts';

/** The Event header field (RFC 6665 §8.2.1), e.g. `refer;id=314`. */
export interface EventHeader {
  /** Lower case. */
  readonly name: string;
  readonly id?: string | undefined;
  /** All parameters, `id` included. */
  readonly params: Params;
}

export const parseEvent = (text: string): EventHeader | undefined => parseWhole(text, scanEvent);

function scanEvent(scanner: Scanner): EventHeader | undefined {
  scanner.skipSpace();
  const name = scanner.token().toLowerCase();
  const params = name === '' ? undefined : scanner.params();
  return params === undefined ? undefined : { name, id: params.get('id') ?? undefined, params };
}

export const formatEvent = (name: string, id?: string): string =>
  id === undefined ? name : `${name}${formatParams(new Map([['id', id]]))}`;

/** Two events are the same subscription's when name and id agree (RFC 6665 §8.2.1). */
export const sameEvent = (a: EventHeader, b: EventHeader): boolean =>
  a.name === b.name && a.id === b.id;
