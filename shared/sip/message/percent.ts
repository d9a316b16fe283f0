import { HEX, PERCENT } from './characters.ts';
import type { CharacterClass } from './characters.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const isHex = (code: number): boolean => HEX[code] === 1;

/** True when the part is not empty and holds only characters of the class and well-formed `%HH` escapes. */
export function isEscaped(text: string, of: CharacterClass, from = 0, to = text.length): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (of[code] === 1 && code !== PERCENT) continue;
    if (code !== PERCENT || i + 2 >= to) return false;
    if (!isHex(text.charCodeAt(i + 1)) || !isHex(text.charCodeAt(i + 2))) return false;
    i += 2;
  }
  return to > from;
}

/** `%HH` resolved and read as UTF-8; a `%` that starts no escape stays as it is. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  let bytes = '';
  for (const part of splitEscapes(text)) {
    bytes +=
      part.charCodeAt(0) === PERCENT && part.length === 3
        ? String.fromCharCode(Number.parseInt(part.slice(1), 16))
        : part;
  }
  return decodeUtf8(bytes);
}

/** Every character outside the class as the `%HH` of its UTF-8 bytes. */
export function percentEncode(text: string, keep: CharacterClass): string {
  let out = '';
  for (const byte of encodeUtf8(text)) {
    out += keep[byte] === 1 && byte !== PERCENT ? String.fromCharCode(byte) : escapeOf(byte);
  }
  return out;
}

/** Text that is escaped already, made safe: well-formed escapes are kept, anything else outside the class is escaped. */
export function ensureEscaped(text: string, of: CharacterClass): string {
  if (text === '' || isEscaped(text, of)) return text;
  let out = '';
  for (const part of splitEscapes(text)) {
    out += part.charCodeAt(0) === PERCENT && part.length === 3 ? part : percentEncode(part, of);
  }
  return out;
}

/** Upper-case escapes, and none for characters of the class: the form in which two spellings of one text are equal. */
export function normalizeEscapes(text: string, plain: CharacterClass): string {
  if (!text.includes('%')) return text;
  let out = '';
  for (const part of splitEscapes(text)) {
    if (part.charCodeAt(0) !== PERCENT || part.length !== 3) {
      out += part;
      continue;
    }
    const byte = Number.parseInt(part.slice(1), 16);
    out += plain[byte] === 1 ? String.fromCharCode(byte) : part.toUpperCase();
  }
  return out;
}

const escapeOf = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

function* splitEscapes(text: string): Generator<string> {
  let plainFrom = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    if (!isHex(text.charCodeAt(at + 1)) || !isHex(text.charCodeAt(at + 2))) {
      at++;
      continue;
    }
    if (at > plainFrom) yield text.slice(plainFrom, at);
    yield text.slice(at, at + 3);
    at += 3;
    plainFrom = at;
  }
  if (plainFrom < text.length) yield text.slice(plainFrom);
}
