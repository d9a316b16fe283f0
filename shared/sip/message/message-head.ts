import { CR, LF } from './characters.ts';
import { latin1FromBytes } from './utf8.ts';

/** A message's start line and header fields, as bytes and as text. */
export interface MessageHead {
  /** The whole message. */
  readonly bytes: Uint8Array;
  /** The latin1 reading from the first of the bytes to the end of the head's last line: a place in one is a place in the other. */
  readonly text: string;
  readonly start: number;
  /** Where the CR LF of each line is. The empty line at the end is not among them. */
  readonly ends: readonly number[];
  /** No byte of the head is beyond ASCII. */
  readonly ascii: boolean;
  /** A CR or LF stands alone somewhere. */
  readonly bareBreaks: boolean;
}

/**
 * Looks at each byte of a message's head once.
 *
 * @param start where its start line begins
 * @param limit bytes that it may have
 * @returns undefined when no empty line ends it within the limit
 */
export function findHead(bytes: Uint8Array, start: number, limit: number): MessageHead | undefined {
  const last = Math.min(bytes.length, start + limit);
  const ends: number[] = [];
  let seen = 0;
  let bareBreaks = false;
  for (let at = start; at < last; at++) {
    let byte = bytes[at] ?? 0;
    // Nearly all bytes: worth a loop of its own.
    while (byte > CR && ++at < last) {
      seen |= byte;
      byte = bytes[at] ?? 0;
    }
    if (byte !== CR && byte !== LF) continue;
    if (byte === LF || bytes[at + 1] !== LF) {
      bareBreaks = true;
      continue;
    }
    ends.push(at);
    at++;
    if (bytes[at + 1] !== CR || bytes[at + 2] !== LF) continue;
    if (at + 2 >= last) return undefined;
    const text = latin1FromBytes(bytes, 0, at + 1);
    return { bytes, text, start, ends, ascii: seen < 128, bareBreaks };
  }
  return undefined;
}
