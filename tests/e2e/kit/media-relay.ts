import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

const LOOPBACK = '127.0.0.1';

/** One client's way through the relay. */
interface Flow {
  readonly far: Socket;
  dead: boolean;
}

/** The UDP between phones and a server: each port of the server's has one here, and flows can die in silence. */
export class MediaRelay {
  /** By the server's port. */
  readonly #near = new Map<number, Promise<Socket>>();
  readonly #flows = new Map<string, Flow>();

  /** What a phone that sends there reaches is `serverPort`. */
  async portFor(serverPort: number): Promise<number> {
    const known = this.#near.get(serverPort) ?? this.#open(serverPort);
    this.#near.set(serverPort, known);
    return (await known).address().port;
  }

  /** Nothing passes any more by the ways that there are, and nobody is told; others pass. */
  silenceFlows(): void {
    for (const flow of this.#flows.values()) flow.dead = true;
  }

  async close(): Promise<void> {
    for (const { far } of this.#flows.values()) far.close();
    for (const near of this.#near.values()) (await near).close();
  }

  async #open(serverPort: number): Promise<Socket> {
    const near = createSocket('udp4');
    near.on('message', (packet, client) => {
      const flow = this.#flowOf(near, client, serverPort);
      if (!flow.dead) flow.far.send(packet, serverPort, LOOPBACK);
    });
    await new Promise<void>((ready) => near.bind(0, LOOPBACK, ready));
    return near;
  }

  #flowOf(near: Socket, client: RemoteInfo, serverPort: number): Flow {
    const key = `${client.address} ${client.port} ${serverPort}`;
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    const flow: Flow = { far: createSocket('udp4'), dead: false };
    flow.far.on('message', (packet) => {
      if (!flow.dead) near.send(packet, client.port, client.address);
    });
    this.#flows.set(key, flow);
    return flow;
  }
}
