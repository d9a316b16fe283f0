import * as characters from './characters.ts';
import { latin1FromBytes } from './utf8.ts';

// Taken out of their modules once: an imported name is looked up whenever it is used.
const { CR, LF } = characters;

/** A message's start line and header fields, as bytes and as text. */
export interface MessageHead {
  /** The whole message. */
  readonly bytes: Uint8Array;
  /**
   * The latin1 reading from the first of the bytes to the end of the head's empty line at least: a place in one is a
   * place in the other.
   */
  readonly text: string;
  readonly start: number;
  /** Where the CR LF of the start line is. */
  readonly firstEnd: number;
}

/** Up to so many bytes are read as text without a look for where the head ends. */
const SHORT_BYTES = 2_048;
/** CR LF CR LF. */
const EMPTY_LINE_BYTES = 4;

/**
 * Finds what can be read line by line until an empty line comes.
 *
 * @param start where its start line begins
 * @param limit bytes that it may have
 * @returns undefined when no empty line ends it within the limit
 */
export function findHead(bytes: Uint8Array, start: number, limit: number): MessageHead | undefined {
  const last = Math.min(bytes.length, start + limit);
  // Most messages have no body: then the last bytes are an empty line, and it need not be the first.
  const known = last - start <= SHORT_BYTES && isEmptyLine(bytes, last - EMPTY_LINE_BYTES, start);
  const end = known ? last : behindEmptyLine(bytes, start, last);
  if (end < 0) return undefined;
  const text = latin1FromBytes(bytes, 0, end);
  return { bytes, text, start, firstEnd: endOfLine(bytes, start) };
}

/** Where the first CR LF is; there must be one. */
export function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== CR || bytes[at + 1] !== LF) at++;
  return at;
}

/** Behind the first CR LF CR LF; -1 when there is none. One of its bytes is among any four that follow one another. */
export function behindEmptyLine(bytes: Uint8Array, from: number, last: number): number {
  let at = from + EMPTY_LINE_BYTES - 1;
  while (at < last) {
    const byte = bytes[at] ?? 0;
    if (byte !== CR && byte !== LF) at += EMPTY_LINE_BYTES;
    else if (isEmptyLine(bytes, at - EMPTY_LINE_BYTES + 1, from)) return at + 1;
    else at++;
  }
  return -1;
}

const isEmptyLine = (bytes: Uint8Array, at: number, start: number): boolean =>
  at >= start &&
  bytes[at] === CR &&
  bytes[at + 1] === LF &&
  bytes[at + 2] === CR &&
  bytes[at + 3] === LF;
