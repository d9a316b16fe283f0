import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Listener } from '../transaction/flow.ts';
import { Border, type BorderOptions } from './border.ts';
import {
  ConnectionCount,
  defaultConnectionLimits,
  type ConnectionLimits,
} from './connection-limits.ts';
import type { CertificateSource } from './certificate.ts';
import { flowIds, plainAddress } from './socket-flow.ts';
import { STREAM_SOCKET } from './stream-listener.ts';
import { HANDSHAKE_MS, secureContextOf } from './tls.ts';
import { WsFlow } from './ws-flow.ts';

export interface WsOptions extends BorderOptions {
  /** Path of the upgrade request; default: any. */
  readonly path?: string;
  readonly connectionLimits?: Partial<ConnectionLimits>;
  /** Whether a browser page of that origin may connect; `undefined` for clients that are no browser. Default: all may. */
  readonly allowOrigin?: (origin: string | undefined) => boolean;
  /** Every connection is pinged so often and closed when a ping is not answered until the next; ms, default 25,000. */
  readonly pingEveryMs?: number;
  /** Where a client really is, behind a reverse proxy; default: the connection's peer. */
  readonly clientAddress?: (request: IncomingMessage) => string;
  /** A reverse proxy in front terminates TLS: flows count as WSS. */
  readonly behindTls?: boolean;
}

export interface StandaloneWsOptions extends WsOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Given: the port speaks WSS with them, and takes changes over at once. */
  readonly certificates?: CertificateSource;
}

export interface AttachedWsOptions extends WsOptions {
  /** Upgrade requests for other paths are left to its other listeners. It must be listening. */
  readonly server: HttpServer | HttpsServer;
  readonly path: string;
}

const DEFAULT_PING_EVERY_MS = 25_000;
const SUBPROTOCOL = 'sip';

/** Opens a port of its own for SIP over WebSocket, WSS with certificates (RFC 7118). Rejects when the address cannot be bound. */
export async function openWs(options: StandaloneWsOptions): Promise<Listener> {
  const server = upgradeServer(options.certificates);
  server.headersTimeout = 10_000;
  server.maxConnections =
    options.connectionLimits?.connections ?? defaultConnectionLimits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.address, port: options.port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const listener = new WsListener(server, options, 'refuse');
  return {
    transport: listener.transport,
    address: listener.address,
    port: listener.port,
    get flowCount() {
      return listener.flowCount;
    },
    async close() {
      await listener.close();
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An HTTP server that has nothing to say but "upgrade". */
function upgradeServer(certificates: CertificateSource | undefined): HttpServer | HttpsServer {
  const refuse = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end();
  };
  if (certificates === undefined) return createServer(STREAM_SOCKET, refuse);
  const options = { ...STREAM_SOCKET, handshakeTimeout: HANDSHAKE_MS };
  const server = createHttpsServer({ ...options, ...secureContextOf(certificates) }, refuse);
  const watching = certificates.onChanged(() =>
    server.setSecureContext(secureContextOf(certificates)),
  );
  server.once('close', () => watching.dispose());
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

/** Serves SIP over WebSocket at one path of an HTTP server. Closing the listener leaves the HTTP server alone. */
export function attachWs(options: AttachedWsOptions): Listener {
  return new WsListener(options.server, options, 'leave');
}

class WsListener implements Listener {
  readonly transport: 'ws' | 'wss';
  readonly address: string;
  readonly port: number;
  readonly #server: HttpServer | HttpsServer;
  readonly #options: WsOptions;
  readonly #border: Border;
  readonly #limits: ConnectionLimits;
  readonly #sockets: WebSocketServer;
  readonly #count: ConnectionCount;
  readonly #flows = new Set<WsFlow>();
  readonly #nextId: () => string;
  readonly #pinger: NodeJS.Timeout;
  readonly #otherPaths: 'refuse' | 'leave';
  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    this.#upgrade(request, socket, head);
  #closed = false;

  constructor(
    server: HttpServer | HttpsServer,
    options: WsOptions,
    otherPaths: 'refuse' | 'leave',
  ) {
    const bound = boundAddress(server);
    this.address = bound.address;
    this.port = bound.port;
    this.transport = options.behindTls || 'setSecureContext' in server ? 'wss' : 'ws';
    this.#server = server;
    this.#options = options;
    this.#otherPaths = otherPaths;
    this.#border = new Border(options);
    this.#limits = { ...defaultConnectionLimits, ...options.connectionLimits };
    this.#count = new ConnectionCount(this.#limits);
    this.#nextId = flowIds(this.transport);
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#border.limits.messageBytes,
      handleProtocols: () => SUBPROTOCOL,
    });
    server.on('upgrade', this.#onUpgrade);
    const pingEveryMs = options.pingEveryMs ?? DEFAULT_PING_EVERY_MS;
    this.#pinger = setInterval(() => {
      for (const flow of this.#flows) flow.ping();
    }, pingEveryMs);
    this.#pinger.unref();
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#pinger);
    this.#server.off('upgrade', this.#onUpgrade);
    const gone = [...this.#flows].map((flow) => flow.gone);
    for (const flow of [...this.#flows]) flow.close();
    await Promise.all(gone);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#isOurs(request) && this.#otherPaths === 'leave') return;
    socket.on('error', ignoreError);
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignoreError);
      this.#adopt(ws, request);
    });
  }

  #isOurs(request: IncomingMessage): boolean {
    return this.#options.path === undefined || pathOf(request) === this.#options.path;
  }

  #refusal(request: IncomingMessage): string | undefined {
    if (!this.#isOurs(request)) return '404 Not Found';
    if (!this.#count.hasRoomFor(this.#clientOf(request))) {
      return '503 Service Unavailable';
    }
    const { origin } = request.headers;
    if (this.#options.allowOrigin && !this.#options.allowOrigin(origin)) return '403 Forbidden';
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    // RFC 7118 §4.1: both sides must speak the subprotocol.
    if (!offered.some((name) => name.trim() === SUBPROTOCOL)) return '400 Bad Request';
    return undefined;
  }

  #clientOf(request: IncomingMessage): string {
    return this.#options.clientAddress?.(request) ?? plainAddress(request.socket.remoteAddress);
  }

  #adopt(ws: WebSocket, request: IncomingMessage): void {
    const { socket } = request;
    const remote = {
      address: this.#clientOf(request),
      port: socket.remotePort ?? 0,
    };
    const local = {
      address: plainAddress(socket.localAddress),
      port: socket.localPort ?? this.port,
    };
    const secure = this.#options.behindTls === true || socket instanceof TLSSocket;
    const transport = secure ? 'wss' : 'ws';
    const flow = new WsFlow(
      { id: this.#nextId(), transport, remote, local, secure },
      { ws, border: this.#border, limits: this.#limits },
    );
    this.#flows.add(flow);
    this.#count.add(remote.address);
    flow.onClose(() => {
      this.#flows.delete(flow);
      this.#count.remove(remote.address);
    });
    if (this.#closed) flow.close();
  }
}

const ignoreError = (): void => {};

function boundAddress(server: HttpServer | HttpsServer): AddressInfo {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') {
    throw new Error('the HTTP server must be listening on a port');
  }
  return bound;
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
