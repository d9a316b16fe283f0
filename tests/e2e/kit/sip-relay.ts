import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** What becomes of a message on its way from the server to the phone. */
export type EditMessage = (message: string) => string | Promise<string>;

/** Between a phone and the server: HTTP passes as it is, and so does SIP over WebSocket but for what the server says, which is edited. */
export class SipRelay {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    // `sip` in, `sip` out (RFC 7118 §5.1).
    handleProtocols: () => 'sip',
  });
  readonly #target: string;
  readonly #edit: EditMessage;

  private constructor(port: number, edit: EditMessage) {
    this.#target = `127.0.0.1:${port}`;
    this.#edit = edit;
    this.#server = createServer((from, to) => this.#passOn(from, to));
    this.#server.on('upgrade', (from, socket, head) => {
      this.#sockets.handleUpgrade(from, socket, head, (near) => this.#join(near, from));
    });
  }

  static async before(port: number, edit: EditMessage): Promise<SipRelay> {
    const relay = new SipRelay(port, edit);
    await new Promise<void>((ready) => relay.#server.listen(0, '127.0.0.1', ready));
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
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
    // One after the other, however long an edit takes.
    let before = Promise.resolve();
    far.on('message', (data) => {
      before = before.then(async () => near.send(await this.#edit(String(data))));
    });
    near.on('close', () => far.terminate());
    far.on('close', () => near.close());
    far.on('error', () => near.terminate());
  }
}
