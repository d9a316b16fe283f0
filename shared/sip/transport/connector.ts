import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls } from 'node:tls';
import type { Flow, SocketAddress } from '../transaction/flow.ts';
import { Border, type BorderOptions } from './border.ts';
import { defaultConnectionLimits, type ConnectionLimits } from './connection-limits.ts';
import { flowIds } from './socket-flow.ts';
import { StreamFlow } from './stream-flow.ts';
import { STREAM_SOCKET } from './stream-listener.ts';

export interface ConnectorOptions extends BorderOptions {
  readonly connectionLimits?: Partial<ConnectionLimits>;
  /** Certificates to trust, PEM; default: those that come with Node. */
  readonly trusted?: string;
}

export interface Destination {
  readonly transport: 'tcp' | 'tls';
  readonly remote: SocketAddress;
  /** Our address and listening port as the peer should know them: Via and Contact. */
  readonly local: SocketAddress;
  /** TLS: the name the certificate must be for; default: the address. */
  readonly serverName?: string;
  /** How long connecting may take; ms, default 5,000. */
  readonly connectMs?: number;
}

const DEFAULT_CONNECT_MS = 5_000;
/** How long an address that refused a connection is not asked again. */
const REMEMBER_REFUSAL_MS = 600_000;
const MAX_REFUSALS = 10_000;

/**
 * Connections that begin with us, one per destination, used again while they are open (RFC 3261 §18.1.1). A flow can be written to at
 * once: what is sent waits for the connection. When there is none to be had, the flow closes.
 */
export class StreamConnector {
  readonly #options: ConnectorOptions;
  readonly #border: Border;
  readonly #limits: ConnectionLimits;
  readonly #flows = new Map<string, StreamFlow>();
  /** When each destination refused, oldest first. */
  readonly #refusals = new Map<string, number>();
  readonly #nextId = { tcp: flowIds('tcp'), tls: flowIds('tls') };
  #closed = false;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#border = new Border(options);
    // We spoke first: the peer owes nothing until it answers, and what nobody uses goes soon.
    this.#limits = {
      ...defaultConnectionLimits,
      firstMessageMs: 64_000,
      idleMs: 300_000,
      ...options.connectionLimits,
    };
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  /** The connection to that destination: an open one, or a new one. Undefined when there are too many, or none any more. */
  flowTo(destination: Destination): Flow | undefined {
    const key = keyOf(destination);
    const open = this.#flows.get(key);
    if (open) return open;
    if (this.#closed || this.#flows.size >= this.#limits.connections) return undefined;
    return this.#open(destination, key);
  }

  /** The destination did not take a connection in the last ten minutes. */
  refusedLately(destination: Pick<Destination, 'transport' | 'remote' | 'serverName'>): boolean {
    const at = this.#refusals.get(keyOf(destination));
    return at !== undefined && performance.now() - at < REMEMBER_REFUSAL_MS;
  }

  /** Closes every connection. Harmless twice. */
  close(): void {
    this.#closed = true;
    for (const flow of [...this.#flows.values()]) flow.close();
  }

  #open(destination: Destination, key: string): StreamFlow {
    const { transport, remote, local, connectMs = DEFAULT_CONNECT_MS } = destination;
    const socket = this.#connect(destination);
    const id = this.#nextId[transport]();
    const flow = new StreamFlow(
      { id, transport, remote, local, secure: transport === 'tls' },
      { socket, border: this.#border, limits: this.#limits },
    );
    this.#flows.set(key, flow);
    let connected = false;
    const late = setTimeout(() => socket.destroy(), connectMs);
    late.unref();
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => {
      connected = true;
      clearTimeout(late);
      this.#refusals.delete(key);
    });
    flow.onClose(() => {
      clearTimeout(late);
      this.#flows.delete(key);
      if (!connected && !this.#closed) this.#remember(key);
    });
    return flow;
  }

  #connect({ transport, remote, serverName }: Destination): Socket {
    const options = { host: remote.address, port: remote.port, ...STREAM_SOCKET };
    if (transport === 'tcp') return connectTcp(options);
    const name = serverName ?? remote.address;
    return connectTls({
      ...options,
      minVersion: 'TLSv1.2',
      // RFC 6066 §3: an address is no name to ask for; it is still checked against the certificate.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(this.#options.trusted === undefined ? {} : { ca: this.#options.trusted }),
    });
  }

  #remember(key: string): void {
    this.#refusals.delete(key);
    this.#refusals.set(key, performance.now());
    for (const oldest of this.#refusals.keys()) {
      if (this.#refusals.size <= MAX_REFUSALS) return;
      this.#refusals.delete(oldest);
    }
  }
}

function keyOf({
  transport,
  remote,
  serverName,
}: Pick<Destination, 'transport' | 'remote' | 'serverName'>): string {
  return `${transport} ${remote.address} ${remote.port} ${serverName ?? ''}`;
}
