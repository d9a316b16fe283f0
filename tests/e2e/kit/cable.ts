import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** The network between phones and a server, as far as TCP goes; it can be cut. Media goes past it. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What a silence has killed: its ends are told nothing, whatever becomes of the cable. */
  readonly #dead = new Set<Socket>();
  #state: 'whole' | 'cut' | 'silent' = 'whole';

  private constructor(to: { readonly port: number }) {
    this.#server = createServer((near) => {
      near.on('error', () => near.destroy());
      if (this.#state === 'cut') {
        near.destroy();
        return;
      }
      // Nobody answers, and nobody refuses.
      if (this.#state === 'silent') {
        this.#dead.add(near);
        return;
      }
      const far = connect(to.port, '127.0.0.1');
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  /** @param end a port, or something that will know it by the time somebody connects */
  static async to(end: number | { readonly port: number }): Promise<Cable> {
    const cable = new Cable(typeof end === 'number' ? { port: end } : end);
    await new Promise<void>((ready) => cable.#server.listen(0, '127.0.0.1', ready));
    return cable;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every connection breaks, and no new one comes about. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of [...this.#sockets, ...this.#dead]) socket.destroy();
    this.#dead.clear();
  }

  /** Nothing passes any more, and neither end is told: as when a machine sleeps, or a router forgets. */
  silence(): void {
    this.#state = 'silent';
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.removeAllListeners('close');
      socket.pause();
      this.#dead.add(socket);
    }
    this.#sockets.clear();
  }

  /** New connections pass again. */
  mend(): void {
    this.#state = 'whole';
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
