import { createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:tls';

/** Takes TCP from a peer that has no TLS of its own and speaks TLS to the server for it, as a proxy beside the peer would. */
export class TlsRelay {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  /** @param trusted the server's certificate, PEM */
  static async open(serverPort: number, trusted: Buffer): Promise<TlsRelay> {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect({ host: '127.0.0.1', port: serverPort, ca: trusted });
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => (near.destroy(), far.destroy()));
      }
      near.on('data', (bytes) => far.write(spokenByTls(bytes), 'latin1'));
      far.pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsRelay(server, sockets);
  }

  private constructor(server: Server, sockets: Set<Socket>) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.port = address.port;
    this.#server = server;
    this.#sockets = sockets;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Via and Contact name the transport that the server sees; both names are of the same length. */
function spokenByTls(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll('SIP/2.0/TCP ', 'SIP/2.0/TLS ')
    .replaceAll(';transport=TCP', ';transport=TLS');
}
