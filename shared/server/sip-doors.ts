import type { IncomingMessage } from 'node:http';
import { formatListenAddress, type ListenAddress } from '../config/listen-address.ts';
import type { MediaAddressConfig } from '../config/media-config.ts';
import { assertNever } from '../domain/assert-never.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { Flow, Listener, MessageReceiver } from '../sip/transaction/flow.ts';
import type { StackObserver } from '../sip/transaction/ports.ts';
import type { CertificateSource } from '../sip/transport/certificate.ts';
import type { ConnectionLimits } from '../sip/transport/connection-limits.ts';
import { StreamConnector } from '../sip/transport/connector.ts';
import { openTcp } from '../sip/transport/tcp.ts';
import { openTls } from '../sip/transport/tls.ts';
import { openUdp, type DatagramGuard, type DatagramListener } from '../sip/transport/udp.ts';
import { openWs } from '../sip/transport/ws.ts';
import type { WebSocketDoor } from './http/discovery.ts';
import { listenRefusalOf } from './http/http-server.ts';
import type { Source } from './registrar/binding-book.ts';
import { shownAddresses } from './shown-addresses.ts';
import type { StartRefusal } from './start-refusal.ts';

export interface DoorOptions {
  readonly receiver: MessageReceiver;
  readonly observer: StackObserver;
  /** Watches over datagrams. */
  readonly guard: DatagramGuard;
  /** Where the client of a WebSocket really is. */
  readonly clientAddress: (request: IncomingMessage) => string;
  /** Our addresses and how peers know them: the pairs of media, for 1:1 NAT and wildcards. */
  readonly addresses: readonly MediaAddressConfig[];
  /** Overrides of `defaultConnectionLimits`, and how often WebSockets are pinged. */
  readonly connectionLimits: Partial<ConnectionLimits> &
    Pick<ConnectionLimits, 'messagesPerSecond'>;
  readonly pingEveryMs?: number | undefined;
  /** For `tls` and `wss`; the configuration's schema sees to it that it is there when they are. */
  readonly certificates?: CertificateSource | undefined;
}

/** How long a large request waits for a connection before it goes as a datagram. */
const STREAM_CONNECT_MS = 500;

/** Where to listen, as configured. */
export interface Door extends ListenAddress {
  /** Path of the WebSocket; any when absent. */
  readonly path?: string | undefined;
}

/** All open SIP listeners of one server. */
export class SipDoors {
  readonly #listeners: Listener[] = [];
  readonly #datagram: DatagramListener[] = [];
  readonly #webSockets: WebSocketDoor[] = [];
  readonly #options: DoorOptions;
  readonly #connector: StreamConnector;

