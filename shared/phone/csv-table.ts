/** One record of a CSV text (RFC 4180) and the line it began on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export type CsvReading =
  | { readonly kind: 'table'; readonly records: readonly CsvRecord[] }
  /** A quote that never ends: nothing after it can be trusted. */
  | { readonly kind: 'unclosed-quote'; readonly line: number };

/** Reads comma, semicolon or tab separated text, whichever the first line uses most; empty lines are passed over. */
export function readCsv(text: string): CsvReading {
  const source = text.replace(/^\uFEFF/, '');
  const reader = new CsvReader(separatorOf(source));
  for (const character of source) reader.take(character);
  return reader.end();
}

/** Writes a table that RFC 4180 readers and spreadsheets take; a cell that a spreadsheet would run is made text. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: string): string {
  const harmless =
    /^[=@\t\r]/.test(cell) || /^[+-](?![\d\s().\/-]*$)/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function separatorOf(text: string): string {
  const first = text.slice(0, /[\r\n]/.exec(text)?.index ?? text.length);
  const count = (separator: string) => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

class CsvReader {
  readonly #separator: string;
  readonly #records: CsvRecord[] = [];
  #cells: string[] = [];
  #cell = '';
  #quoted: 'no' | 'yes' | 'maybe-over' = 'no';
  #line = 1;
  #begunAt = 1;
  #quoteAt = 1;

  constructor(separator: string) {
    this.#separator = separator;
  }

  take(character: string): void {
    if (this.#quoted === 'maybe-over') {
      this.#quoted = character === '"' ? 'yes' : 'no';
      if (character === '"') return this.#add(character);
    } else if (this.#quoted === 'yes') {
      if (character === '"') this.#quoted = 'maybe-over';
      else this.#add(character);
      return;
    }
    if (character === '"' && this.#cell === '') {
      this.#quoted = 'yes';
      this.#quoteAt = this.#line;
    } else if (character === this.#separator) this.#endCell();
    else if (character === '\n') this.#endRecord();
    else if (character !== '\r') this.#cell += character;
  }

  end(): CsvReading {
    if (this.#quoted === 'yes') return { kind: 'unclosed-quote', line: this.#quoteAt };
    this.#endRecord();
    return { kind: 'table', records: this.#records };
  }

  #add(character: string): void {
    if (character === '\n') this.#line += 1;
    this.#cell += character;
  }

  #endCell(): void {
    this.#cells.push(this.#cell.trim());
    this.#cell = '';
  }

  #endRecord(): void {
    this.#endCell();
    if (this.#cells.some((cell) => cell !== ''))
      this.#records.push({ line: this.#begunAt, cells: this.#cells });
    this.#cells = [];
    this.#line += 1;
    this.#begunAt = this.#line;
  }
}
