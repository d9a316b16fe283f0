import { formatListenAddress, type ListenAddress } from '../config/listen-address.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { Flow, Listener, MessageReceiver } from '../sip/transaction/flow.ts';
import type { StackObserver } from '../sip/transaction/ports.ts';
import { openTcp } from '../sip/transport/tcp.ts';
import { openUdp, type DatagramListener } from '../sip/transport/udp.ts';
import { openWs } from '../sip/transport/ws.ts';
import { listenRefusalOf } from './http/http-server.ts';
import type { Source } from './registrar/binding-book.ts';
import type { StartRefusal } from './start-refusal.ts';

export interface DoorOptions {
  readonly receiver: MessageReceiver;
  readonly observer: StackObserver;
  /** Address told to peers instead of the one that is bound; for wildcards and 1:1 NAT. */
  readonly advertise: string | undefined;
}

/** Where to listen, as configured. */
export interface Door extends ListenAddress {
  /** Path of the WebSocket; any when absent. */
  readonly path?: string | undefined;
}

/** All open SIP listeners of one server. */
export class SipDoors {
  readonly #listeners: Listener[] = [];
  readonly #datagram: DatagramListener[] = [];
  readonly #options: DoorOptions;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Where they really listen. */
  get addresses(): readonly ListenAddress[] {
    return this.#listeners.map(({ transport, address, port }) => ({ transport, address, port }));
  }

  /** The way to a peer from the datagram socket that heard of it, or from one of the same address. */
  flowTo({ local, remote }: Source): Flow | undefined {
    const listener =
      this.#datagram.find(
        ({ address, port }) => address === local.address && port === local.port,
      ) ?? this.#datagram[0];
    return listener?.flowTo(remote);
  }

  add(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async open(door: Door): Promise<Result<null, StartRefusal>> {
    const what = formatListenAddress(door);
    try {
      switch (door.transport) {
        case 'udp':
          return await this.#openUdp(door, what);
        case 'tcp':
          this.add(await openTcp({ ...this.#common(), address: door.address, port: door.port }));
          return ok(null);
        case 'ws':
          this.add(await openWs(this.#webSocket(door)));
          return ok(null);
        case 'tls':
        case 'wss':
          return err({ kind: 'transport-not-served', what });
      }
    } catch (cause) {
      return err({ kind: 'listen', what, refusal: listenRefusalOf(cause) });
    }
  }

  /** Closes every listener and flow. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  async #openUdp({ address, port }: Door, what: string): Promise<Result<null, StartRefusal>> {
    const { advertise } = this.#options;
    const wildcard = address === '0.0.0.0' || address === '::';
    if (wildcard && advertise === undefined) return err({ kind: 'needs-advertise', what });
    const common = { ...this.#common(), address, port };
    const listener = await openUdp(
      advertise === undefined ? common : { ...common, advertise: { address: advertise } },
    );
    this.#datagram.push(listener);
    this.add(listener);
    return ok(null);
  }

  #webSocket({ address, port, path }: Door) {
    const options = { ...this.#common(), address, port };
    return path === undefined ? options : { ...options, path };
  }

  #common(): { receiver: MessageReceiver; observer: StackObserver } {
    const { receiver, observer } = this.#options;
    return { receiver, observer };
  }
}
