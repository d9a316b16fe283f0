import { connect, createServer, type Server, type Socket } from 'node:net';

/** A stretch of network between a phone and the server, which can swallow everything without a word to either side. */
export class Relay {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #state: { vanished: boolean };

  static async open(serverPort: number): Promise<Relay> {
    const sockets = new Set<Socket>();
    const state = { vanished: false };
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ host: '127.0.0.1', port: serverPort, allowHalfOpen: true });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('data', (bytes) => void (state.vanished || to.write(bytes)));
        from.on('end', () => void (state.vanished || to.end()));
        from.on('error', () => from.destroy());
        from.on('close', () => void (state.vanished || to.destroy()));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Relay(server, sockets, state);
  }

  private constructor(server: Server, sockets: Set<Socket>, state: { vanished: boolean }) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.port = address.port;
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
  }

  /** From now on nothing comes through, not even that a side has closed. */
  vanish(): void {
    this.#state.vanished = true;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
