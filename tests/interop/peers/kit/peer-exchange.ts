import { join } from 'node:path';
import { createEmbeddedMediaEngine } from '../../../../shared/media/embedded/create-embedded-engine.ts';
import type { MediaEngine } from '../../../../shared/media/engine.ts';
import { silentLogger } from '../../../../shared/server/log.ts';
import { createParkServer } from '../../../../shared/server/main.ts';
import type { ParkServer } from '../../../../shared/server/park-server.ts';
import type { ParkedCallView } from '../../../../shared/server/ports/call-control.ts';
import { TestCertificate } from '../../../fakes/test-certificate.ts';
import {
  addUsers,
  loopbackConfig,
  portOf,
  removeDirectory,
  temporaryDirectory,
} from '../../kit/park-server.ts';

export type PeerTransport = 'udp' | 'tcp' | 'tls';

/** The tone that stands for hold music here, in Hz. */
export const MUSIC_HZ = 1_000;

interface Peer {
  close(): Promise<void> | void;
}

/** A whole server with real media on loopback, and the independent phones that a test signs in to it. */
export class PeerExchange {
  readonly server: ParkServer;
  /** Where the peers keep their files. */
  readonly directory: string;
  readonly #certificate: TestCertificate;
  readonly #peers: Peer[] = [];
  #homes = 0;

  static async start(extensions: readonly string[]): Promise<PeerExchange> {
    const directory = temporaryDirectory();
    const certificate = new TestCertificate('localhost');
    const config = loopbackConfig(join(directory, 'data'));
    const server = await createParkServer(
      {
        ...config,
        listen: [
          ...config.listen,
          { transport: 'tls', address: '127.0.0.1', port: 0 },
          { transport: 'wss', address: '127.0.0.1', port: 0 },
        ],
        tls: { certFile: certificate.certFile, keyFile: certificate.keyFile },
      },
      { loggers: () => silentLogger, media: await realMedia() },
    );
    addUsers(server, ...extensions);
    return new PeerExchange(server, directory, certificate);
  }

  private constructor(server: ParkServer, directory: string, certificate: TestCertificate) {
    this.server = server;
    this.directory = directory;
    this.#certificate = certificate;
  }

  port(transport: PeerTransport | 'ws' | 'wss'): number {
    return portOf(this.server, transport);
  }

  /** The certificate that a peer is to trust. */
  get trustedFile(): string {
    return this.#certificate.certFile;
  }

  /** `host:port` of the server's door for that transport. */
  door(transport: PeerTransport): string {
    return `127.0.0.1:${this.port(transport)}`;
  }

  /** A directory for one more peer. */
  home(name: string): string {
    this.#homes += 1;
    return join(this.directory, `${name}-${this.#homes}`);
  }

  /** Keeps a peer, to be closed before the server is. */
  add<T extends Peer>(peer: T): T {
    this.#peers.push(peer);
    return peer;
  }

  get parkedCalls(): readonly ParkedCallView[] {
    return this.server.directory.tenants().flatMap(({ id }) => this.server.calls.parkedCalls(id));
  }

  async close(): Promise<void> {
    for (const peer of this.#peers.splice(0).reverse()) await peer.close();
    await this.server.close({ graceMs: 0 });
    removeDirectory(this.directory);
  }
}

async function realMedia(): Promise<MediaEngine> {
  const rate = 48_000;
  const samples = Int16Array.from({ length: rate }, (_, index) =>
    Math.round(9_000 * Math.sin((2 * Math.PI * MUSIC_HZ * index) / rate)),
  );
  const made = await createEmbeddedMediaEngine({
    addresses: [{ bind: '127.0.0.1' }],
    holdMusic: { rate, samples },
  });
  if (!made.ok) throw new Error(made.error.reason);
  return made.value;
}
