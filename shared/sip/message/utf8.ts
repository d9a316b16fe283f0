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

/** UTF-8 bytes of a text; an unpaired surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encodeWide(text);
    bytes[i] = code;
  }
  return bytes;
}

function encodeWide(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * MOST_BYTES);
  return bytes.slice(0, writeWide(bytes, 0, text));
}

/** Most bytes of one UTF-16 unit. */
const MOST_BYTES = 3;

const FIRST_ROOM_BYTES = 1_024;
/** Room beyond this is given back: one large message must not cost memory for ever. */
const MOST_KEPT_BYTES = 65_536;

/**
 * Where a message is put together: texts are written behind one another as UTF-8, without a longer text being made of
 * them first. To be used again and again, as it keeps its room.
 */
export class Utf8Writer {
  private room = new Uint8Array(FIRST_ROOM_BYTES);
  private size = 0;

  /** Bytes that it holds on to; after `take` at most 64 KiB. */
  get capacity(): number {
    return this.room.length;
  }

  /** Forgets what an attempt that failed may have left. */
  start(): this {
    this.size = 0;
    return this;
  }

  /** The part of a text between two places; all of it unless told. */
  text(text: string, from = 0, to = text.length): this {
    this.need((to - from) * MOST_BYTES);
    const { room, size } = this;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.size = writeWide(room, size, text.slice(from, to));
        return this;
      }
      room[size + i - from] = code;
    }
    this.size = size + to - from;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.need(bytes.length);
    this.room.set(bytes, this.size);
    this.size += bytes.length;
    return this;
  }

  /** What was written since the start, in bytes that nobody else has. */
  take(): Uint8Array {
    const piece = pieceOf(this.size);
    piece.set(this.room.subarray(0, this.size));
    if (this.room.length > MOST_KEPT_BYTES) this.room = new Uint8Array(FIRST_ROOM_BYTES);
    return piece;
  }

  private need(more: number): void {
    const least = this.size + more;
    if (least <= this.room.length) return;
    const larger = new Uint8Array(Math.max(least, 2 * this.room.length));
    larger.set(this.room.subarray(0, this.size));
    this.room = larger;
  }
}

/** @returns the place behind it */
function writeWide(bytes: Uint8Array, from: number, text: string): number {
  let at = from;
  for (const character of text) at = writePoint(bytes, at, character.codePointAt(0) ?? 0xfffd);
  return at;
}

function writePoint(bytes: Uint8Array, at: number, raw: number): number {
  const point = raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw;
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  const tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const marker = tail === 1 ? 0xc0 : tail === 2 ? 0xe0 : 0xf0;
  bytes[at] = marker | (point >> (6 * tail));
  for (let k = 1; k <= tail; k++) bytes[at + k] = 0x80 | ((point >> (6 * (tail - k))) & 0x3f);
  return at + tail + 1;
}
