import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * Between a phone and the server: every call that comes in carries one more header, as another telephone system may send it.
 * Whatever else passes as it is.
 */
export class HeaderAdder {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    // `sip` in, `sip` out (RFC 7118 §5.1).
    handleProtocols: () => 'sip',
  });
  readonly #target: string;
  #header: string | null = null;

  private constructor(port: number) {
    this.#target = `127.0.0.1:${port}`;
    this.#server = createServer((from, to) => this.#passOn(from, to));
    this.#server.on('upgrade', (from, socket, head) => {
      this.#sockets.handleUpgrade(from, socket, head, (near) => this.#join(near, from));
    });
  }

  static async before(port: number): Promise<HeaderAdder> {
    const adder = new HeaderAdder(port);
    await new Promise<void>((ready) => adder.#server.listen(0, '127.0.0.1', ready));
    return adder;
  }

  /** `host:port`, as it is typed under Server. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The whole line, e.g. `Call-Info: <sip:pbx>;answer-after=0`; `null`: none any more. */
  addToCalls(header: string | null): void {
    this.#header = header;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  #passOn(from: IncomingMessage, to: ServerResponse): void {
    const { method, url, headers } = from;
    const [host, port] = this.#target.split(':');
    const onward = request({ host, port, method, path: url, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  }

  #join(near: WebSocket, { url = '/', headers: { host = '' } }: IncomingMessage): void {
    // The server tells phones where it is by the name under which they came.
    const far = new WebSocket(`ws://${this.#target}${url}`, 'sip', { headers: { host } });
    const early: string[] = [];
    near.on('message', (data) => {
      const text = String(data);
      if (far.readyState === WebSocket.OPEN) far.send(text);
      else early.push(text);
    });
    far.on('open', () => early.splice(0).forEach((text) => far.send(text)));
    far.on('message', (data) => near.send(this.#edited(String(data))));
    near.on('close', () => far.terminate());
    far.on('close', () => near.close());
    far.on('error', () => near.terminate());
  }

  #edited(message: string): string {
    if (message.startsWith('INVITE ') && this.#header !== null)
      return message.replace('\r\n', `\r\n${this.#header}\r\n`);
    // As a server does that was told its public address.
    return message.replace(/^(X-Parkline-Api: http:\/\/)[^\r\n/]*/m, `$1${this.address}`);
  }
}
