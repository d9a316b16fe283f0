import { PARAM_VALUE, isAll, isToken } from './characters.ts';
import { NameTable } from './name-table.ts';
import { quote } from './quote.ts';

/** Parameters by lower-case name; null for one without a value. Quoted values are stored without their quotes. Any `Map` will do. */
export interface Params extends Iterable<readonly [string, string | null]> {
  readonly size: number;
  get(name: string): string | null | undefined;
  has(name: string): boolean;
}

export const NO_PARAMS: Params = new Map<string, string | null>();

/** Up to so many are looked through one by one. */
const FEW = 8;

/**
 * Parameters as they were read, in their order; the first of two equal names counts. Most addresses have one or two, so
 * there is no hash table until there are many of them or somebody goes through them.
 */
export class ReadParams implements Params {
  /** Name, value, name, value … */
  private readonly read: (string | null)[];
  private map: ReadonlyMap<string, string | null> | undefined = undefined;

  /** @param read name, value, name, value …; it is theirs from now on */
  constructor(read: (string | null)[]) {
    this.read = read;
  }

  /** For the reader only, before anybody else sees them. */
  add(name: string, value: string | null): void {
    this.read.push(name, value);
  }

  copy(): ReadParams {
    return new ReadParams(this.read.slice());
  }

  /** Sets one, which must be before anybody else sees them. */
  put(name: string, value: string | null): void {
    const at = this.placeOf(name);
    if (at < 0) this.add(name, value);
    else this.read[at + 1] = value;
  }

  get size(): number {
    return this.mapped().size;
  }

  get(name: string): string | null | undefined {
    const read = this.read;
    if (read.length > 2 * FEW) return this.mapped().get(name);
    const at = this.placeOf(name);
    return at < 0 ? undefined : read[at + 1];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  [Symbol.iterator](): Iterator<readonly [string, string | null]> {
    return this.mapped()[Symbol.iterator]();
  }

  /** They as text, without a hash table where that can be. */
  get text(): string {
    const { read } = this;
    if (read.length > 2 * FEW || this.map !== undefined) return formatEach(this.mapped());
    let out = '';
    for (let i = 0; i < read.length; i += 2) {
      const name = read[i] ?? '';
      if (this.placeOf(name) === i) out += formatParam(name, read[i + 1] ?? null);
    }
    return out;
  }

  private placeOf(name: string): number {
    const { read } = this;
    for (let i = 0; i < read.length; i += 2) if (read[i] === name) return i;
    return -1;
  }

  private mapped(): ReadonlyMap<string, string | null> {
    if (this.map !== undefined) return this.map;
    const map = new Map<string, string | null>();
    for (let i = 0; i < this.read.length; i += 2) {
      const name = this.read[i] ?? '';
      if (!map.has(name)) map.set(name, this.read[i + 1] ?? null);
    }
    this.map = map;
    return map;
  }
}

/** The same parameters with some set; those that are new follow the others. Names in lower case. */
export function withParams(
  params: Params,
  set: readonly (readonly [string, string | null])[],
): Params {
  if (!(params instanceof ReadParams)) return new Map([...params, ...set]);
  const copy = params.copy();
  for (const [name, value] of set) copy.put(name, value);
  return copy;
}

/** `read` with one parameter more. */
export function withMore(
  read: ReadParams | undefined,
  name: string,
  value: string | null,
): ReadParams {
  if (read === undefined) return new ReadParams([name, value]);
  read.add(name, value);
  return read;
}

const EVERYDAY_NAMES = [
  'tag branch rport received maddr ttl transport lr ob user method alias keep',
  'expires q +sip.instance reg-id pub-gruu temp-gruu park-id line gr',
]
  .join(' ')
  .split(' ');

const everyday = new NameTable(EVERYDAY_NAMES.map((name) => [name, name] as const));

/** The parameter name between `from` and `to` in lower case. */
export const paramNameAt = (text: string, from: number, to: number): string =>
  everyday.find(text, from, to) ?? text.slice(from, to).toLowerCase();

/** `;name=value` for each parameter, quoted where a value is neither token nor host; names that are no tokens are left out. */
export function formatParams(params: Iterable<readonly [string, string | null]>): string {
  return params instanceof ReadParams ? params.text : formatEach(params);
}

function formatEach(params: Iterable<readonly [string, string | null]>): string {
  let out = '';
  for (const [name, value] of params) out += formatParam(name, value);
  return out;
}

function formatParam(name: string, value: string | null): string {
  if (!isToken(name)) return '';
  return value === null
    ? `;${name}`
    : `;${name}=${isAll(value, PARAM_VALUE) ? value : quote(value)}`;
}
