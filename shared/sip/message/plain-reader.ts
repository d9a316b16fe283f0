import * as byteRuns from './byte-runs.ts';
import * as characters from './characters.ts';
import * as cseq from './cseq.ts';
import type { CSeq } from './cseq.ts';
import * as host from './host.ts';
import type { NameAddr } from './name-addr.ts';
import * as params from './params.ts';
import type { Params, ReadParams } from './params.ts';
import type { SipUri } from './uri.ts';
import type { Via } from './via.ts';

// Taken out of their modules once: an imported name is looked up whenever it is used.
const { HOST_RUN, NAME_RUN, PARAM_VALUE_RUN, TOKEN_RUN, URI_PARAM_RUN, USER_RUN, endOfRun, isOf } =
  byteRuns;
const {
  AT,
  BACKSLASH,
  COLON,
  COMMA,
  DELETE,
  EQUALS,
  GREATER,
  LESS,
  QUOTE,
  SEMICOLON,
  SLASH,
  SPACE,
  isBlank,
  isDigit,
  isLineEnd,
  isVersion,
} = characters;
const { MAX_CSEQ } = cseq;
const { MAX_PORT } = host;
const { NO_PARAMS, paramNameIn, withMore } = params;

/**
 * Reads values in the spelling that nearly every message has: nothing folded or escaped, no blanks that need not be
 * there, one value in a header field. Undefined says that a value is not spelt so and nothing about whether it is right:
 * the readers of the whole grammar decide then, and of what is plain they would say the same.
 *
 * It looks at bytes, which is three times as fast as looking at the characters of a text, and cuts what it finds out of
 * the text. Runs of a character class need no other end than the line's: no class holds CR.
 */
export class PlainReader {
  private readonly bytes: Uint8Array;
  private readonly text: string;
  /** Behind what was read last. */
  private at = 0;
  /** What {@link decimal} read last. */
  private number = 0;

  /** @param text latin1 reading of the bytes, to the end of a line at least */
  constructor(bytes: Uint8Array, text: string) {
    this.bytes = bytes;
    this.text = text;
  }

  /** Where the value that was read last ends. */
  get end(): number {
    return this.at;
  }

  /** Whether the header field ends with the value that was read last. */
  get isDone(): boolean {
    return isLineEnd(this.bytes, this.at);
  }

  /** Behind the comma that follows what was read last, where the next item of a list starts; -1 when there is none. */
  get next(): number {
    const { bytes, at } = this;
    if (bytes[at] !== COMMA) return -1;
    return isBlank(bytes[at + 1] ?? 0) ? at + 2 : at + 1;
  }

  via(from: number): Via | undefined {
    const { bytes, text } = this;
    const slash = from + VERSION_BYTES;
    if (!isVersion(bytes, from) || bytes[slash] !== SLASH) return undefined;
    const transportFrom = slash + 1;
    const gap = endOfRun(bytes, TOKEN_RUN, transportFrom);
    const hostFrom = gap + 1;
    const hostTo = endOfRun(bytes, HOST_RUN, hostFrom);
    if (gap === transportFrom || bytes[gap] !== SPACE || hostTo === hostFrom) return undefined;
    const port = this.port(hostTo);
    if (port === BAD_PORT) return undefined;
    const params = this.params(TOKEN_RUN, PARAM_VALUE_RUN);
    if (params === undefined) return undefined;
    const transport = text.slice(transportFrom, gap);
    return { protocol: 'SIP/2.0', transport, host: text.slice(hostFrom, hostTo), port, params };
  }

  /** `<uri>` with its header parameters, with or without a name before it. */
  address(from: number): NameAddr | undefined {
    const { bytes } = this;
    this.at = from;
    const displayName = bytes[from] === LESS ? undefined : this.displayName();
    if (bytes[this.at] !== LESS) return undefined;
    const uri = this.uri(this.at + 1);
    if (uri === undefined || bytes[this.at] !== GREATER) return undefined;
    this.at++;
    const params = this.params(TOKEN_RUN, PARAM_VALUE_RUN);
    return params === undefined ? undefined : { displayName, uri, params };
  }

  /** Three digits, 100 to 699. */
  status(from: number): number | undefined {
    const end = this.decimal(from, 699);
    return end === from + 3 && this.number >= 100 ? this.number : undefined;
  }

  cseq(from: number): CSeq | undefined {
    const gap = this.decimal(from, MAX_CSEQ);
    if (gap < 0 || this.bytes[gap] !== SPACE) return undefined;
    this.at = endOfRun(this.bytes, TOKEN_RUN, gap + 1);
    if (this.at === gap + 1) return undefined;
    return { sequence: this.number, method: this.text.slice(gap + 1, this.at) };
  }

  /** What stands there without a blank or control character in it. */
  word(from: number): string | undefined {
    const { bytes } = this;
    let at = from;
    for (let byte = bytes[at] ?? 0; byte > SPACE && byte < DELETE;) byte = bytes[++at] ?? 0;
    this.at = at;
    return at === from ? undefined : this.text.slice(from, at);
  }

