import { CR, LF } from './characters.ts';
import { readHeaderBlock } from './header-block.ts';
import type { HeaderBlock } from './header-block.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { MessageLimits } from './limits.ts';
import { findHead } from './message-head.ts';
import { NO_BODY, SipRequest, SipResponse } from './message.ts';
import { findProblem } from './mandatory-headers.ts';
import type { DiscardReason, ParseOutcome } from './parse-outcome.ts';
import { PlainReader } from './plain-reader.ts';
import { readStartLine } from './start-line.ts';
import type { StartLine } from './start-line.ts';
import { TypedHeaders } from './typed-headers.ts';

export interface ParseOptions {
  /** `datagram`: UDP and WebSocket, the bytes are one message. `stream`: TCP and TLS, a message starts the bytes. */
  readonly framing: 'datagram' | 'stream';
  readonly limits?: MessageLimits;
}

/**
 * Reads one message. Never throws; every result is a value.
 * The body is a view of `bytes`, which must not be written to afterwards.
 */
export function parseMessage(bytes: Uint8Array, options: ParseOptions): ParseOutcome {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const stream = options.framing === 'stream';
  if (!stream && bytes.length > limits.messageBytes) return discard('too-large', bytes.length);
  const start = skipLineBreaks(bytes);
  if (start === bytes.length) return stream ? INCOMPLETE : discard('keep-alive', start);
  const head = findHead(bytes, start, limits.headBytes);
  if (head === undefined) return withoutEnd(bytes, start, options);
  const reader = new PlainReader(bytes, head.text);
  const startLine = readStartLine(head, reader);
  const block = readHeaderBlock(head, reader, limits);
  const bodyAt = block.end + 2;
  const frame = frameBody(block, {
    available: bytes.length - bodyAt,
    stream,
    limits,
    headSize: bodyAt,
  });
  if (frame.kind === 'wait' && startLine.kind !== 'not-sip')
    return { kind: 'incomplete', needed: frame.size };
  return judge({
    bytes,
    startLine,
    block,
    frame: frame.kind === 'wait' ? NO_FRAME : frame,
    bodyAt,
  });
}

const INCOMPLETE: ParseOutcome = { kind: 'incomplete', needed: undefined };

const discard = (reason: DiscardReason, size: number, close = false): ParseOutcome => ({
  kind: 'discard',
  reason,
  size,
  close,
});

/** Line breaks before a start line are ignored (RFC 3261 §7.5). */
function skipLineBreaks(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === CR || bytes[at] === LF) at++;
  return at;
}

function withoutEnd(bytes: Uint8Array, start: number, options: ParseOptions): ParseOutcome {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const tooLarge = bytes.length - start > limits.headBytes;
  if (tooLarge) return discard('too-large', bytes.length, options.framing === 'stream');
  return options.framing === 'stream' ? INCOMPLETE : discard('not-sip', bytes.length);
}

/** Where the body ends, or what is wrong with its length. */
type BodyFrame =
  | { readonly kind: 'ok'; readonly length: number }
  | { readonly kind: 'wait'; readonly size: number }
  | {
      readonly kind: 'bad';
      readonly status: 400 | 513;
      readonly reason: string;
      readonly lost: boolean;
    };

const NO_FRAME = { kind: 'bad', status: 400, reason: 'Malformed', lost: true } as const;

interface FrameInput {
  readonly available: number;
  readonly stream: boolean;
  readonly limits: MessageLimits;
  readonly headSize: number;
}

/** RFC 3261 §18.3: a datagram may end the body, on a stream only Content-Length can. */
function frameBody(block: HeaderBlock, input: FrameInput): BodyFrame {
  const { available, stream, limits, headSize } = input;
  const given = block.contentLength;
  const length =
    given === undefined && !stream ? available : given?.decimal(Number.MAX_SAFE_INTEGER);
  if (length === undefined)
    return bad(given === undefined ? 'Missing Content-Length' : 'Bad Content-Length', stream);
  if (block.severalLengths) return bad('Repeated Content-Length', stream);
  if (headSize + length > limits.messageBytes) return bad('Message Too Large', stream, 513);
  if (length <= available) return { kind: 'ok', length };
  return stream
    ? { kind: 'wait', size: headSize + length }
    : bad('Body shorter than Content-Length', stream);
}

const bad = (reason: string, lost: boolean, status: 400 | 513 = 400): BodyFrame => ({
  kind: 'bad',
  status,
  reason,
  lost,
});

interface Pieces {
  readonly bytes: Uint8Array;
  readonly startLine: StartLine;
  readonly block: HeaderBlock;
  readonly frame: Exclude<BodyFrame, { kind: 'wait' }>;
  readonly bodyAt: number;
}

function judge(pieces: Pieces): ParseOutcome {
  const { startLine, frame, bytes, bodyAt } = pieces;
  const size = frame.kind === 'ok' ? bodyAt + frame.length : bytes.length;
  const lost = frame.kind === 'bad' && frame.lost;
  switch (startLine.kind) {
    case 'not-sip':
      return discard('not-sip', bytes.length, true);
    case 'bad-response':
      return discard('malformed', size, lost);
    case 'bad-request':
      return refuse(pieces, { ...startLine, size });
    case 'request':
    case 'response':
      return build(pieces, startLine, size);
  }
}

function build(
  pieces: Pieces,
  startLine: Extract<StartLine, { kind: 'request' | 'response' }>,
  size: number,
): ParseOutcome {
  const { block, frame, bytes, bodyAt } = pieces;
  const { headers } = block;
  const typed = new TypedHeaders(headers, block.readings);
  const method = startLine.kind === 'request' ? startLine.method : undefined;
  const problem = block.problem ?? findProblem(block, typed, method);
  if (frame.kind === 'bad' || problem !== undefined) {
    const bad =
      frame.kind === 'bad' ? frame : { status: 400, reason: problem ?? 'Bad Request', lost: false };
    if (method === undefined) return discard('malformed', size, bad.lost);
    return refuse(pieces, { method, status: bad.status, reason: bad.reason, size });
  }
  const body = size === bodyAt ? NO_BODY : bytes.subarray(bodyAt, size);
  const message =
    startLine.kind === 'request'
      ? new SipRequest({ method: startLine.method, uri: startLine.uri, headers, body, typed })
      : new SipResponse({
          status: startLine.status,
          reason: startLine.reason,
          headers,
          body,
          typed,
        });
  return { kind: 'message', message, size };
}

interface Refusal {
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly size: number;
}

/** An ACK is never answered, nor is what has no Via or Call-ID to answer by. */
function refuse(pieces: Pieces, { method, status, reason, size }: Refusal): ParseOutcome {
  const { headers } = pieces.block;
  const close = pieces.frame.kind === 'bad' && pieces.frame.lost;
  if (method === 'ACK') return discard('malformed', size, close);
  if (!headers.has('Via')) return discard('unanswerable', size, close);
  return { kind: 'rejected', status, reason, replyTo: { method, headers }, size, close };
}
