import { Cable } from './cable.ts';
import { MediaRelay } from './media-relay.ts';
import { SipRelay } from './sip-relay.ts';

/**
 * A phone's network, with its signalling and its sound, which can give way to another: what went by the old address dies in
 * silence, what comes by the new one passes.
 */
export class MovingNetwork {
  readonly #end: { port: number };
  readonly #cable: Cable;
  readonly #media = new MediaRelay();
  #relay: SipRelay | undefined;

  private constructor(cable: Cable, end: { port: number }) {
    this.#cable = cable;
    this.#end = end;
  }

  static async open(): Promise<MovingNetwork> {
    const end = { port: 0 };
    return new MovingNetwork(await Cable.to(end), end);
  }

  /** Where the server is, for a phone in this network. */
  get origin(): string {
    return this.#cable.origin;
  }

  /** @param httpPort of a server whose public URL is `origin` */
  async leadTo(httpPort: number): Promise<void> {
    this.#relay = await SipRelay.before(httpPort, (message) => this.#throughRelay(message));
    this.#end.port = this.#relay.port;
  }

  /** The phone is somewhere else from now on. */
  move(): void {
    this.#cable.silence();
    this.#media.silenceFlows();
    this.#cable.mend();
  }

  async close(): Promise<void> {
    await this.#cable.close();
    await this.#relay?.close();
    await this.#media.close();
  }

  /** The server's candidates (RFC 8839 §5.1) are those of the relay. */
  async #throughRelay(message: string): Promise<string> {
    const [head = '', ...rest] = message.split('\r\n\r\n');
    const body = rest.join('\r\n\r\n');
    const places = [...body.matchAll(/^(a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 )(\d+)/gim)];
    let edited = body;
    for (const [whole, before = '', port] of places)
      edited = edited.replace(whole, `${before}${await this.#media.portFor(Number(port))}`);
    const length = `Content-Length: ${Buffer.byteLength(edited)}`;
    return `${head.replace(/^Content-Length: *\d+/im, length)}\r\n\r\n${edited}`;
  }
}
