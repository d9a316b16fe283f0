import { pieceOf } from './byte-slab.ts';

/**
 * Bytes and text without TextDecoder, so that the same code runs in the server, the app and a browser.
 * Header blocks are read as latin1 (one byte, one character) and decoded as UTF-8 only where a byte is ≥ 0x80.
 */

/** Node's Buffer offers this native conversion; any other Uint8Array takes the portable path. */
interface Latin1Source {
  latin1Slice(start: number, end: number): string;
}

const hasLatin1Slice = (bytes: Uint8Array): bytes is Uint8Array & Latin1Source =>
  'latin1Slice' in bytes && typeof bytes.latin1Slice === 'function';

const CHUNK = 4096;

/** The bytes from `start` to `end`, one character per byte. */
export function latin1FromBytes(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (hasLatin1Slice(bytes)) return bytes.latin1Slice(start, end);
  let text = '';
  for (let at = start; at < end; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + CHUNK, end)));
  }
  return text;
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/**
 * Decodes a latin1 reading of UTF-8 bytes. Bytes that are not UTF-8 (old desk phones send latin1 names)
 * are kept as the latin1 characters they were read as; the result is never an error.
 */
export function decodeUtf8(latin1: string): string {
  if (isAscii(latin1)) return latin1;
  return decodeStrict(latin1) ?? latin1;
}

/** The body or any other bytes as text. */
export const textFromBytes = (bytes: Uint8Array): string => decodeUtf8(latin1FromBytes(bytes));

function decodeStrict(latin1: string): string | undefined {
  let out = '';
  let plainFrom = 0;
  let i = 0;
  while (i < latin1.length) {
    const lead = latin1.charCodeAt(i);
    if (lead < 0x80) {
      i++;
      continue;
    }
    const length = sequenceLength(lead);
    const point = length === 0 ? -1 : codePointAt(latin1, i, length);
    if (point < 0) return undefined;
    out += latin1.slice(plainFrom, i) + String.fromCodePoint(point);
    i += length;
    plainFrom = i;
  }
  return out + latin1.slice(plainFrom);
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

const LOWEST_POINT = [0, 0, 0x80, 0x800, 0x10000] as const;

function codePointAt(latin1: string, start: number, length: number): number {
  if (start + length > latin1.length) return -1;
  let point = latin1.charCodeAt(start) & (0xff >> (length + 1));
  for (let i = start + 1; i < start + length; i++) {
    const next = latin1.charCodeAt(i);
    if ((next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < (LOWEST_POINT[length] ?? 0) || surrogate || point > 0x10ffff ? -1 : point;
}

/** What every runtime has of the Encoding Standard and the language's own library does not name. */
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array;
  encodeInto(text: string, room: Uint8Array): { readonly read: number; readonly written: number };
};

const encoder = new TextEncoder();

/** UTF-8 bytes of a text; an unpaired surrogate becomes U+FFFD. */
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** The same with other bytes behind them, in bytes that nobody else has. */
export function encodeBefore(text: string, bytes: Uint8Array): Uint8Array {
  const { length } = text;
  const piece = pieceOf(length + bytes.length);
  const { read, written } = encoder.encodeInto(text, piece);
  // As nearly always: it is ASCII, a byte for each character.
  if (read === length && written === length) return withEnd(piece, bytes);
  const encoded = encoder.encode(text);
  const wide = pieceOf(encoded.length + bytes.length);
  wide.set(encoded);
  return withEnd(wide, bytes);
}

function withEnd(piece: Uint8Array, end: Uint8Array): Uint8Array {
  if (end.length > 0) piece.set(end, piece.length - end.length);
  return piece;
}
