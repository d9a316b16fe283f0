import { COLON, TOKEN, isBlank, trimBlanks } from './characters.ts';
import { HeaderTable } from './header-table.ts';
import type { MessageLimits } from './limits.ts';
import { decodeUtf8 } from './utf8.ts';

/** The header fields that could be read, and what was wrong with the first that could not. */
export interface HeaderBlock {
  readonly headers: HeaderTable;
  readonly problem: string | undefined;
}

/**
 * Reads header fields from `start` on, unfolding continued lines. Reading goes on after a bad field, so that
 * a refused request can still be answered.
 *
 * @param head latin1 reading of the header, ending with the line break of its last field
 */
export function readHeaderBlock(head: string, start: number, limits: MessageLimits): HeaderBlock {
  const headers = new HeaderTable();
  const traits = { ascii: !NOT_ASCII.test(head), bareBreaks: BARE_BREAK.test(head) };
  let problem: string | undefined;
  for (let from = start; from < head.length;) {
    const end = endOfField(head, from);
    const text = end.folded ? unfold(head, from, end.at) : head.slice(from, end.at);
    if (headers.size === limits.fields) return { headers, problem: 'Too many header fields' };
    if (end.at - from > limits.fieldBytes) problem ??= 'Header field too long';
    else {
      const wrong = addField(headers, traits.ascii ? text : decodeUtf8(text), traits.bareBreaks);
      problem ??= wrong;
    }
    from = end.at + 2;
  }
  return { headers, problem };
}

interface FieldEnd {
  readonly at: number;
  readonly folded: boolean;
}

function endOfField(head: string, from: number): FieldEnd {
  let at = lineEnd(head, from);
  let folded = false;
  while (isBlank(head.charCodeAt(at + 2))) {
    folded = true;
    at = lineEnd(head, at + 2);
  }
  return { at, folded };
}

function lineEnd(head: string, from: number): number {
  const at = head.indexOf('\r\n', from);
  return at < 0 ? head.length : at;
}

/** Each fold with the white space around it becomes one space (RFC 3261 §7.3.1). */
function unfold(head: string, from: number, end: number): string {
  return head.slice(from, end).split('\r\n').map(trimBlanks).join(' ');
}

// Each looks at one character and its neighbour, so one pass over the header answers for all of its fields.
const NOT_ASCII = /[\u0080-\u00ff]/;
const BARE_BREAK = /\r(?!\n)|(?<!\r)\n/;

/** Adds one unfolded field; the result says what is wrong with it. */
function addField(headers: HeaderTable, text: string, bareBreaks: boolean): string | undefined {
  let nameEnd = 0;
  while (nameEnd < text.length && TOKEN[text.charCodeAt(nameEnd)] === 1) nameEnd++;
  let colon = nameEnd;
  while (isBlank(text.charCodeAt(colon))) colon++;
  if (nameEnd === 0 || text.charCodeAt(colon) !== COLON) return 'Malformed header field';
  const name = text.slice(0, nameEnd);
  const value = trimBlanks(text.slice(colon + 1));
  if (!bareBreaks) {
    headers.appendRead(name, value);
    return undefined;
  }
  headers.append(name, value);
  return /[\r\n]/.test(value) ? 'Bare line break in a header field' : undefined;
}
