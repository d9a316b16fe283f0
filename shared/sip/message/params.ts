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

/** One parameter as it was read, and the one behind it. */
interface ReadParam {
  readonly name: string;
  value: string | null;
  next: ReadParam | undefined;
}

/**
 * Parameters as they were read, in their order; the first of two equal names counts. Most addresses have one or two, so
 * there is no hash table until there are many of them or somebody goes through them.
 */
export class ReadParams implements Params {
  private readonly first: ReadParam;
  private last: ReadParam;
  private count = 1;
  private map: ReadonlyMap<string, string | null> | undefined = undefined;

  constructor(name: string, value: string | null) {
    this.first = { name, value, next: undefined };
    this.last = this.first;
  }

  /** For the reader only, before anybody else sees them. */
  add(name: string, value: string | null): void {
    const param: ReadParam = { name, value, next: undefined };
    this.last.next = param;
    this.last = param;
    this.count++;
  }

  copy(): ReadParams {
    const copy = new ReadParams(this.first.name, this.first.value);
    for (let param = this.first.next; param !== undefined; param = param.next)
      copy.add(param.name, param.value);
    return copy;
  }

  /** Sets one, which must be before anybody else sees them. */
  put(name: string, value: string | null): void {
    const found = this.find(name);
    if (found === undefined) this.add(name, value);
    else found.value = value;
  }

  get size(): number {
    return this.mapped().size;
  }

  get(name: string): string | null | undefined {
    return this.count > FEW ? this.mapped().get(name) : this.find(name)?.value;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  [Symbol.iterator](): Iterator<readonly [string, string | null]> {
    return this.mapped()[Symbol.iterator]();
  }

  /** They as text, without a hash table where that can be. */
  get text(): string {
    if (this.count > FEW || this.map !== undefined) return formatEach(this.mapped());
    let out = '';
    let param: ReadParam | undefined = this.first;
    for (; param !== undefined; param = param.next) {
      if (this.find(param.name) === param) out += formatParam(param.name, param.value);
    }
    return out;
  }

  private find(name: string): ReadParam | undefined {
    let param: ReadParam | undefined = this.first;
    while (param !== undefined && param.name !== name) param = param.next;
    return param;
  }

  private mapped(): ReadonlyMap<string, string | null> {
    if (this.map !== undefined) return this.map;
    const map = new Map<string, string | null>();
    let param: ReadParam | undefined = this.first;
    for (; param !== undefined; param = param.next) {
      if (!map.has(param.name)) map.set(param.name, param.value);
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
  if (read === undefined) return new ReadParams(name, value);
  read.add(name, value);
  return read;
}

const EVERYDAY_NAMES = [
  'tag branch rport received maddr ttl transport lr ob user method alias keep',
  'expires q +sip.ice +sip.instance reg-id pub-gruu temp-gruu park-id line gr',
]
  .join(' ')
  .split(' ');

const everyday = new NameTable(EVERYDAY_NAMES.map((name) => [name, name] as const));

/** The parameter name between `from` and `to` in lower case. */
export const paramNameAt = (text: string, from: number, to: number): string =>
  everyday.find(text, from, to) ?? text.slice(from, to).toLowerCase();

/** The same in bytes whose latin1 reading is `text`. */
export const paramNameIn = (bytes: Uint8Array, text: string, from: number, to: number): string =>
  everyday.findInBytes(bytes, from, to) ?? lowerCaseIn(bytes, text, from, to);

function lowerCaseIn(bytes: Uint8Array, text: string, from: number, to: number): string {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 65 && byte <= 90) return text.slice(from, to).toLowerCase();
  }
  return text.slice(from, to);
}

/** `;name=value` for each parameter, quoted where a value is neither token nor host; names that are no tokens are left out. */
export function formatParams(params: Iterable<readonly [string, string | null]>): string {
  return params instanceof ReadParams ? params.text : formatEach(params);
}

function formatEach(params: Iterable<readonly [string, string | null]>): string {
  let out = '';
  for (const [name, value] of params) out += formatParam(name, value);
  return out;
}

/** One of them. */
export function formatParam(name: string, value: string | null): string {
  if (!isToken(name)) return '';
  return value === null
    ? `;${name}`
    : `;${name}=${isAll(value, PARAM_VALUE) ? value : quote(value)}`;
}
