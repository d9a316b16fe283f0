import { isUtf8 } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import type { RawData, WebSocket } from 'ws';
import type { Flow, SendResult } from '../transaction/flow.ts';
import type { Border } from './border.ts';
import { MessageBudget, type ConnectionLimits } from './connection-limits.ts';
import { SocketFlow, type FlowIdentity } from './socket-flow.ts';

export interface WsFlowParts {
  readonly ws: WebSocket;
  readonly border: Border;
  readonly limits: ConnectionLimits;
}

const PONG = '\r\n';
/** How long a closing handshake may take before the socket is cut. */
const CLOSE_HANDSHAKE_MS = 500;
const OPEN = 1;

/** One WebSocket connection: each of its messages is a SIP message (RFC 7118 §5). */
export class WsFlow extends SocketFlow {
  /** Resolves when the socket is gone. */
  readonly gone: Promise<void>;
  readonly #ws: WebSocket;
  readonly #border: Border;
  readonly #limits: ConnectionLimits;
  readonly #budget: MessageBudget;
  readonly #firstMessageTimer: NodeJS.Timeout;
  #answeredPing = true;

  constructor(identity: FlowIdentity, { ws, border, limits }: WsFlowParts) {
    super(identity, border.observer);
    this.#ws = ws;
    this.#border = border;
    this.#limits = limits;
    this.#budget = new MessageBudget(limits.messagesPerSecond, performance.now());
    this.gone = new Promise((resolve) => ws.once('close', () => resolve()));
    this.#firstMessageTimer = setTimeout(() => this.close(), limits.firstMessageMs);
    this.#firstMessageTimer.unref();
    ws.on('message', (data) => this.#receive(data));
    ws.on('pong', () => {
      this.#answeredPing = true;
    });
    ws.on('close', () => this.close());
    // Broken frames and oversized messages end up here; `ws` closes the connection by itself.
    ws.on('error', (error) => this.#failed(error));
  }

  send(bytes: Uint8Array): SendResult {
    if (this.closed || this.#ws.readyState !== OPEN) return 'closed';
    if (this.#ws.bufferedAmount > this.#limits.bufferedBytes) {
      this.#drop('flow-closed', 'peer does not read');
      this.#ws.terminate();
      this.close();
      return 'closed';
    }
    // RFC 7118 §5: a text message must be UTF-8; a body that is not goes as binary.
    this.#ws.send(bytes, { binary: !isUtf8(bytes) }, () => {});
    this.#border.observer.traffic?.('out', this.id, bytes);
    return 'sent';
  }

  towards(): Flow {
    return this;
  }

  /** Asks whether the peer is still there; a peer that did not answer the last time is not. */
  ping(): void {
    if (!this.#answeredPing) {
      this.#ws.terminate();
      this.close();
      return;
    }
    this.#answeredPing = false;
    if (this.#ws.readyState === OPEN) this.#ws.ping();
  }

  protected release(): void {
    clearTimeout(this.#firstMessageTimer);
    this.#ws.close(1000);
    const cut = setTimeout(() => this.#ws.terminate(), CLOSE_HANDSHAKE_MS);
    cut.unref();
    this.#ws.once('close', () => clearTimeout(cut));
  }

  #receive(data: RawData): void {
    if (this.closed) return;
    this.#answeredPing = true;
    clearTimeout(this.#firstMessageTimer);
    if (!this.#budget.take(performance.now())) {
      this.#drop('overload', 'too many messages');
      this.close();
      return;
    }
    const kind = this.#border.takeDatagram(bytesOf(data), this);
    if (kind === 'keep-alive' && this.#ws.readyState === OPEN) this.#ws.send(PONG);
  }

  #failed(error: Error): void {
    this.#drop('malformed', error.message);
    this.close();
  }

  #drop(why: 'flow-closed' | 'overload' | 'malformed', summary: string): void {
    this.#border.observer.dropped?.(why, { flowId: this.id, summary });
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
