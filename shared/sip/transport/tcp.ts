import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { MessageFramer } from '../message/message-framer.ts';
import type { Flow, Listener, SendResult } from '../transaction/flow.ts';
import { Border, type BorderOptions } from './border.ts';
import {
  ConnectionCount,
  defaultConnectionLimits,
  MessageBudget,
  type ConnectionLimits,
} from './connection-limits.ts';
import { flowIds, plainAddress, SocketFlow, type FlowIdentity } from './socket-flow.ts';

export interface TcpOptions extends BorderOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  readonly connectionLimits?: Partial<ConnectionLimits>;
}

/** Opens a port for SIP over TCP (RFC 3261 §18). Rejects when the address cannot be bound. */
export async function openTcp(options: TcpOptions): Promise<Listener> {
  const server = createServer({ noDelay: true, keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.address, port: options.port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return new TcpListener(server, options);
}

class TcpListener implements Listener {
  readonly transport = 'tcp';
  readonly address: string;
  readonly port: number;
  readonly #server: Server;
  readonly #border: Border;
  readonly #limits: ConnectionLimits;
  readonly #count: ConnectionCount;
  readonly #flows = new Set<StreamFlow>();
  readonly #nextId = flowIds('tcp');
  #closing: Promise<void> | undefined;

  constructor(server: Server, options: TcpOptions) {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('not bound to a port');
    this.address = bound.address;
    this.port = bound.port;
    this.#server = server;
    this.#border = new Border(options);
    this.#limits = { ...defaultConnectionLimits, ...options.connectionLimits };
    this.#count = new ConnectionCount(this.#limits);
    server.on('connection', (socket) => this.#adopt(socket));
    server.on('error', (error) => this.#border.observer.callbackFailed?.(error));
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#server.close(() => resolve()));
    for (const flow of [...this.#flows]) flow.close();
    return this.#closing;
  }

  #adopt(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress);
    if (this.#closing || !this.#count.hasRoomFor(address)) {
      socket.destroy();
      return;
    }
    const identity = {
      id: this.#nextId(),
      transport: 'tcp',
      remote: { address, port: socket.remotePort ?? 0 },
      local: {
        address: plainAddress(socket.localAddress),
        port: socket.localPort ?? this.port,
      },
      secure: false,
    } as const;
    const flow = new StreamFlow(identity, {
      socket,
      border: this.#border,
      limits: this.#limits,
    });
    this.#flows.add(flow);
    this.#count.add(address);
    flow.onClose(() => {
      this.#flows.delete(flow);
      this.#count.remove(address);
    });
  }
}

export interface StreamFlowParts {
  readonly socket: Socket;
  readonly border: Border;
  readonly limits: ConnectionLimits;
}

const PONG = '\r\n';
/** How long the last bytes may take to leave. */
const FLUSH_MS = 500;

/** One stream connection: SIP messages one after the other, cut by Content-Length (RFC 3261 §18.3). */
export class StreamFlow extends SocketFlow {
  readonly #socket: Socket;
  readonly #border: Border;
  readonly #limits: ConnectionLimits;
  readonly #framer: MessageFramer;
  readonly #budget: MessageBudget;
  readonly #firstMessageTimer: NodeJS.Timeout;

  constructor(identity: FlowIdentity, { socket, border, limits }: StreamFlowParts) {
    super(identity, border.observer);
    this.#socket = socket;
    this.#border = border;
    this.#limits = limits;
    this.#framer = new MessageFramer(border.limits);
    this.#budget = new MessageBudget(limits.messagesPerSecond, performance.now());
    this.#firstMessageTimer = setTimeout(() => this.close(), limits.firstMessageMs);
    this.#firstMessageTimer.unref();
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('close', () => this.close());
    socket.on('error', () => this.close());
  }

  send(bytes: Uint8Array): SendResult {
    if (this.closed || !this.#socket.writable) return 'closed';
    if (this.#socket.writableLength > this.#limits.bufferedBytes) {
      this.#drop('flow-closed', 'peer does not read');
      this.close();
      return 'closed';
    }
    this.#socket.write(bytes);
    this.#border.observer.traffic?.('out', this.id, bytes);
    return 'sent';
  }

  towards(): Flow {
    return this;
  }

  protected release(): void {
    clearTimeout(this.#firstMessageTimer);
    this.#socket.destroySoon();
    // What a peer does not take in time is lost: a closed flow must not hold its socket.
    const cut = setTimeout(() => this.#socket.destroy(), FLUSH_MS);
    cut.unref();
    this.#socket.once('close', () => clearTimeout(cut));
  }

  #receive(bytes: Buffer): void {
    if (this.closed) return;
    this.#border.observer.traffic?.('in', this.id, bytes);
    for (const outcome of this.#framer.push(bytes)) {
      if (!this.#budget.take(performance.now())) {
        this.#drop('overload', 'too many messages');
        return this.close();
      }
      if (outcome.kind === 'ping') {
        this.#socket.write(PONG);
        continue;
      }
      if (outcome.kind !== 'discard') clearTimeout(this.#firstMessageTimer);
      this.#border.take(outcome, this);
      if (outcome.kind !== 'message' && outcome.close) return this.close();
    }
  }

  #drop(why: 'flow-closed' | 'overload', summary: string): void {
    this.#border.observer.dropped?.(why, { flowId: this.id, summary });
  }
}
