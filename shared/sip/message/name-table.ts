/** Names that are compared without case and found inside a longer text, without cutting them out of it. */
export class NameTable<T> {
  readonly #slots: readonly (Entry<T> | undefined)[];

  /** @param entries names in lower case, of letters, digits, `-`, `+` and `.` */
  constructor(entries: Iterable<readonly [string, T]>) {
    const slots = new Array<Entry<T> | undefined>(SLOTS).fill(undefined);
    for (const [name, value] of entries) {
      const codes = Uint8Array.from(name, (character) => character.charCodeAt(0));
      const size = codes.length;
      const slot = slotOf(size, codes.at(0) ?? 0, codes.at(-1) ?? 0);
      slots[slot] = { codes, size, value, next: slots[slot] };
    }
    this.#slots = slots;
  }

  /** What belongs to the name between `from` and `to`, where a token stands; undefined for none that is known. */
  find(text: string, from: number, to: number): T | undefined {
    const slot = slotOf(to - from, text.charCodeAt(from), text.charCodeAt(to - 1));
    let entry = this.#slots[slot];
    while (entry !== undefined && !isInText(entry.codes, text, from, to)) entry = entry.next;
    return entry?.value;
  }

  /** The same in bytes. */
  findInBytes(bytes: Uint8Array, from: number, to: number): T | undefined {
    const slot = slotOf(to - from, bytes[from] ?? 0, bytes[to - 1] ?? 0);
    let entry = this.#slots[slot];
    while (entry !== undefined && !(entry.size === to - from && isInBytes(entry, bytes, from)))
      entry = entry.next;
    return entry?.value;
  }
}

/** One of the names that share a slot. */
interface Entry<T> {
  readonly codes: Uint8Array;
  /** How many these are; quicker to read here than in an array of bytes. */
  readonly size: number;
  readonly value: T;
  readonly next: Entry<T> | undefined;
}

const SLOTS = 512;
/** Makes a letter lower case and leaves the other characters of known names alone. */
const LOWER = 32;

const slotOf = (length: number, first: number, last: number): number =>
  (length * 67 + (first | LOWER) * 29 + (last | LOWER) * 5) & (SLOTS - 1);

function isInText(codes: Uint8Array, text: string, from: number, to: number): boolean {
  if (codes.length !== to - from) return false;
  for (let i = 0; i < codes.length; i++) {
    if ((text.charCodeAt(from + i) | LOWER) !== codes[i]) return false;
  }
  return true;
}

function isInBytes({ codes }: Entry<unknown>, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < codes.length; i++) {
    if (((bytes[from + i] ?? 0) | LOWER) !== codes[i]) return false;
  }
  return true;
}
