import { randomBytes } from 'node:crypto';
import { headerOf, sipText, tagOf, uriOf, type SipText } from './sip-text.ts';
import type { PhoneConnection } from './wire.ts';

/** Headers by which one PBX is told from another, and that every message of it carries. */
export interface PbxWords {
  readonly domain: string;
  readonly realm: string;
  /** User part of its Contact. */
  readonly contactUser: string;
  /** Further headers of each of its requests, a line each. */
  readonly onRequests: string;
  /** Further headers of each of its responses. */
  readonly onResponses: string;
}

export const newTag = (): string => randomBytes(6).toString('hex');

interface DialogEnds {
  readonly callId: string;
  /** Ours, with its tag. */
  readonly local: string;
  /** The phone's; its tag may still be missing. */
  readonly remote: string;
  /** The phone's Contact. */
  readonly target: string;
}

/** Our side of one dialog with a phone (RFC 3261 §12), or of the INVITE that starts it. */
export class ScriptedDialog {
  readonly #words: PbxWords;
  readonly phone: PhoneConnection;
  readonly callId: string;
  readonly local: string;
  remote: string;
  target: string;
  #cseq = 20_000;

  constructor(
    ends: DialogEnds,
    about: { readonly words: PbxWords; readonly phone: PhoneConnection },
  ) {
    this.callId = ends.callId;
    this.local = ends.local;
    this.remote = ends.remote;
    this.target = ends.target;
    this.phone = about.phone;
    this.#words = about.words;
  }

  /** The dialog that a phone's request starts once it is accepted. */
  static by(
    request: SipText,
    about: { readonly words: PbxWords; readonly phone: PhoneConnection },
  ): ScriptedDialog {
    return new ScriptedDialog(
      {
        callId: headerOf(request, 'Call-ID'),
        local: `${headerOf(request, 'To')};tag=${newTag()}`,
        remote: headerOf(request, 'From'),
        target: uriOf(headerOf(request, 'Contact')),
      },
      about,
    );
  }

  get tag(): string {
    return tagOf(this.local);
  }

  get contact(): string {
    return `<sip:${this.#words.contactUser}@127.0.0.1;transport=ws>`;
  }

  /** The phone's half is known from its first response. */
  confirm(response: SipText): void {
    this.remote = headerOf(response, 'To');
    this.target = uriOf(headerOf(response, 'Contact'));
  }

  /** @returns the request's number, by which its response is known */
  send(method: string, headers: string, body = ''): number {
    this.#cseq += 1;
    this.#write({ method, cseq: this.#cseq, headers, body });
    return this.#cseq;
  }

  /** For the 2xx to that INVITE (RFC 3261 §13.2.2.4). */
  acknowledge(cseq: number): void {
    this.#write({ method: 'ACK', cseq, headers: '', body: '' });
  }

  #write(parts: {
    readonly method: string;
    readonly cseq: number;
    readonly headers: string;
    readonly body: string;
  }): void {
    const { method, cseq, headers, body } = parts;
    this.phone.send(
      sipText(
        `
        ${method} ${this.target} SIP/2.0
        Via: SIP/2.0/WS 127.0.0.1;rport;branch=z9hG4bKPj${newTag()}
        From: ${this.local}
        To: ${this.remote}
        Contact: ${this.contact}
        Call-ID: ${this.callId}
        CSeq: ${cseq} ${method}
        Max-Forwards: 70
        ${headers}
        ${this.#words.onRequests}`,
        body,
      ),
    );
  }
}
