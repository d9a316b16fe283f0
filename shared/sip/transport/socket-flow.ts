import { randomBytes } from 'node:crypto';
import { disposable, type Disposable } from '../transaction/disposable.ts';
import type { Flow, SendResult, SocketAddress, TransportName } from '../transaction/flow.ts';
import type { StackObserver } from '../transaction/ports.ts';

export interface FlowIdentity {
  readonly id: string;
  readonly transport: TransportName;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  readonly secure: boolean;
}

/** What every flow over a socket of this process has in common: who it is, and that it closes once. */
export abstract class SocketFlow implements Flow {
  readonly id: string;
  readonly transport: TransportName;
  readonly reliable: boolean;
  readonly secure: boolean;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  readonly #closeListeners = new Set<() => void>();
  readonly #observer: StackObserver;
  #closed = false;

  constructor(identity: FlowIdentity, observer: StackObserver) {
    this.#observer = observer;
    this.id = identity.id;
    this.transport = identity.transport;
    this.reliable = identity.transport !== 'udp';
    this.secure = identity.secure;
    this.remote = identity.remote;
    this.local = identity.local;
  }

  abstract send(bytes: Uint8Array): SendResult;
  abstract towards(remote: SocketAddress): Flow;
  /** Lets go of the socket. */
  protected abstract release(): void;

  get closed(): boolean {
    return this.#closed;
  }

  /** Somebody waits for its end, so it is in use beyond single messages. */
  get watched(): boolean {
    return this.#closeListeners.size > 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.release();
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    for (const run of listeners) this.#tell(run);
  }

  onClose(run: () => void): Disposable {
    if (this.#closed) {
      this.#tell(run);
      return disposable(() => {});
    }
    const listener = () => run();
    this.#closeListeners.add(listener);
    return disposable(() => this.#closeListeners.delete(listener));
  }

  /** One listener's bug must not keep the others from hearing, nor reach the socket's callback. */
  #tell(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#observer.callbackFailed?.(error);
    }
  }
}

/** Flow ids of one listener: no two alike in this process, and none that an earlier listener gave. */
export function flowIds(transport: TransportName): () => string {
  const prefix = `${transport}-${randomBytes(4).toString('hex')}`;
  let count = 0;
  return () => `${prefix}-${++count}`;
}

/** An IPv4 address that a dual-stack socket shows as IPv6 (`::ffff:192.0.2.1`) is written as IPv4; zones are dropped. */
export function plainAddress(address: string | undefined): string {
  const text = address ?? '';
  // IPv4, as nearly always.
  if (!text.includes(':')) return text;
  const zone = text.indexOf('%');
  const bare = zone < 0 ? text : text.slice(0, zone);
  return bare.toLowerCase().startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare;
}
