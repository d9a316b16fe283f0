/** Character classes of RFC 3261 §25.1, as look-up tables: one array read per character, no backtracking. */

const ALPHANUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const MARK = "-_.!~*'()";

export type CharacterClass = Uint8Array;

const classOf = (characters: string): CharacterClass => {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
};

/** `token`: methods, header names, parameter names, option tags. */
export const TOKEN = classOf(`${ALPHANUM}-.!%*_+\`'~`);
/** What may stand unquoted as the value of a header parameter: a token or a host (`gen-value`). */
export const PARAM_VALUE = classOf(`${ALPHANUM}-.!%*_+\`'~[]:`);
/** `user` without its escapes. */
export const USER = classOf(`${ALPHANUM}${MARK}&=+$,;?/`);
export const PASSWORD = classOf(`${ALPHANUM}${MARK}&=+$,`);
/** `paramchar` of a URI parameter without its escapes. */
export const URI_PARAM = classOf(`${ALPHANUM}${MARK}[]/:&+$`);
/** `hnv-unreserved` and `unreserved`: the names and values behind a URI's `?`, with `=` and `&`. */
export const URI_HEADER = classOf(`${ALPHANUM}${MARK}[]/?:+$=&`);
/** Host names; the underscore is not in the grammar and is common in private networks. */
export const HOST = classOf(`${ALPHANUM}-._`);
export const LETTER_OR_DIGIT = classOf(ALPHANUM);
export const HEX = classOf('0123456789abcdefABCDEF');
/** What a URI of a scheme other than SIP may hold (RFC 3986), `%` included. */
export const URI_ANY = classOf(`${ALPHANUM}-._~:/?#[]@!$&'()*+,;=%`);

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const PERCENT = 37;
export const STAR = 42;
export const COMMA = 44;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const AT = 64;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const DELETE = 127;

/** True when every character of the part is in the class, and there is at least one. */
export function isAll(text: string, of: CharacterClass, from = 0, to = text.length): boolean {
  for (let i = from; i < to; i++) if (of[text.charCodeAt(i)] !== 1) return false;
  return to > from;
}

export const isToken = (text: string): boolean => isAll(text, TOKEN);

/** Whether `SIP/2.0` stands there. Without a loop, as it is asked twice and more of every message. */
export const isVersion = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 83 &&
  bytes[at + 1] === 73 &&
  bytes[at + 2] === 80 &&
  bytes[at + 3] === 47 &&
  bytes[at + 4] === 50 &&
  bytes[at + 5] === 46 &&
  bytes[at + 6] === 48;

/**
 * A decimal number of at most `max`, which fills the part; undefined for anything but digits, or beyond `max`.
 * Leading zeros are allowed in any number (RFC 4475 §3.1.1.1).
 */
export function parseDecimal(
  text: string,
  max: number,
  from = 0,
  to = text.length,
): number | undefined {
  if (from >= to) return undefined;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
    if (value > max) return undefined;
  }
  return value;
}

/** Each CR and LF becomes a space, so that the text cannot start a new header field. */
export function withoutLineBreaks(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, ' ') : text;
}

/** Header text on one line: line breaks and other control characters become spaces. */
export function singleLine(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code === 127) return replaceControls(text);
  }
  return text;
}

function replaceControls(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out += code < SPACE || code === 127 ? ' ' : text.charAt(i);
  }
  return out;
}

/** Where a character stands first between two places, -1 when it does not; unlike `indexOf` it never looks further. */
export function indexOfCode(text: string, code: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (text.charCodeAt(i) === code) return i;
  return -1;
}

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Space or tab. */
export const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Whether a header field ends there: at CR LF, and no fold continues it. */
export const isLineEnd = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 13 && bytes[at + 1] === 10 && !isBlank(bytes[at + 2] ?? 0);

/** Without the spaces and tabs around it. `String.trim` would also take bytes of UTF-8 letters read as latin1. */
export function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}
