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
} from './characters.ts';
import type { CharacterClass } from './characters.ts';
import { NO_PARAMS, paramNameAt, withMore } from './params.ts';
import type { Params, ReadParams } from './params.ts';

/**
 * A cursor over one unfolded header value, or over the part of a longer text between two places. It moves forward only,
 * so every reading is linear.
 */
export class Scanner {
  readonly text: string;
  /** Where the value ends; what follows in the text is another's. */
  readonly end: number;
  position: number;

  constructor(text: string, from = 0, end = text.length) {
    this.text = text;
    this.position = from;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** The character code at the cursor, NaN at the end. */
  peek(): number {
    return this.position < this.end ? this.text.charCodeAt(this.position) : Number.NaN;
  }

  skipSpace(): void {
    const { text, end } = this;
    let i = this.position;
    while (i < end) {
      const code = text.charCodeAt(i);
      if (code !== SPACE && code !== TAB) break;
      i++;
    }
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

  /** Moves behind the characters of a class, if there are any. */
  skip(of: CharacterClass): void {
    const { text, end } = this;
    let i = this.position;
    while (i < end && of[text.charCodeAt(i)] === 1) i++;
    this.position = i;
  }

  /** The longest run of characters of a class, possibly empty. */
  run(of: CharacterClass): string {
    const from = this.position;
    this.skip(of);
    return this.text.slice(from, this.position);
  }

  token(): string {
    return this.run(TOKEN);
  }

  /** A quoted string's content, escapes resolved; undefined when it is not closed. The cursor is on its opening quote. */
  quoted(): string | undefined {
    const { text, end } = this;
    let plainFrom = ++this.position;
    let out = '';
    for (let i = plainFrom; i < end; i++) {
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
    let params: ReadParams | undefined;
    while (this.take(SEMICOLON)) {
      const from = this.position;
      this.skip(TOKEN);
      if (this.position === from) return undefined;
      const name = paramNameAt(this.text, from, this.position);
      const value = this.take(EQUALS) ? this.paramValue() : null;
      if (value === undefined) return undefined;
      params = withMore(params, name, value);
    }
    return params ?? NO_PARAMS;
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
export function readList<T>(
  scanner: Scanner,
  item: (scanner: Scanner) => T | undefined,
  max: number,
): T[] | undefined {
  const items: T[] = [];
  do {
    const value = item(scanner);
    if (value === undefined || items.length === max) return undefined;
    items.push(value);
  } while (scanner.take(COMMA));
  return scanner.done ? items : undefined;
}

/** The same over a text. */
export const parseList = <T>(
  text: string,
  item: (scanner: Scanner) => T | undefined,
  max: number,
): T[] | undefined => readList(new Scanner(text), item, max);

/** Reads one item and expects the end of the value after it. */
export function readWhole<T>(
  scanner: Scanner,
  item: (scanner: Scanner) => T | undefined,
): T | undefined {
  const value = item(scanner);
  scanner.skipSpace();
  return scanner.done ? value : undefined;
}

/** The same over a text. */
export const parseWhole = <T>(
  text: string,
  item: (scanner: Scanner) => T | undefined,
): T | undefined => readWhole(new Scanner(text), item);
