import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** The network between phones and a server, as far as TCP goes; it can be cut. Media goes past it. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #whole = true;

  private constructor(to: { readonly port: number }) {
    this.#server = createServer((near) => {
      if (!this.#whole) {
        near.destroy();
        return;
      }
      const far = connect(to.port, '127.0.0.1');
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  static async to(port: number): Promise<Cable> {
    const cable = new Cable({ port });
    await new Promise<void>((ready) => cable.#server.listen(0, '127.0.0.1', ready));
    return cable;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every connection breaks, and no new one comes about. */
  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  #join(from: Socket, into: Socket): void {
    this.#sockets.add(from);
    from.pipe(into);
    from.on('error', () => into.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      into.destroy();
    });
  }
}
