import { isToken, parseDecimal, withoutLineBreaks } from './characters.ts';
import { headerName, registeredName } from './header-names.ts';
import type { HeaderName } from './header-names.ts';
import { Scanner } from './scanner.ts';

export interface HeaderField {
  /** The registered spelling, or the one it came with. */
  readonly name: string;
  readonly value: string;
}

/** A header field as it stands in a longer text; its value is cut out when somebody asks for it. */
export class Field implements HeaderField {
  readonly known: HeaderName;
  private readonly text: string;
  private readonly from: number;
  private readonly to: number;
  private cut: string | undefined = undefined;

  /** The value has no line break, and no blanks around it. */
  constructor(known: HeaderName, text: string, from = 0, to = text.length) {
    this.known = known;
    this.text = text;
    this.from = from;
    this.to = to;
  }

  get key(): string {
    return this.known.key;
  }

  get name(): string {
    return this.known.name;
  }

  get value(): string {
    this.cut ??= this.text.slice(this.from, this.to);
    return this.cut;
  }

  /** The value as a decimal number of at most `max`; undefined when it is none. */
  decimal(max: number): number | undefined {
    return parseDecimal(this.text, max, this.from, this.to);
  }

  /** A cursor over the value, which need not be cut out for it. */
  scanner(): Scanner {
    return new Scanner(this.text, this.from, this.to);
  }
}

/**
 * The header fields of a message in their order. Names are compared without case and compact forms count as their
 * long ones. Values are text on one line: a line break in a value set here becomes a space, so no value can start a new header field.
 */
export class HeaderTable {
  private fields: Field[] = [];
  private changes = 0;

  static of(fields: Iterable<readonly [string, string]>): HeaderTable {
    const table = new HeaderTable();
    for (const [name, value] of fields) table.append(name, value);
    return table;
  }

  /** Grows with every change; typed readings are kept as long as it stays the same. */
  get revision(): number {
    return this.changes;
  }

  get size(): number {
    return this.fields.length;
  }

  /** The first value of that name. */
  get(name: string): string | undefined {
    const known = registeredName(name);
    if (known !== undefined) return this.find(known)?.value;
    const { key } = headerName(name);
    for (const field of this.fields) if (field.key === key) return field.value;
    return undefined;
  }

  /** The first field of a registered name. */
  find(known: HeaderName): Field | undefined {
    for (const field of this.fields) if (field.known === known) return field;
    return undefined;
  }

  /** All values of that name in their order, one per header field (a comma-separated list is one value). */
  all(name: string): readonly string[] {
    const known = registeredName(name);
    const { key } = known ?? headerName(name);
    let values: string[] | undefined;
    for (const field of this.fields) {
      if (known === undefined ? field.key !== key : field.known !== known) continue;
      if (values === undefined) values = [field.value];
      else values.push(field.value);
    }
    return values ?? NO_VALUES;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Replaces all fields of that name by one, at the place of the first. */
  set(name: string, value: string): this {
    const field = fieldOf(name, value);
    const at = this.fields.findIndex(({ key }) => key === field.key);
    if (at < 0) return this.append(name, value);
    this.fields = this.fields.filter(({ key }, index) => index <= at || key !== field.key);
    this.fields[at] = field;
    this.changes++;
    return this;
  }

  append(name: string, value: string): this {
    this.fields.push(fieldOf(name, value));
    this.changes++;
    return this;
  }

  /** For the reader only. */
  appendRead(field: Field): void {
    this.fields.push(field);
    this.changes++;
  }

  /** Takes over all fields of a registered name as they stand in another table. */
  appendFrom(other: HeaderTable, known: HeaderName): void {
    for (const field of other.fields) if (field.known === known) this.fields.push(field);
    this.changes++;
  }

  /** Gives the first field of a registered name another value; nothing happens when there is none. */
  setFirst(known: HeaderName, value: string): void {
    const at = this.fields.findIndex((field) => field.known === known);
    if (at < 0) return;
    this.fields[at] = new Field(known, withoutLineBreaks(value));
    this.changes++;
  }

  /** Before all other fields: where Via and Record-Route are added. */
  prepend(name: string, value: string): this {
    this.fields.unshift(fieldOf(name, value));
    this.changes++;
    return this;
  }

  /** Replaces all fields of that name by these, at the place of the first, or before all others when there is none. */
  replaceAll(name: string, values: readonly string[]): this {
    const { key } = headerName(name);
    const at = Math.max(
      0,
      this.fields.findIndex((field) => field.key === key),
    );
    const others = this.fields.filter((field) => field.key !== key);
    const fields = values.map((value) => fieldOf(name, value));
    this.fields = [...others.slice(0, at), ...fields, ...others.slice(at)];
    this.changes++;
    return this;
  }

  /** Removes every field of that name; true when there was one. */
  delete(name: string): boolean {
    const key = headerName(name).key;
    const kept = this.fields.filter((field) => field.key !== key);
    const removed = kept.length < this.fields.length;
    this.fields = kept;
    if (removed) this.changes++;
    return removed;
  }

  /** Removes the fields that `matches` says, e.g. all whose name starts with `X-Park-`. */
  deleteWhere(matches: (name: string) => boolean): void {
    this.fields = this.fields.filter(({ name }) => !matches(name));
    this.changes++;
  }

  entries(): readonly Field[] {
    return this.fields;
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.fields[Symbol.iterator]();
  }

  /** A copy with one field of a registered name above all others, and no other of that name. */
  under(known: HeaderName, value: string): HeaderTable {
    const copy = new HeaderTable();
    copy.fields.push(new Field(known, withoutLineBreaks(value)));
    for (const field of this.fields) if (field.known !== known) copy.fields.push(field);
    return copy;
  }

  clone(): HeaderTable {
    const copy = new HeaderTable();
    copy.fields = this.fields.slice();
    return copy;
  }
}

const NO_VALUES: readonly string[] = [];

function fieldOf(name: string, value: string): Field {
  const known = registeredName(name);
  if (known !== undefined) return new Field(known, withoutLineBreaks(value));
  if (!isToken(name)) throw new Error(`not a header name: ${JSON.stringify(name)}`);
  return new Field(headerName(name), withoutLineBreaks(value));
}
