import { COMMA, EQUALS, QUOTE, TOKEN } from '../message/characters.ts';
import { Scanner } from '../message/scanner.ts';

/** Parameters of an authentication header, names in lower case, values without quotes. */
export type AuthParams = ReadonlyMap<string, string>;

export interface AuthValue {
  /** Lower case, e.g. `digest`. */
  readonly scheme: string;
  readonly params: AuthParams;
}

const MAX_PARAMS = 32;

// Some phones leave the quotes of base64 values out; these characters end no parameter.
const BARE_VALUE = TOKEN.slice();
for (const extra of '/=:@') BARE_VALUE[extra.charCodeAt(0)] = 1;

/**
 * `scheme name=value, …`. Undefined when malformed, when a name comes twice (which of the two was meant could be
 * read differently further on), or beyond 32 parameters.
 */
export function parseAuthValue(text: string): AuthValue | undefined {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  const scheme = scanner.token().toLowerCase();
  if (scheme === '') return undefined;
  const params = new Map<string, string>();
  scanner.skipSpace();
  while (!scanner.done) {
    if (!addParam(scanner, params) || params.size > MAX_PARAMS) return undefined;
    if (!scanner.take(COMMA) && !scanner.done) return undefined;
  }
  return { scheme, params };
}

function addParam(scanner: Scanner, params: Map<string, string>): boolean {
  const name = scanner.token().toLowerCase();
  if (name === '' || params.has(name) || !scanner.take(EQUALS)) return false;
  const value = scanner.peek() === QUOTE ? scanner.quoted() : scanner.run(BARE_VALUE);
  if (value === undefined) return false;
  params.set(name, value);
  return true;
}

/** The scheme alone, for values of schemes that are not Digest and may have another grammar. */
export function schemeOf(text: string): string {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  return scanner.token().toLowerCase();
}
