import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';

/** Somebody who answers in a server's place, with a certificate of their own, and writes down everything they are told. */
export class Impostor {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();
  #heard = '';
  #handshakes = 0;

  private constructor(files: { readonly certFile: string; readonly keyFile: string }) {
    this.#server = createServer(
      { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) },
      (socket) => this.#listen(socket),
    );
    // A client that hangs up in the middle of the handshake has understood.
    this.#server.on('tlsClientError', () => (this.#handshakes += 1));
  }

  static async at(
    port: number,
    files: { readonly certFile: string; readonly keyFile: string },
  ): Promise<Impostor> {
    const impostor = new Impostor(files);
    await new Promise<void>((ready) => impostor.#server.listen(port, '127.0.0.1', ready));
    return impostor;
  }

  /** Everything that came after a handshake, decrypted. */
  get heard(): string {
    return this.#heard;
  }

  /** Connections that somebody tried, whether or not they went on. */
  get handshakes(): number {
    return this.#handshakes;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  #listen(socket: TLSSocket): void {
    this.#handshakes += 1;
    this.#sockets.add(socket);
    socket.on('data', (bytes: Buffer) => (this.#heard += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
