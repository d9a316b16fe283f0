import { SLASH } from './characters.ts';
import type { Params } from './params.ts';
import { parseWhole } from './scanner.ts';
import type { Scanner } from './scanner.ts';

/** A value of Content-Type or Accept. */
export interface MediaType {
  /** Lower case, e.g. `application/sdp`. */
  readonly type: string;
  readonly params: Params;
}

export const parseMediaType = (text: string): MediaType | undefined =>
  parseWhole(text, scanMediaType);

export function scanMediaType(scanner: Scanner): MediaType | undefined {
  scanner.skipSpace();
  const type = scanner.token();
  if (type === '' || !scanner.take(SLASH)) return undefined;
  const subtype = scanner.token();
  const params = subtype === '' ? undefined : scanner.params();
  return params === undefined ? undefined : { type: `${type}/${subtype}`.toLowerCase(), params };
}

/**
 * Whether a list of Accept values admits a media type, wildcards included. An absent Accept (no values) admits
 * what the method's default is: ask before.
 */
export function accepts(values: readonly string[], type: string): boolean {
  const [main = ''] = type.split('/', 1);
  const ranges = values
    .flatMap((value) => value.split(','))
    .map((value) => parseMediaType(value)?.type);
  return ranges.some((range) => range === type || range === '*/*' || range === `${main}/*`);
}
