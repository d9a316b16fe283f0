/** Names that are compared without case and found inside a longer text, without cutting them out of it. */
export class NameTable<T> {
  readonly #slots: readonly (readonly Entry<T>[])[];

  /** @param entries names in lower case, of letters, digits, `-`, `+` and `.` */
  constructor(entries: Iterable<readonly [string, T]>) {
    const slots: Entry<T>[][] = Array.from({ length: SLOTS }, () => []);
    for (const [name, value] of entries) slots[slotOf(name, 0, name.length)]?.push({ name, value });
    this.#slots = slots;
  }

  /** What belongs to the name between `from` and `to`, where a token stands; undefined for none that is known. */
  find(text: string, from: number, to: number): T | undefined {
    const slot = this.#slots[slotOf(text, from, to)];
    if (slot === undefined) return undefined;
    for (const entry of slot) if (isAt(entry.name, text, from, to)) return entry.value;
    return undefined;
  }
}

interface Entry<T> {
  readonly name: string;
  readonly value: T;
}

const SLOTS = 512;
/** Makes a letter lower case and leaves the other characters of known names alone. */
const LOWER = 32;

function slotOf(text: string, from: number, to: number): number {
  const first = text.charCodeAt(from) | LOWER;
  const last = text.charCodeAt(to - 1) | LOWER;
  return ((to - from) * 67 + first * 29 + last * 5) & (SLOTS - 1);
}

function isAt(name: string, text: string, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) {
    if ((text.charCodeAt(from + i) | LOWER) !== name.charCodeAt(i)) return false;
  }
  return true;
}