  /** A `sip` or `sips` URI, up to what cannot belong to it. */
  uri(from: number): SipUri | undefined {
    const { bytes, text } = this;
    const scheme = schemeAt(bytes, from);
    if (scheme === undefined) return undefined;
    const first = from + scheme.length + 1;
    let hostFrom = first;
    let hostTo = endOfRun(bytes, HOST_RUN, first);
    let user: string | undefined;
    if (isInUser(bytes[hostTo] ?? 0)) {
      const userTo = endOfRun(bytes, USER_RUN, hostTo);
      if (bytes[userTo] !== AT || userTo === first) return undefined;
      user = text.slice(first, userTo);
      hostFrom = userTo + 1;
      hostTo = endOfRun(bytes, HOST_RUN, hostFrom);
    }
    if (hostTo === hostFrom) return undefined;
    const host = text.slice(hostFrom, hostTo);
    const port = this.port(hostTo);
    if (port === BAD_PORT) return undefined;
    const params = this.params(URI_PARAM_RUN, URI_PARAM_RUN);
    if (params === undefined) return undefined;
    return {
      scheme,
      user,
      password: undefined,
      host,
      port,
      params,
      headers: undefined,
      opaque: undefined,
    };
  }

  /** Leaves the cursor behind the blanks that follow the name. */
  private displayName(): string | undefined {
    const { bytes, text } = this;
    const quoted = bytes[this.at] === QUOTE;
    const from = quoted ? this.at + 1 : this.at;
    let end = quoted ? endOfQuoted(bytes, from) : endOfRun(bytes, NAME_RUN, from);
    if (end < 0) return undefined;
    this.at = quoted ? end + 1 : end;
    while (isBlank(bytes[this.at] ?? 0)) this.at++;
    while (!quoted && end > from && isBlank(bytes[end - 1] ?? 0)) end--;
    return end <= from ? undefined : text.slice(from, end);
  }

  /** `:port` when there is a colon. */
  private port(from: number): number | undefined {
    this.at = from;
    if (this.bytes[from] !== COLON) return undefined;
    const end = this.decimal(from + 1, MAX_PORT);
    this.at = end;
    return end < 0 ? BAD_PORT : this.number;
  }

  /** Behind the digits of a number, -1 when there are none or it is too large. */
  private decimal(from: number, max: number): number {
    const { bytes } = this;
    let value = 0;
    let at = from;
    for (let byte = bytes[at] ?? 0; isDigit(byte); byte = bytes[++at] ?? 0) {
      value = value * 10 + byte - ZERO;
      if (value > max) return -1;
    }
    this.number = value;
    return at === from ? -1 : at;
  }

  /** `*( ;name[=value] )` from the cursor on. */
  private params(names: number, values: number): Params | undefined {
    const { bytes, text } = this;
    let params: ReadParams | undefined;
    let at = this.at;
    while (bytes[at] === SEMICOLON) {
      const from = at + 1;
      const usual = usualNameAt(bytes, from);
      at = usual === undefined ? endOfRun(bytes, names, from) : from + usual.length;
      if (at === from) return undefined;
      const name = usual ?? paramNameIn(bytes, text, from, at);
      let value: string | null = null;
      if (bytes[at] === EQUALS) {
        const quoted = bytes[at + 1] === QUOTE && values === PARAM_VALUE_RUN;
        const valueFrom = quoted ? at + 2 : at + 1;
        const end = quoted ? endOfQuoted(bytes, valueFrom) : endOfRun(bytes, values, valueFrom);
        if (quoted ? end < 0 : end === valueFrom) return undefined;
        value = text.slice(valueFrom, end);
        at = quoted ? end + 1 : end;
      }
      params = withMore(params, name, value);
    }
    this.at = at;
    return params ?? NO_PARAMS;
  }
}

const BAD_PORT = -1;
const ZERO = 48;
/** Makes a letter lower case. */
const LOWER = 32;
const A = 97;
const B = 98;
const C = 99;
const G = 103;
const H = 104;
const I = 105;
const N = 110;
const P = 112;
const R = 114;
const S = 115;
const T = 116;
/** Of `SIP/2.0`. */
const VERSION_BYTES = 7;

function schemeAt(bytes: Uint8Array, from: number): 'sip' | 'sips' | undefined {
  if (((bytes[from] ?? 0) | LOWER) !== S || ((bytes[from + 1] ?? 0) | LOWER) !== I)
    return undefined;
  if (((bytes[from + 2] ?? 0) | LOWER) !== P) return undefined;
  const next = bytes[from + 3] ?? 0;
  if (next === COLON) return 'sip';
  return (next | LOWER) === S && bytes[from + 4] === COLON ? 'sips' : undefined;
}

/** The names that every message has, each with a value; other names are looked up in a table. */
function usualNameAt(bytes: Uint8Array, at: number): 'tag' | 'branch' | undefined {
  const first = bytes[at];
  if (first === T)
    return bytes[at + 1] === A && bytes[at + 2] === G && bytes[at + 3] === EQUALS
      ? 'tag'
      : undefined;
  if (first !== B || bytes[at + 1] !== R || bytes[at + 2] !== A) return undefined;
  if (bytes[at + 3] !== N || bytes[at + 4] !== C || bytes[at + 5] !== H) return undefined;
  return bytes[at + 6] === EQUALS ? 'branch' : undefined;
}

/** Whether this byte, which no host name holds, says that a user comes before the host. A semicolon more often starts parameters. */
const isInUser = (byte: number): boolean =>
  byte === AT || (isOf(USER_RUN, byte) && byte !== SEMICOLON);

/** Where the closing quote is; -1 when there is none, or something is escaped or not ASCII. */
function endOfQuoted(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at] ?? 0;
  while (byte !== QUOTE && byte !== BACKSLASH && byte >= SPACE && byte < DELETE)
    byte = bytes[++at] ?? 0;
  return byte === QUOTE ? at : -1;
}
