import { COMMA, EQUALS, QUOTE, TOKEN } from '../message/characters.ts';
import { NameTable } from '../message/name-table.ts';
import { Scanner } from '../message/scanner.ts';

const NAMES = [
  'username',
  'realm',
  'nonce',
  'uri',
  'response',
  'algorithm',
  'qop',
  'cnonce',
  'nc',
  'opaque',
  'stale',
] as const;
type Name = (typeof NAMES)[number];

/** Those parameters of an authentication header that digest needs (RFC 7616 §3.3, §3.4), values without quotes. */
export type AuthParams = { readonly [name in Name]: string | undefined };

export interface AuthValue {
  /** Lower case, e.g. `digest`. */
  readonly scheme: string;
  readonly params: AuthParams;
}

const MAX_PARAMS = 32;

/** To the place of each among `NAMES`. */
const places = new NameTable(NAMES.map((name, place) => [name, place] as const));

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
  const reader = new ParamsReader(scanner);
  scanner.skipSpace();
  for (let count = 0; !scanner.done; count++) {
    if (count === MAX_PARAMS || !reader.read()) return undefined;
    if (!scanner.take(COMMA) && !scanner.done) return undefined;
  }
  return { scheme, params: paramsOf(reader.values) };
}

/** @param values in the order of `NAMES` */
function paramsOf(values: readonly (string | undefined)[]): AuthParams {
  const [username, realm, nonce, uri, response, algorithm, qop, cnonce, nc, opaque, stale] = values;
  return { username, realm, nonce, uri, response, algorithm, qop, cnonce, nc, opaque, stale };
}

class ParamsReader {
  /** In the order of `NAMES`; undefined for those that did not come. */
  readonly values = new Array<string | undefined>(NAMES.length).fill(undefined);
  readonly #scanner: Scanner;
  /** Names of others, in lower case. */
  #others: Set<string> | undefined;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  /** The next parameter. @returns false when it is malformed or came before */
  read(): boolean {
    const scanner = this.#scanner;
    const from = scanner.position;
    scanner.skip(TOKEN);
    const to = scanner.position;
    if (to === from || !scanner.take(EQUALS)) return false;
    const value = scanner.peek() === QUOTE ? scanner.quoted() : scanner.run(BARE_VALUE);
    if (value === undefined) return false;
    const place = places.find(scanner.text, from, to);
    if (place === undefined) return this.#isNew(scanner.text.slice(from, to).toLowerCase());
    if (this.values[place] !== undefined) return false;
    this.values[place] = value;
    return true;
  }

  #isNew(other: string): boolean {
    this.#others ??= new Set();
    if (this.#others.has(other)) return false;
    this.#others.add(other);
    return true;
  }
}

/** The scheme alone, for values of schemes that are not Digest and may have another grammar. */
export function schemeOf(text: string): string {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  return scanner.token().toLowerCase();
}
