import * as byteRuns from './byte-runs.ts';
import * as characters from './characters.ts';
import * as headerNames from './header-names.ts';
import type { HeaderName } from './header-names.ts';
import { Field, HeaderTable } from './header-table.ts';
import { behindEmptyLine, endOfLine } from './message-head.ts';
import type { MessageHead } from './message-head.ts';
import type { MessageLimits } from './limits.ts';
import type { PlainReader } from './plain-reader.ts';
import { PlainReadings } from './plain-readings.ts';
import type { Readings } from './readings.ts';
import { decodeUtf8 } from './utf8.ts';

// Taken out of their modules once: an imported name is looked up whenever it is used.
const { TOKEN_RUN, endOfRun } = byteRuns;
const { COLON, CR, LF, SPACE, TOKEN, isBlank, isLineEnd, trimBlanks } = characters;
const { CONTENT_LENGTH, MAX_FORWARDS, headerNameAt, headerNameIn, usualNameIn } = headerNames;

/** The header fields that could be read, and what was wrong with the first that could not. */
export interface HeaderBlock {
  readonly headers: HeaderTable;
  readonly problem: string | undefined;
  /** Of the typed values those that were easily read. Nothing to go by when there is a problem. */
  readonly readings: Readings;
  /** Where the empty line is that ends them. */
  readonly end: number;
  /** The first field that came again though it may come only once. */
  readonly repeated: HeaderName | undefined;
  /** The first of each. */
  readonly contentLength: Field | undefined;
  readonly maxForwards: Field | undefined;
  readonly severalLengths: boolean;
}

/**
 * Reads header fields up to the empty line, unfolding continued lines. Reading goes on after a bad field, so that a
 * refused request can still be answered.
 */
export function readHeaderBlock(
  head: MessageHead,
  reader: PlainReader,
  limits: MessageLimits,
): HeaderBlock {
  const block = new BlockReader(head, reader, limits);
  const { bytes, text } = head;
  let from = head.firstEnd + 2;
  while (bytes[from] !== CR || bytes[from + 1] !== LF) {
    if (block.headers.size === limits.fields) {
      block.problem = 'Too many header fields';
      from = behindEmptyLine(bytes, from - 2, text.length) - 2;
      break;
    }
    from = block.add(from);
  }
  block.end = from;
  return block;
}

class BlockReader implements HeaderBlock {
  readonly headers = new HeaderTable();
  problem: string | undefined = undefined;
  repeated: HeaderName | undefined = undefined;
  contentLength: Field | undefined = undefined;
  maxForwards: Field | undefined = undefined;
  end = 0;
  /** The `once` bits of all fields, and of those that came again. */
  private seen = 0;
  private twice = 0;
  private readonly head: MessageHead;
  private readonly fieldBytes: number;
  private readonly plain: PlainReadings;

  constructor(head: MessageHead, reader: PlainReader, { fieldBytes }: MessageLimits) {
    this.head = head;
    this.fieldBytes = fieldBytes;
    this.plain = new PlainReadings(reader);
  }

  get readings(): Readings {
    return this.plain.readings;
  }

  get severalLengths(): boolean {
    return (this.twice & CONTENT_LENGTH.once) !== 0;
  }

  /**
   * Adds the field that starts at a place of the head.
   *
   * @returns where the next one starts
   */
  add(from: number): number {
    const { bytes, text } = this.head;
    const usual = usualNameIn(bytes, from);
    const colon = usual === undefined ? endOfRun(bytes, TOKEN_RUN, from) : from + usual.key.length;
    if (colon === from || bytes[colon] !== COLON) return this.addOdd(from);
    const known = usual ?? headerNameIn(bytes, text, from, colon);
    let valueFrom = colon + 1;
    while (isBlank(bytes[valueFrom] ?? 0)) valueFrom++;
    const { core } = known;
    const to =
      core === undefined ? endOfPlainLine(bytes, valueFrom) : this.plain.read(core, valueFrom);
    if (to < 0) return this.addOdd(from);
    if (to - from > this.fieldBytes) return this.leaveLong(to);
    let valueTo = to;
    while (valueTo > valueFrom && isBlank(bytes[valueTo - 1] ?? 0)) valueTo--;
    this.append(new Field(known, text, valueFrom, valueTo));
    return to + 2;
  }

  /** The same for a field with folds, bytes beyond ASCII, half a line break, or anything else that is rare in it. */
  private addOdd(from: number): number {
    const { bytes, text } = this.head;
    let to = endOfLine(bytes, from);
    let folded = false;
    while (isBlank(bytes[to + 2] ?? 0)) {
      to = endOfLine(bytes, to + 2);
      folded = true;
    }
    if (to - from > this.fieldBytes) return this.leaveLong(to);
    const raw = text.slice(from, to);
    const unfolded = decodeUtf8(folded ? unfold(raw) : raw);
    const broken = BREAK.test(unfolded);
    this.addLine(broken ? unfolded.replace(BREAKS, ' ') : unfolded);
    if (broken) this.problem ??= 'Bare line break in a header field';
    return to + 2;
  }

  private leaveLong(to: number): number {
    this.problem ??= 'Header field too long';
    return to + 2;
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

  /** Adds the field that a line is, which is not for the plain reader. */
  private addLine(line: string): void {
    let nameTo = 0;
    while (TOKEN[line.charCodeAt(nameTo)] === 1) nameTo++;
    let colon = nameTo;
    while (isBlank(line.charCodeAt(colon))) colon++;
    if (nameTo === 0 || line.charCodeAt(colon) !== COLON) {
      this.problem ??= 'Malformed header field';
      return;
    }
    let from = colon + 1;
    let to = line.length;
    while (from < to && isBlank(line.charCodeAt(from))) from++;
    while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
    const field = new Field(headerNameAt(line, 0, nameTo), line, from, to);
    this.append(field);
    const { core } = field.known;
    if (core !== undefined) this.plain.leave(core);
  }
}

/** Where the line ends; -1 when it goes on behind a fold, or something beyond ASCII or half a line break is in it. */
function endOfPlainLine(bytes: Uint8Array, from: number): number {
  let seen = 0;
  let at = from;
  let byte = bytes[at] ?? 0;
  while (byte >= SPACE) {
    seen |= byte;
    byte = bytes[++at] ?? 0;
  }
  return seen < 128 && isLineEnd(bytes, at) ? at : -1;
}

const BREAK = /[\r\n]/;
const BREAKS = /[\r\n]/g;

/** Each fold with the white space around it becomes one space (RFC 3261 §7.3.1). */
const unfold = (text: string): string => text.split('\r\n').map(trimBlanks).join(' ');
