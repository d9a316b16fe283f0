import { CR, COLON, LF, TOKEN, endOfRun, isBlank, trimBlanks } from './characters.ts';
import {
  CONTENT_LENGTH,
  MAX_FORWARDS,
  headerNameAt,
  headerNameIn,
  usualNameIn,
} from './header-names.ts';
import type { HeaderName } from './header-names.ts';
import { Field, HeaderTable } from './header-table.ts';
import type { MessageHead } from './message-head.ts';
import type { MessageLimits } from './limits.ts';
import type { PlainReader } from './plain-reader.ts';
import { PlainReadings } from './plain-readings.ts';
import type { Readings } from './readings.ts';
import { decodeUtf8 } from './utf8.ts';

/** The header fields that could be read, and what was wrong with the first that could not. */
export interface HeaderBlock {
  readonly headers: HeaderTable;
  readonly problem: string | undefined;
  /** Of the typed values those that were easily read. Nothing to go by when there is a problem. */
  readonly readings: Readings;
  /** The first field that came again though it may come only once. */
  readonly repeated: HeaderName | undefined;
  /** The first of each. */
  readonly contentLength: Field | undefined;
  readonly maxForwards: Field | undefined;
  readonly severalLengths: boolean;
}

/**
 * Reads header fields, unfolding continued lines. Reading goes on after a bad field, so that a refused request can
 * still be answered.
 */
export function readHeaderBlock(
  head: MessageHead,
  reader: PlainReader,
  limits: MessageLimits,
): HeaderBlock {
  const block = new BlockReader(head, reader);
  const { bytes, ends, text } = head;
  let from = (ends[0] ?? 0) + 2;
  for (let line = 1; line < ends.length; line++) {
    let to = ends[line] ?? from;
    let folded = false;
    while (isBlank(bytes[to + 2] ?? 0)) {
      line++;
      to = ends[line] ?? text.length;
      folded = true;
    }
    if (block.headers.size === limits.fields) {
      block.problem = 'Too many header fields';
      return block;
    }
    if (to - from > limits.fieldBytes) block.problem ??= 'Header field too long';
    else if (folded || !isPlainLine(head, from, to)) block.addOdd(text.slice(from, to), folded);
    else block.addPlain(from, to);
    from = to + 2;
  }
  return block;
}

/** No byte is beyond ASCII or half a line break. */
function isPlainLine({ bytes, ascii, bareBreaks }: MessageHead, from: number, to: number): boolean {
  if (ascii && !bareBreaks) return true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 127 || byte === CR || byte === LF) return false;
  }
  return true;
}

class BlockReader implements HeaderBlock {
  readonly headers = new HeaderTable();
  problem: string | undefined = undefined;
  repeated: HeaderName | undefined = undefined;
  contentLength: Field | undefined = undefined;
  maxForwards: Field | undefined = undefined;
  /** The `once` bits of all fields, and of those that came again. */
  private seen = 0;
  private twice = 0;
  private readonly head: MessageHead;
  private readonly plain: PlainReadings;

  constructor(head: MessageHead, reader: PlainReader) {
    this.head = head;
    this.plain = new PlainReadings(reader);
  }

  get readings(): Readings {
    return this.plain.readings;
  }

  get severalLengths(): boolean {
    return (this.twice & CONTENT_LENGTH.once) !== 0;
  }

  /** Adds the field that fills the part of the head, which nothing has to be done to. */
  addPlain(from: number, to: number): void {
    const { bytes, text } = this.head;
    const usual = usualNameIn(bytes, from);
    const colon = usual === undefined ? endOfRun(bytes, TOKEN, from) : from + usual.key.length;
    if (colon === from || bytes[colon] !== COLON) return this.addFound(text, from, to);
    const known = usual ?? headerNameIn(bytes, text, from, colon);
    let valueFrom = colon + 1;
    let valueTo = to;
    while (valueFrom < to && isBlank(bytes[valueFrom] ?? 0)) valueFrom++;
    while (valueTo > valueFrom && isBlank(bytes[valueTo - 1] ?? 0)) valueTo--;
    const field = new Field(known, text, valueFrom, valueTo);
    this.append(field);
    this.plain.read(field, valueFrom, valueTo);
  }

  /** The same for a field with folds, bytes beyond ASCII, or half a line break in it. */
  addOdd(raw: string, folded: boolean): void {
    const unfolded = decodeUtf8(folded ? unfold(raw) : raw);
    const broken = this.head.bareBreaks && BREAK.test(unfolded);
    const line = broken ? unfolded.replace(BREAKS, ' ') : unfolded;
    this.addFound(line, 0, line.length);
    if (broken) this.problem ??= 'Bare line break in a header field';
  }

  private append(field: Field): void {
    const { known } = field;
    this.headers.appendRead(field);
    if ((this.seen & known.once) !== 0) {
      this.repeated ??= known;
      this.twice |= known.once;
    }
    this.seen |= known.once;
    if (known === CONTENT_LENGTH) this.contentLength ??= field;
    else if (known === MAX_FORWARDS) this.maxForwards ??= field;
  }

  /** Adds the field that fills the part of a text, which is not for the plain reader. */
  private addFound(text: string, from: number, to: number): void {
    let nameTo = from;
    while (nameTo < to && TOKEN[text.charCodeAt(nameTo)] === 1) nameTo++;
    let colon = nameTo;
    while (colon < to && isBlank(text.charCodeAt(colon))) colon++;
    if (nameTo === from || colon === to || text.charCodeAt(colon) !== COLON) {
      this.problem ??= 'Malformed header field';
      return;
    }
    let valueFrom = colon + 1;
    let valueTo = to;
    while (valueFrom < valueTo && isBlank(text.charCodeAt(valueFrom))) valueFrom++;
    while (valueTo > valueFrom && isBlank(text.charCodeAt(valueTo - 1))) valueTo--;
    const field = new Field(headerNameAt(text, from, nameTo), text, valueFrom, valueTo);
    this.append(field);
    this.plain.leave(field.known);
  }
}

const BREAK = /[\r\n]/;
const BREAKS = /[\r\n]/g;

/** Each fold with the white space around it becomes one space (RFC 3261 §7.3.1). */
const unfold = (text: string): string => text.split('\r\n').map(trimBlanks).join(' ');
