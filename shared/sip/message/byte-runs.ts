import * as characters from './characters.ts';
import type { CharacterClass } from './characters.ts';

/** The character classes that plain values are made of, a bit each in one table, which stays in the CPU's cache. */
export const TOKEN_RUN = 1;
export const PARAM_VALUE_RUN = 2;
export const HOST_RUN = 4;
export const USER_RUN = 8;
export const URI_PARAM_RUN = 16;
/** An unquoted name with the blanks in it and behind it. */
export const NAME_RUN = 32;

const CLASSES: readonly (readonly [number, CharacterClass])[] = [
  [TOKEN_RUN, characters.TOKEN],
  [PARAM_VALUE_RUN, characters.PARAM_VALUE],
  [HOST_RUN, characters.HOST],
  [USER_RUN, characters.USER],
  [URI_PARAM_RUN, characters.URI_PARAM],
  [NAME_RUN, characters.TOKEN.map((flag, code) => (characters.isBlank(code) ? 1 : flag))],
];

const RUNS = Uint8Array.from({ length: 256 }, (_, code) =>
  CLASSES.reduce((bits, [run, of]) => (of[code] === 1 ? bits | run : bits), 0),
);

/** Whether a byte is of a class. */
export const isOf = (run: number, byte: number): boolean => ((RUNS[byte] ?? 0) & run) !== 0;

/** Behind the run of bytes of a class that starts at `from`; something that is not of the class must follow, as CR is. */
export function endOfRun(bytes: Uint8Array, run: number, from: number): number {
  let at = from;
  while (((RUNS[bytes[at] ?? 0] ?? 0) & run) !== 0) at++;
  return at;
}
