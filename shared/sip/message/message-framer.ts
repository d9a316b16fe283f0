import { CR, LF } from './characters.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { MessageLimits } from './limits.ts';
import { parseMessage } from './parse-message.ts';
import type { ParseOutcome } from './parse-outcome.ts';

/** What a stream yields: messages, refusals and discards as in {@link ParseOutcome}, and keep-alives. */
export type FramedOutcome =
  | Exclude<ParseOutcome, { kind: 'incomplete' }>
  /** CR LF CR LF between messages, to be answered by CR LF (RFC 5626 §4.4.1); several in one piece count once. */
  | { readonly kind: 'ping' };

/**
 * @param more whether bytes of the same piece follow
 * @returns false when nothing more is wanted, of this piece or any other
 */
export type TakeOutcome = (outcome: FramedOutcome, more: boolean) => boolean;

const PING: FramedOutcome = { kind: 'ping' };

/**
 * Cuts a TCP or TLS stream into messages. However small the pieces are, the bytes of a message are joined twice and
 * parsed three times at most: with its first piece, when its header has ended and when its body is complete.
 * After an outcome with `close` nothing more is read.
 */
export class MessageFramer {
  private readonly limits: MessageLimits;
  private pieces: Uint8Array[] = [];
  private length = 0;
  /** How much of CR LF CR LF the last bytes are: 4 once a header has ended. */
  private matched = 0;
  /** Bytes of the message under way, once its header has told. */
  private needed = 0;
  private ended = false;

  constructor(limits: MessageLimits = DEFAULT_LIMITS) {
    this.limits = limits;
  }

  /** Bytes of a message that is not whole yet. */
  get pending(): number {
    return this.length;
  }

  /** Takes the next piece and returns what it completed, in order. The piece must not be written to afterwards. */
  push(piece: Uint8Array): readonly FramedOutcome[] {
    const outcomes: FramedOutcome[] = [];
    this.pushEach(piece, (outcome) => {
      outcomes.push(outcome);
      return true;
    });
    return outcomes;
  }

  /**
   * The same, and hands each outcome on before it reads the next: a hundred messages that came in one piece need not be there at once.
   *
   * @param take must not push itself
   */
  pushEach(piece: Uint8Array, take: TakeOutcome): void {
    if (this.ended || piece.length === 0) return;
    // Nearly always: the piece is a whole message.
    if (this.length === 0) return this.readAll(piece, take);
    this.pieces.push(piece);
    this.length += piece.length;
    if (this.needed === 0) this.matched = matchHeadEnd(piece, this.matched);
    if (this.isWorthReading()) this.readAll(joined(this.pieces, this.length), take);
  }

  private isWorthReading(): boolean {
    if (this.needed > 0) return this.length >= this.needed;
    return this.matched === 4 || this.length > this.limits.headBytes;
  }

  private readAll(bytes: Uint8Array, take: TakeOutcome): void {
    let at = 0;
    let needed: number | undefined;
    while (at < bytes.length && !this.ended) {
      const breaks = readLineBreaks(bytes, at);
      at = breaks.end;
      if (breaks.ping && !take(PING, at < bytes.length)) this.ended = true;
      if (this.ended) break;
      const rest = at === 0 ? bytes : bytes.subarray(at);
      const outcome = parseMessage(rest, { framing: 'stream', limits: this.limits });
      if (outcome.kind === 'incomplete') {
        needed = outcome.needed;
        break;
      }
      at += outcome.size;
      if (outcome.kind !== 'message') this.ended = outcome.close;
      if (!take(outcome, at < bytes.length)) this.ended = true;
    }
    if (at < bytes.length) this.keep(bytes.subarray(at), needed);
    else this.forget();
  }

  private keep(rest: Uint8Array, needed: number | undefined): void {
    if (this.ended) return this.forget();
    this.pieces = [rest];
    this.length = rest.length;
    this.needed = needed ?? 0;
    this.matched = needed === undefined ? matchHeadEnd(rest, 0) : 0;
  }

  private forget(): void {
    if (this.length > 0) this.pieces = [];
    this.length = 0;
    this.needed = 0;
    this.matched = 0;
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Carries the search for CR LF CR LF over from piece to piece. */
function matchHeadEnd(piece: Uint8Array, before: number): number {
  let matched = before;
  for (let i = 0; i < piece.length && matched < 4; i++) {
    const byte = piece[i];
    if (byte === (matched % 2 === 0 ? CR : LF)) matched++;
    else matched = byte === CR ? 1 : 0;
  }
  return matched;
}

interface LineBreaks {
  readonly ping: boolean;
  /** The first byte that belongs to a message, or that may still become part of a ping. */
  readonly end: number;
}

function readLineBreaks(bytes: Uint8Array, start: number): LineBreaks {
  let ping = false;
  let at = start;
  while (bytes[at] === CR || bytes[at] === LF) {
    const run = pingLength(bytes, at);
    if (run < 4 && at + run === bytes.length) break;
    if (run === 4) ping = true;
    at += Math.max(run, 1);
  }
  return { ping, end: at };
}

/** How many bytes from `at` on are the start of CR LF CR LF. */
function pingLength(bytes: Uint8Array, at: number): number {
  let run = 0;
  while (run < 4 && bytes[at + run] === (run % 2 === 0 ? CR : LF)) run++;
  return run;
}
