import { COLON, TOKEN, isBlank, trimBlanks } from './characters.ts';
import { headerNameAt } from './header-names.ts';
import { Field, HeaderTable } from './header-table.ts';
import type { HeadLines } from './head-lines.ts';
import type { MessageLimits } from './limits.ts';
import { decodeUtf8 } from './utf8.ts';

/** The header fields that could be read, and what was wrong with the first that could not. */
export interface HeaderBlock {
  readonly headers: HeaderTable;
  readonly problem: string | undefined;
}

/**
 * Reads header fields, unfolding continued lines. Reading goes on after a bad field, so that a refused request can
 * still be answered.
 *
 * @param head latin1 reading of the lines
 */
export function readHeaderBlock(
  head: string,
  lines: HeadLines,
  limits: MessageLimits,
): HeaderBlock {
  const headers = new HeaderTable();
  const { ends } = lines;
  const plain = lines.ascii && !lines.bareBreaks;
  let problem: string | undefined;
  let from = (ends[0] ?? 0) + 2;
  for (let line = 1; line < ends.length; line++) {
    let to = ends[line] ?? from;
    let folded = false;
    while (isBlank(head.charCodeAt(to + 2))) {
      line++;
      to = ends[line] ?? head.length;
      folded = true;
    }
    if (headers.size === limits.fields) return { headers, problem: 'Too many header fields' };
    const wrong =
      to - from > limits.fieldBytes
        ? 'Header field too long'
        : plain && !folded
          ? addField(headers, head, from, to)
          : addOddField(headers, head.slice(from, to));
    problem ??= wrong;
    from = to + 2;
  }
  return { headers, problem };
}

/** Adds the field that fills the part; the result says what is wrong with it. */
function addField(
  headers: HeaderTable,
  text: string,
  from: number,
  to: number,
): string | undefined {
  let nameTo = from;
  while (nameTo < to && TOKEN[text.charCodeAt(nameTo)] === 1) nameTo++;
  let colon = nameTo;
  while (colon < to && isBlank(text.charCodeAt(colon))) colon++;
  if (nameTo === from || colon === to || text.charCodeAt(colon) !== COLON)
    return 'Malformed header field';
  let valueFrom = colon + 1;
  let valueTo = to;
  while (valueFrom < valueTo && isBlank(text.charCodeAt(valueFrom))) valueFrom++;
  while (valueTo > valueFrom && isBlank(text.charCodeAt(valueTo - 1))) valueTo--;
  headers.appendRead(new Field(headerNameAt(text, from, nameTo), text, valueFrom, valueTo));
  return undefined;
}

/** The same for a field with folds, bytes beyond ASCII, or half a line break in it. */
function addOddField(headers: HeaderTable, raw: string): string | undefined {
  const text = decodeUtf8(unfold(raw));
  const broken = BREAK.test(text);
  const line = broken ? text.replace(BREAKS, ' ') : text;
  const wrong = addField(headers, line, 0, line.length);
  return wrong ?? (broken ? 'Bare line break in a header field' : undefined);
}

const BREAK = /[\r\n]/;
const BREAKS = /[\r\n]/g;

/** Each fold with the white space around it becomes one space (RFC 3261 §7.3.1). */
const unfold = (text: string): string =>
  text.includes('\r\n') ? text.split('\r\n').map(trimBlanks).join(' ') : text;
