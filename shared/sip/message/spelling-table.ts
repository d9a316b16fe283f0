/** Words that are found by looking whether their exact spelling starts at a place of some bytes. */
export class SpellingTable<T> {
  private readonly values: readonly T[];
  /** Of each word its {@link HEAD} and its characters, all behind one another so that they fill few lines of the CPU's cache. */
  private readonly records: Uint16Array;
  /** By the first two characters where the first record is; 0 for none. */
  private readonly starts: Uint16Array;

  /** @param entries words of two and more ASCII characters; the last of a word is in none of them before */
  constructor(entries: readonly (readonly [string, T])[]) {
    // No record is at 0.
    const records = [0];
    const starts = new Uint16Array(STARTS);
    for (const [index, [word]] of entries.entries()) {
      const codes = Array.from(word, (character) => character.charCodeAt(0));
      const start = startOf(codes[0] ?? 0, codes[1] ?? 0);
      const at = records.length;
      records.push(index, codes.length, starts[start] ?? 0, ...codes);
      starts[start] = at;
    }
    this.values = entries.map(([, value]) => value);
    this.records = Uint16Array.from(records);
    this.starts = starts;
  }

  /** What belongs to the word that starts at `from`; undefined for none. */
  find(bytes: Uint8Array, from: number): T | undefined {
    const { records } = this;
    let at = this.starts[startOf(bytes[from] ?? 0, bytes[from + 1] ?? 0)] ?? 0;
    while (at !== 0) {
      const size = records[at + SIZE] ?? 0;
      let same = 0;
      // From its end, where words with the same start differ.
      while (same < size && bytes[from + size - 1 - same] === records[at + HEAD + size - 1 - same])
        same++;
      if (same === size) return this.values[records[at] ?? 0];
      at = records[at + NEXT] ?? 0;
    }
    return undefined;
  }
}

/** A record starts with the index of its value; then come these and the word. */
const SIZE = 1;
const NEXT = 2;
const HEAD = 3;

const STARTS = 512;

const startOf = (first: number, second: number): number => (first * 19 + second) & (STARTS - 1);