  constructor(options: DoorOptions) {
    this.#options = options;
    const { receiver, observer } = options;
    const { messagesPerSecond } = options.connectionLimits;
    this.#connector = new StreamConnector({
      receiver,
      observer,
      connectionLimits: { messagesPerSecond },
    });
  }

  /** Where they really listen. */
  get addresses(): readonly ListenAddress[] {
    return this.#listeners.map(({ transport, address, port }) => ({ transport, address, port }));
  }

  /** Open flows by transport; for datagrams the peers heard of lately. */
  flowCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { transport, flowCount } of this.#listeners) {
      counts[transport] = (counts[transport] ?? 0) + flowCount;
    }
    return { ...counts, outgoing: this.#connector.flowCount };
  }

  /** WebSocket listeners of their own as phones reach them, in the order of the configuration. */
  get webSockets(): readonly WebSocketDoor[] {
    return this.#webSockets;
  }

  /** The way to a peer from the datagram socket that heard of it, or from one of the same address. */
  flowTo({ local, remote }: Source): Flow | undefined {
    const listener =
      this.#datagram.find(
        ({ address, port }) => address === local.address && port === local.port,
      ) ?? this.#datagram[0];
    return listener?.flowTo(remote);
  }

  /**
   * A TCP connection to the peer behind a datagram flow (RFC 3261 §18.1.1): phones mostly take both at the same port. One that refused
   * is not asked again for a while. Undefined while nobody could answer us by TCP: there is no such door.
   */
  streamTo({ remote, local }: Flow): Flow | undefined {
    const door = this.#listeners.find(({ transport }) => transport === 'tcp');
    if (door === undefined) return undefined;
    const destination = {
      transport: 'tcp',
      remote,
      local: { address: local.address, port: door.port },
      connectMs: STREAM_CONNECT_MS,
    } as const;
    return this.#connector.refusedLately(destination)
      ? undefined
      : this.#connector.flowTo(destination);
  }

  add(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Opens a door; a wildcard becomes one listener per address where there are several. */
  async open(door: Door): Promise<Result<null, StartRefusal>> {
    const shown = shownAddresses(door.address, this.#options.addresses);
    switch (shown.kind) {
      case 'as-bound':
        return this.#open(door, undefined);
      case 'as':
        return this.#open(door, shown.address);
      case 'unknown':
        if (door.transport !== 'udp') return this.#open(door, undefined);
        return err({ kind: 'needs-advertise', what: formatListenAddress(door) });
      case 'each':
        return isStreamOrDatagram(door)
          ? this.#openEach(door, shown.pairs)
          : this.#open(door, undefined);
      default:
        return assertNever(shown);
    }
  }

  /** A wildcard socket would answer from whichever address routing likes. With port 0 all take the port of the first. */
  async #openEach(
    door: Door,
    pairs: readonly MediaAddressConfig[],
  ): Promise<Result<null, StartRefusal>> {
    let { port } = door;
    for (const { bind, advertise } of pairs) {
      const opened = await this.#open({ ...door, address: bind, port }, advertise);
      if (!opened.ok) return opened;
      port = this.#listeners.at(-1)?.port ?? port;
    }
    return ok(null);
  }

  async #open(door: Door, shown: string | undefined): Promise<Result<null, StartRefusal>> {
    const what = formatListenAddress(door);
    try {
      switch (door.transport) {
        case 'udp':
          await this.#openUdp(door, shown);
          return ok(null);
        case 'tcp':
          this.add(await openTcp(this.#stream(door, shown)));
          return ok(null);
        case 'tls':
          this.add(
            await openTls({ ...this.#stream(door, shown), certificates: this.#certificates }),
          );
          return ok(null);
        case 'ws':
          this.#addWebSocket(await openWs(this.#webSocket(door)), door, shown);
          return ok(null);
        case 'wss':
          this.#addWebSocket(
            await openWs({ ...this.#webSocket(door), certificates: this.#certificates }),
            door,
            shown,
          );
          return ok(null);
      }
    } catch (cause) {
      return err({ kind: 'listen', what, refusal: listenRefusalOf(cause) });
    }
  }

  /** Closes every listener and flow. */
  async close(): Promise<void> {
    this.#connector.close();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #addWebSocket(
    listener: Listener,
    { address, path = '/', transport }: Door,
    shown?: string,
  ): void {
    this.add(listener);
    const secure = transport === 'wss';
    this.#webSockets.push({ address: shown ?? address, port: listener.port, secure, path });
  }

  async #openUdp(door: Door, shown: string | undefined): Promise<void> {
    const listener = await openUdp({
      ...this.#stream(door, shown),
      guard: this.#options.guard,
    });
    this.#datagram.push(listener);
    this.add(listener);
  }

  get #certificates(): CertificateSource {
    const { certificates } = this.#options;
    if (certificates === undefined) throw new Error('a secure listener without a certificate');
    return certificates;
  }

  #stream({ address, port }: Door, shown: string | undefined) {
    const options = { ...this.#common(), address, port };
    return shown === undefined ? options : { ...options, advertise: { address: shown } };
  }

  #webSocket({ address, port, path }: Door) {
    const { clientAddress, pingEveryMs } = this.#options;
    const pings = pingEveryMs === undefined ? {} : { pingEveryMs };
    const options = { ...this.#common(), ...pings, address, port, clientAddress };
    return path === undefined ? options : { ...options, path };
  }

  #common() {
    const { receiver, observer, connectionLimits } = this.#options;
    return { receiver, observer, connectionLimits };
  }
}

function isStreamOrDatagram({ transport }: Door): boolean {
  return transport === 'udp' || transport === 'tcp' || transport === 'tls';
}
