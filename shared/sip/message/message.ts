import type { CSeq } from './cseq.ts';
import type { HeaderTable } from './header-table.ts';
import type { NameAddr } from './name-addr.ts';
import { tagOf } from './name-addr.ts';
import { TypedHeaders } from './typed-headers.ts';
import type { SipUri } from './uri.ts';
import { textFromBytes } from './utf8.ts';
import type { Via } from './via.ts';

export const NO_BODY = new Uint8Array(0);

/** What requests and responses share: header fields, their typed readings, and the body as bytes. */
abstract class MessageBase {
  readonly headers: HeaderTable;
  readonly body: Uint8Array;
  /** A `#` field, so that spreading a message into the parts of another does not carry its readings along. */
  readonly #typed: TypedHeaders;

  constructor(headers: HeaderTable, body: Uint8Array, typed: TypedHeaders) {
    this.headers = headers;
    this.body = body;
    this.#typed = typed;
  }

  /** Topmost first; empty before a transport or transaction added one. */
  get vias(): readonly Via[] {
    return this.#typed.vias ?? [];
  }

  /**
   * Replaces the topmost Via, e.g. by one with `received` and `rport` (RFC 3581 §4).
   *
   * @param text what it is written as, when it is known and the header field has no other value
   */
  replaceTopVia(top: Via, text?: string): void {
    this.#typed.replaceTopVia(top, text);
  }

  /** The topmost Via. Throws when there is none: the parser lets no such message through. */
  get via(): Via {
    return required(this.#typed.vias?.[0], 'Via');
  }

  get from(): NameAddr {
    return required(this.#typed.from, 'From');
  }

  get to(): NameAddr {
    return required(this.#typed.to, 'To');
  }

  /** False when To is absent or malformed, which happens only in answers to refused requests. */
  get hasUsableTo(): boolean {
    return this.#typed.to !== undefined;
  }

  get fromTag(): string | undefined {
    return tagOf(this.from);
  }

  get toTag(): string | undefined {
    return tagOf(this.to);
  }

  get callId(): string {
    return required(this.#typed.callId, 'Call-ID');
  }

  get cseq(): CSeq {
    return required(this.#typed.cseq, 'CSeq');
  }

  /** Empty when there is none, and for `Contact: *`. */
  get contacts(): readonly NameAddr[] {
    const list = this.#typed.contacts;
    return list?.kind === 'list' ? list.contacts : [];
  }

  /** The first Contact. */
  get contact(): NameAddr | undefined {
    return this.contacts[0];
  }

  /** `Contact: *`, which removes all bindings in a REGISTER with Expires 0 (RFC 3261 §10.2.2). */
  get wildcardContact(): boolean {
    return this.#typed.contacts?.kind === 'all';
  }

  get routes(): readonly NameAddr[] {
    return this.#typed.routes ?? [];
  }

  get recordRoutes(): readonly NameAddr[] {
    return this.#typed.recordRoutes ?? [];
  }

  /** 0 to 255; undefined when absent, as in messages of RFC 2543 elements. */
  get maxForwards(): number | undefined {
    return this.#typed.maxForwards;
  }

  get supported(): readonly string[] {
    return this.#typed.tokens('Supported');
  }

  get require(): readonly string[] {
    return this.#typed.tokens('Require');
  }

  get allow(): readonly string[] {
    return this.#typed.tokens('Allow');
  }

  /** Media type in lower case without parameters, e.g. `application/sdp`. */
  get contentType(): string | undefined {
    const text = this.headers.get('Content-Type');
    if (text === undefined) return undefined;
    const semicolon = text.indexOf(';');
    return (semicolon < 0 ? text : text.slice(0, semicolon)).replace(/\s/g, '').toLowerCase();
  }

  /** The body as text (UTF-8). */
  get text(): string {
    return textFromBytes(this.body);
  }
}

export interface RequestParts {
  readonly method: string;
  readonly uri: SipUri;
  readonly headers: HeaderTable;
  readonly body?: Uint8Array;
  /** Readings that were made already from the same `headers`. */
  readonly typed?: TypedHeaders;
}

export class SipRequest extends MessageBase {
  readonly kind = 'request';
  readonly method: string;
  readonly uri: SipUri;

  constructor(parts: RequestParts) {
    super(parts.headers, parts.body ?? NO_BODY, parts.typed ?? new TypedHeaders(parts.headers));
    this.method = parts.method;
    this.uri = parts.uri;
  }
}

export interface ResponseParts {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderTable;
  readonly body?: Uint8Array;
  readonly typed?: TypedHeaders;
}

export class SipResponse extends MessageBase {
  readonly kind = 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;

  constructor(parts: ResponseParts) {
    super(parts.headers, parts.body ?? NO_BODY, parts.typed ?? new TypedHeaders(parts.headers));
    this.status = parts.status;
    this.reason = parts.reason;
  }
}

export type SipMessage = SipRequest | SipResponse;

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the message has no usable ${name}`);
  return value;
}
