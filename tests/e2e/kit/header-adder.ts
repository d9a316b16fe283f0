import { SipRelay } from './sip-relay.ts';

/**
 * Between a phone and the server: every call that comes in carries one more header, as another telephone system may send it.
 * Whatever else passes as it is.
 */
export class HeaderAdder {
  readonly #relay: SipRelay;
  readonly #line: { header: string | null };

  private constructor(relay: SipRelay, line: { header: string | null }) {
    this.#relay = relay;
    this.#line = line;
  }

  static async before(port: number): Promise<HeaderAdder> {
    const line: { header: string | null } = { header: null };
    const relay: SipRelay = await SipRelay.before(port, (message) => {
      if (message.startsWith('INVITE ') && line.header !== null)
        return message.replace('\r\n', `\r\n${line.header}\r\n`);
      // As a server does that was told its public address.
      return message.replace(
        /^X-Parkline-Api: http:\/\/[^\r\n/]*/m,
        `X-Parkline-Api: http://127.0.0.1:${relay.port}`,
      );
    });
    return new HeaderAdder(relay, line);
  }

  /** `host:port`, as it is typed under Server. */
  get address(): string {
    return `127.0.0.1:${this.#relay.port}`;
  }

  /** The whole line, e.g. `Call-Info: <sip:pbx>;answer-after=0`; `null`: none any more. */
  addToCalls(header: string | null): void {
    this.#line.header = header;
  }

  close(): Promise<void> {
    return this.#relay.close();
  }
}
