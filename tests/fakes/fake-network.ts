import type { SipMessage } from '../../shared/sip/message/message.ts';
import { parseMessage } from '../../shared/sip/message/parse-message.ts';
import { disposable, type Disposable } from '../../shared/sip/transaction/disposable.ts';
import type {
  Flow,
  MessageReceiver,
  SendResult,
  SocketAddress,
  TransportName,
} from '../../shared/sip/transaction/flow.ts';
import type { FakeClock } from './fake-clock.ts';

/** A message that was handed to a flow, whether it arrived or not. */
export interface Sent {
  /** Since the network was made. */
  readonly atMs: number;
  readonly from: string;
  readonly message: SipMessage;
}

export interface FakeNetworkOptions {
  /** One way; default 1 ms. */
  readonly latencyMs?: number;
  /** How many copies of a message arrive: 0 loses it, 2 doubles it. Connections always deliver one. Default: 1. */
  readonly copies?: (sent: Sent) => number;
  /** What becomes of a message that cannot be parsed again; `lose` for tests that make the stack echo nonsense. Default: `throw`. */
  readonly unreadable?: 'throw' | 'lose';
  /** Extra delay of a copy, for reordering; datagrams only. Default: 0. */
  readonly jitterMs?: (sent: Sent) => number;
}

export interface Link {
  /** The first side's flow to the second. */
  readonly here: FakeFlow;
  /** The second side's flow to the first. */
  readonly there: FakeFlow;
}

/** Endpoints in virtual time: whatever is sent is parsed again from its bytes on arrival, as on a real wire. */
export class FakeNetwork {
  readonly sent: Sent[] = [];
  copies: (sent: Sent) => number;
  readonly #clock: FakeClock;
  readonly #latencyMs: number;
  readonly #jitterMs: (sent: Sent) => number;
  readonly #startedAt: number;
  readonly #unreadable: 'throw' | 'lose';
  readonly #silent = new Set<FakeFlow>();
  #links = 0;

  constructor(clock: FakeClock, options: FakeNetworkOptions = {}) {
    this.#clock = clock;
    this.#latencyMs = options.latencyMs ?? 1;
    this.copies = options.copies ?? (() => 1);
    this.#jitterMs = options.jitterMs ?? (() => 0);
    this.#startedAt = clock.now();
    this.#unreadable = options.unreadable ?? 'throw';
  }

  /** Joins two receivers by a pair of flows; `here` belongs to the first. */
  link(first: MessageReceiver, second: MessageReceiver, transport: TransportName = 'udp'): Link {
    const n = ++this.#links;
    const a = { address: `192.0.2.${n}`, port: 5060 };
    const b = { address: `198.51.100.${n}`, port: 5060 };
    const here = new FakeFlow(this, { id: `${n}a`, transport, local: a, remote: b });
    const there = new FakeFlow(this, { id: `${n}b`, transport, local: b, remote: a });
    here.joinTo(there, second);
    there.joinTo(here, first);
    return { here, there };
  }

  /** `METHOD` or `STATUS METHOD` of everything sent from a flow, with times when `withTimes`. */
  script(from: FakeFlow, options: { readonly withTimes?: boolean } = {}): string[] {
    return this.sent
      .filter((sent) => sent.from === from.id)
      .map(({ atMs, message }) => (options.withTimes ? `${atMs} ` : '') + summaryOf(message));
  }

  /** What is sent by that flow from now on is taken and goes nowhere: a connection that is still being made. */
  silence(from: FakeFlow): void {
    this.#silent.add(from);
  }

  carry(from: FakeFlow, bytes: Uint8Array): void {
    if (this.#silent.has(from)) return;
    const message = read(bytes);
    if (message === undefined) {
      if (this.#unreadable === 'lose') return;
      throw new Error('the stack sent what it cannot read');
    }
    const sent = { atMs: this.#clock.now() - this.#startedAt, from: from.id, message };
    this.sent.push(sent);
    const copies = from.reliable ? 1 : this.copies(sent);
    for (let copy = 0; copy < copies; copy++) {
      const jitterMs = from.reliable ? 0 : this.#jitterMs(sent);
      this.#clock.after(this.#latencyMs + jitterMs, () => from.arrive(read(bytes) ?? message));
    }
  }
}

export interface FakeFlowParts {
  readonly id: string;
  readonly transport: TransportName;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
}

export class FakeFlow implements Flow {
  readonly id: string;
  readonly transport: TransportName;
  readonly reliable: boolean;
  readonly secure = false;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  closed = false;
  readonly #network: FakeNetwork;
  readonly #closeListeners = new Set<() => void>();
  #peer: FakeFlow | undefined;
  #receiver: MessageReceiver | undefined;

  constructor(network: FakeNetwork, parts: FakeFlowParts) {
    this.#network = network;
    this.id = parts.id;
    this.transport = parts.transport;
    this.reliable = parts.transport !== 'udp';
    this.local = parts.local;
    this.remote = parts.remote;
  }

  joinTo(peer: FakeFlow, receiver: MessageReceiver): void {
    this.#peer = peer;
    this.#receiver = receiver;
  }

  send(bytes: Uint8Array): SendResult {
    if (this.closed) return 'closed';
    this.#network.carry(this, bytes);
    return 'sent';
  }

  /** Somebody waits for its end. */
  get watched(): boolean {
    return this.#closeListeners.size > 0;
  }

  /** What was sent by this flow comes out at the other end. */
  arrive(message: SipMessage): void {
    if (this.#peer && !this.#peer.closed) this.#receiver?.receive(message, this.#peer);
  }

  /** Both ends are gone. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    for (const run of listeners) run();
    this.#peer?.close();
  }

  onClose(run: () => void): Disposable {
    const listener = () => run();
    if (this.closed) run();
    else this.#closeListeners.add(listener);
    return disposable(() => this.#closeListeners.delete(listener));
  }

  towards(): Flow {
    return this;
  }
}

export function summaryOf(message: SipMessage): string {
  return message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`;
}

function read(bytes: Uint8Array): SipMessage | undefined {
  const outcome = parseMessage(bytes, { framing: 'datagram' });
  return outcome.kind === 'message' ? outcome.message : undefined;
}
