import { CR, LF } from './characters.ts';

/** Where the lines of a message's head end. */
export interface HeadLines {
  /** Of each line, where its CR LF is, counted from the head's start. The empty line at the end is not among them. */
  readonly ends: readonly number[];
  /** No byte of them is beyond ASCII. */
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
export function findHeadLines(
  bytes: Uint8Array,
  start: number,
  limit: number,
): HeadLines | undefined {
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
    ends.push(at - start);
    at++;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF)
      return at + 2 < last ? { ends, ascii: seen < 128, bareBreaks } : undefined;
  }
  return undefined;
}
