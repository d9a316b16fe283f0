import type { Server, Socket } from 'node:net';
import type { Listener } from '../transaction/flow.ts';
import { Border, type BorderOptions } from './border.ts';
import {
  ConnectionCount,
  defaultConnectionLimits,
  type ConnectionLimits,
} from './connection-limits.ts';
import { flowIds, plainAddress } from './socket-flow.ts';
import { StreamFlow } from './stream-flow.ts';

export interface StreamListenerOptions extends BorderOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  readonly connectionLimits?: Partial<ConnectionLimits>;
  /** How peers reach us, when that is not the address they connected to: goes into Via and Contact. */
  readonly advertise?: { readonly address: string; readonly port?: number };
}

/**
 * After so long a silence the system asks whether the other machine is still there, and closes the connection about ten seconds later
 * when it is not: a peer that lost its power or its network says no goodbye.
 */
const PROBE_AFTER_MS = 25_000;

/** Socket options of every stream we take or make. */
export const STREAM_SOCKET = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: PROBE_AFTER_MS,
} as const;

/** Binds a TCP or TLS server. Rejects when the address cannot be bound. */
export async function listenOn(server: Server, options: StreamListenerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.address, port: options.port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** An open door for streams: counts connections before anything is read of them, so that handshakes count too. */
export class StreamListener implements Listener {
  readonly transport: 'tcp' | 'tls';
  readonly address: string;
  readonly port: number;
  readonly #server: Server;
  readonly #border: Border;
  readonly #options: StreamListenerOptions;
  readonly #limits: ConnectionLimits;
  readonly #count: ConnectionCount;
  readonly #sockets = new Set<Socket>();
  readonly #flows = new Set<StreamFlow>();
  readonly #nextId: () => string;
  #closing: Promise<void> | undefined;

  /** @param server it must be listening */
  constructor(server: Server, transport: 'tcp' | 'tls', options: StreamListenerOptions) {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('not bound to a port');
    this.transport = transport;
    this.address = bound.address;
    this.port = bound.port;
    this.#server = server;
    this.#options = options;
    this.#border = new Border(options);
    this.#limits = { ...defaultConnectionLimits, ...options.connectionLimits };
    this.#count = new ConnectionCount(this.#limits);
    this.#nextId = flowIds(transport);
    server.on('connection', (socket: Socket) => this.#admit(socket));
    if (transport === 'tls') server.on('secureConnection', (socket: Socket) => this.#adopt(socket));
    // A handshake that fails is the peer's business; its socket is closed by node.
    server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
    server.on('error', (error) => this.#border.observer.callbackFailed?.(error));
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#server.close(() => resolve()));
    for (const flow of [...this.#flows]) flow.close();
    // Handshakes under way have no flow that could end them.
    const cut = setTimeout(() => this.#sockets.forEach((socket) => socket.destroy()), 500);
    return this.#closing.finally(() => clearTimeout(cut));
  }

  #admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress);
    // Without a listener of our own, an early reset would end the process.
    socket.on('error', () => socket.destroy());
    if (this.#closing || !this.#count.hasRoomFor(address)) {
      this.#border.observer.dropped?.('overload', {
        flowId: this.transport,
        summary: 'no room for another connection',
      });
      socket.destroy();
      return;
    }
    this.#count.add(address);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#count.remove(address);
      this.#sockets.delete(socket);
    });
    if (this.transport === 'tcp') this.#adopt(socket);
  }

  #adopt(socket: Socket): void {
    if (this.#closing || socket.destroyed) {
      socket.destroy();
      return;
    }
    const { advertise } = this.#options;
    const identity = {
      id: this.#nextId(),
      transport: this.transport,
      remote: { address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
      local: {
        address: advertise?.address ?? plainAddress(socket.localAddress),
        port: advertise?.port ?? socket.localPort ?? this.port,
      },
      secure: this.transport === 'tls',
    };
    const flow = new StreamFlow(identity, { socket, border: this.#border, limits: this.#limits });
    this.#flows.add(flow);
    flow.onClose(() => this.#flows.delete(flow));
  }
}
