import type { HeaderTable } from './header-table.ts';
import type { SipMessage } from './message.ts';

/** Why bytes are dropped without an answer. */
export type DiscardReason =
  /** Line breaks only: a keep-alive (RFC 5626 §3.5.1); a flow answers CR LF CR LF with CR LF. */
  | 'keep-alive'
  /** No SIP start line, or no end of the header. */
  | 'not-sip'
  /** A malformed response, or a malformed ACK: neither may be answered. */
  | 'malformed'
  /** A malformed request without a Via or Call-ID to answer by. */
  | 'unanswerable'
  | 'too-large';

/** A malformed request, kept as far as it could be read. */
export interface RejectedRequest {
  readonly method: string;
  /** Raw header fields; `makeResponse(replyTo, status, { reason })` answers with them. */
  readonly headers: HeaderTable;
}

/** What came out of some bytes. Nothing a peer can send makes the parser throw. */
export type ParseOutcome =
  | {
      readonly kind: 'message';
      readonly message: SipMessage;
      /** Bytes consumed. */ readonly size: number;
    }
  | {
      readonly kind: 'rejected';
      /** 400, 505 or 513. */
      readonly status: number;
      readonly reason: string;
      readonly replyTo: RejectedRequest;
      readonly size: number;
      /** On a stream: where the next message starts is unknown, so the connection must be closed. */
      readonly close: boolean;
    }
  | {
      readonly kind: 'discard';
      readonly reason: DiscardReason;
      readonly size: number;
      readonly close: boolean;
    }
  /** On a stream: more bytes are needed. */
  | {
      readonly kind: 'incomplete';
      /** Size of the whole message; undefined while its header has not ended. */
      readonly needed: number | undefined;
    };
