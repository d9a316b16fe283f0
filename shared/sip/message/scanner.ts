import {
  BACKSLASH,
  COMMA,
  EQUALS,
  PARAM_VALUE,
  QUOTE,
  SEMICOLON,
  SPACE,
  TAB,
  TOKEN,
  isAll,
  isToken,
  singleLine,
} from './characters.ts';
import type { CharacterClass } from './characters.ts';

/** Parameters by lower-case name; null for one without a value. Quoted values are stored without their quotes. */
export type Params = ReadonlyMap<string, string | null>;

export const NO_PARAMS: Params = new Map<string, string | null>();

/** A cursor over one unfolded header value. It moves forward only, so every reading is linear. */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** The character code at the cursor, NaN at the end. */
  peek(): number {
    return this.text.charCodeAt(this.position);
  }

  skipSpace(): void {
    const text = this.text;
    let i = this.position;
    for (let code = text.charCodeAt(i); code === SPACE || code === TAB; code = text.charCodeAt(i))
      i++;
    this.position = i;
  }

  /** Takes one separator with the white space around it. */
  take(code: number): boolean {
    this.skipSpace();
    if (this.peek() !== code) return false;
    this.position++;
    this.skipSpace();
    return true;
  }

  /** The longest run of characters of a class, possibly empty. */
  run(of: CharacterClass): string {
    const text = this.text;
    const from = this.position;
    let i = from;
    while (i < text.length && of[text.charCodeAt(i)] === 1) i++;
    this.position = i;
    return text.slice(from, i);
  }

  token(): string {
    return this.run(TOKEN);
  }

  /** A quoted string's content, escapes resolved; undefined when it is not closed. The cursor is on its opening quote. */
  quoted(): string | undefined {
    const text = this.text;
    let plainFrom = ++this.position;
    let out = '';
    for (let i = plainFrom; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        this.position = i + 1;
        return out + text.slice(plainFrom, i);
      }
      if (code === BACKSLASH) {
        out += text.slice(plainFrom, i);
        plainFrom = ++i;
      }
    }
    return undefined;
  }

  /** `*( ; name [= value] )` up to a comma or the end; undefined when malformed. The first of two equal names counts. */
  params(): Params | undefined {
    let params: Map<string, string | null> | undefined;
    for (;;) {
      if (!this.take(SEMICOLON)) return params ?? NO_PARAMS;
      const name = this.token().toLowerCase();
      if (name === '') return undefined;
      const value = this.take(EQUALS) ? this.paramValue() : null;
      if (value === undefined) return undefined;
      params ??= new Map();
      if (!params.has(name)) params.set(name, value);
    }
  }

  private paramValue(): string | undefined {
    if (this.peek() === QUOTE) return this.quoted();
    const value = this.run(PARAM_VALUE);
    return value === '' ? undefined : value;
  }
}

/**
 * Reads `item *( , item )`. Undefined when an item is malformed, something follows the last one,
 * or there are more than `max` items.
 */
export function parseList<T>(
  text: string,
  item: (scanner: Scanner) => T | undefined,
  max: number,
): T[] | undefined {
  const scanner = new Scanner(text);
  const items: T[] = [];
  do {
    const value = item(scanner);
    if (value === undefined || items.length === max) return undefined;
    items.push(value);
  } while (scanner.take(COMMA));
  return scanner.done ? items : undefined;
}

/** Reads one item and expects the end of the value after it. */
export function parseWhole<T>(
  text: string,
  item: (scanner: Scanner) => T | undefined,
): T | undefined {
  const scanner = new Scanner(text);
  const value = item(scanner);
  scanner.skipSpace();
  return scanner.done ? value : undefined;
}

/** A quoted string that nothing in `text` can break out of; control characters become spaces. */
export function quote(text: string): string {
  return `"${singleLine(text).replace(/[\\"]/g, '\\$&')}"`;
}

/** `;name=value` for each parameter, quoted where a value is neither token nor host; names that are no tokens are left out. */
export function formatParams(params: Params): string {
  let out = '';
  for (const [name, value] of params) {
    if (!isToken(name)) continue;
    out +=
      value === null ? `;${name}` : `;${name}=${isAll(value, PARAM_VALUE) ? value : quote(value)}`;
  }
  return out;
}
