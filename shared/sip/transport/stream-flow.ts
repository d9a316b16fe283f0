import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { MessageFramer, type FramedOutcome } from '../message/message-framer.ts';
import type { Flow, SendResult } from '../transaction/flow.ts';
import type { Border } from './border.ts';
import { MessageBudget, type ConnectionLimits } from './connection-limits.ts';
import { SocketFlow, type FlowIdentity } from './socket-flow.ts';

export interface StreamFlowParts {
  /** TCP or TLS; it may still be connecting: what is sent meanwhile waits. */
  readonly socket: Socket;
  readonly border: Border;
  readonly limits: ConnectionLimits;
}

const PONG = new TextEncoder().encode('\r\n');
/** How long the last bytes may take to leave. */
const FLUSH_MS = 500;

/** One stream connection: SIP messages one after the other, cut by Content-Length (RFC 3261 §18.3). */
export class StreamFlow extends SocketFlow {
  readonly #socket: Socket;
  readonly #border: Border;
  readonly #limits: ConnectionLimits;
  readonly #framer: MessageFramer;
  readonly #budget: MessageBudget;
  #firstMessageTimer: NodeJS.Timeout | undefined;
  #partialTimer: NodeJS.Timeout | undefined;
  #stalledTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;
  #heardAt = performance.now();

  constructor(identity: FlowIdentity, { socket, border, limits }: StreamFlowParts) {
    super(identity, border.observer);
    this.#socket = socket;
    this.#border = border;
    this.#limits = limits;
    this.#framer = new MessageFramer(border.limits);
    this.#budget = new MessageBudget(limits.messagesPerSecond, performance.now());
    this.#firstMessageTimer = this.#closeAfter(limits.firstMessageMs, 'nothing was said');
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('close', () => this.close());
    socket.on('error', () => this.close());
    socket.on('drain', () => this.#drained());
    socket.setTimeout(limits.idleMs, () => this.#cut('idle'));
  }

  send(bytes: Uint8Array): SendResult {
    if (!this.#write(bytes)) return 'closed';
    this.#border.observer.traffic?.('out', this.id, bytes);
    return 'sent';
  }

  towards(): Flow {
    return this;
  }

  closeWhenSilentFor(ms: number): void {
    clearTimeout(this.#silenceTimer);
    const leftMs = this.#heardAt + ms - performance.now();
    if (this.closed) return;
    if (leftMs <= 0) return this.#cut('no sign of life');
    // One timer, set anew for what is left when it fires: what is heard only notes the time.
    this.#silenceTimer = setTimeout(() => this.closeWhenSilentFor(ms), Math.ceil(leftMs));
    this.#silenceTimer.unref();
  }

  protected release(): void {
    clearTimeout(this.#firstMessageTimer);
    clearTimeout(this.#partialTimer);
    clearTimeout(this.#stalledTimer);
    clearTimeout(this.#silenceTimer);
    this.#socket.setTimeout(0);
    this.#socket.destroySoon();
    // What a peer does not take in time is lost: a closed flow must not hold its socket.
    const cut = setTimeout(() => this.#socket.destroy(), FLUSH_MS);
    cut.unref();
    this.#socket.once('close', () => clearTimeout(cut));
  }

  #receive(bytes: Buffer): void {
    if (this.closed) return;
    this.#heardAt = performance.now();
    this.#border.observer.traffic?.('in', this.id, bytes);
    let corked = false;
    try {
      this.#framer.pushEach(bytes, (outcome, more) => {
        // The answers to what came together leave together.
        if (more && !corked) this.#socket.cork();
        corked ||= more;
        this.#take(outcome);
        return !this.closed;
      });
    } finally {
      if (corked) this.#socket.uncork();
    }
    if (!this.closed) this.#watchPartial();
  }

  #take(outcome: FramedOutcome): void {
    if (!this.#budget.take(performance.now())) return this.#drop('overload', 'too many messages');
    // RFC 5626 §4.4.1: a double line break asks whether we are there.
    if (outcome.kind === 'ping') {
      this.#write(PONG);
      return;
    }
    if (outcome.kind !== 'discard') this.#hasSpoken();
    this.#restartPartial();
    this.#border.take(outcome, this);
    if (outcome.kind !== 'message' && outcome.close) this.close();
  }

  #hasSpoken(): void {
    if (this.#firstMessageTimer === undefined) return;
    clearTimeout(this.#firstMessageTimer);
    this.#firstMessageTimer = undefined;
  }

  #write(bytes: Uint8Array): boolean {
    if (this.closed || !this.#socket.writable) return false;
    if (this.#socket.writableLength > this.#limits.bufferedBytes) {
      this.#cut('peer does not read');
      return false;
    }
    if (!this.#socket.write(bytes)) {
      this.#stalledTimer ??= this.#closeAfter(this.#limits.stalledMs, 'peer does not read');
    }
    return true;
  }

  #drained(): void {
    clearTimeout(this.#stalledTimer);
    this.#stalledTimer = undefined;
  }

  /** The clock of an unfinished message runs from its first piece, however many follow. */
  #watchPartial(): void {
    if (this.#framer.pending === 0) return this.#restartPartial();
    this.#partialTimer ??= this.#closeAfter(this.#limits.partialMessageMs, 'unfinished message');
  }

  #restartPartial(): void {
    if (this.#partialTimer === undefined) return;
    clearTimeout(this.#partialTimer);
    this.#partialTimer = undefined;
  }

  #closeAfter(delayMs: number, summary: string): NodeJS.Timeout {
    const timer = setTimeout(() => this.#cut(summary), delayMs);
    timer.unref();
    return timer;
  }

  #cut(summary: string): void {
    if (this.closed) return;
    this.#border.observer.dropped?.('flow-closed', { flowId: this.id, summary });
    this.close();
  }

  #drop(why: 'overload', summary: string): void {
    this.#border.observer.dropped?.(why, { flowId: this.id, summary });
    this.close();
  }
}
