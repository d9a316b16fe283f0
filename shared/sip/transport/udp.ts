import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import type { Flow, Listener, SendResult, SocketAddress } from '../transaction/flow.ts';
import type { StackObserver } from '../transaction/ports.ts';
import { Border, type BorderOptions } from './border.ts';
import { flowIds, plainAddress, SocketFlow, type FlowIdentity } from './socket-flow.ts';

export interface UdpOptions extends BorderOptions {
  /** One local address. A wildcard (`0.0.0.0`, `::`) needs `advertise`: answers must come from where requests went. */
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** How peers reach us, when that is not `address`: goes into Via and Contact. */
  readonly advertise?: { readonly address: string; readonly port?: number };
  /** Peers remembered at once; the one silent longest is forgotten first. Default 20,000. */
  readonly maxPeers?: number;
  /** Peers whom nobody watches are forgotten after so long a silence, in ms, or up to twice that. Default two minutes: longer than any transaction. */
  readonly silentPeerMs?: number;
  /** Watches over who is read and answered. Default: everybody. */
  readonly guard?: DatagramGuard;
}

/** Stands at a datagram socket, where a sender's address is only claimed. It must not throw. */
export interface DatagramGuard {
  /** Whether a datagram that came is read at all. */
  admitsDatagram(flow: Flow, octets: number): boolean;
  /** Whether a datagram is sent; if not, it is as good as lost on the way. */
  maySend(flow: Flow, octets: number): boolean;
}

export interface DatagramListener extends Listener {
  /** The flow from this socket to a peer, heard of or not. */
  flowTo(remote: SocketAddress): Flow;
}

/** The largest payload of an IPv4 datagram. */
const MAX_DATAGRAM_BYTES = 65_507;
const DEFAULT_MAX_PEERS = 20_000;
const DEFAULT_SILENT_PEER_MS = 120_000;
/** How many watched peers are passed over at once for one that nobody watches. */
const FORGET_ATTEMPTS = 64;

/** The answers to 2,000 NOTIFYs come at once; the usual 208 KiB hold some 200 of them, and the others cost retransmissions. */
const BUFFER_BYTES = 4 * 1024 * 1024;

/** Opens one UDP socket for SIP (RFC 3261 §18). Rejects when the address cannot be bound. */
export async function openUdp(options: UdpOptions): Promise<DatagramListener> {
  if (!options.advertise && isWildcard(options.address)) {
    throw new Error(`UDP on ${options.address} needs an address to advertise`);
  }
  const type = isIPv6(options.address) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, lookup: type === 'udp6' ? ipv6Of : ipv4Of });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: options.address, port: options.port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  growBuffers(socket);
  return new UdpListener(socket, options);
}

function growBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(BUFFER_BYTES);
    socket.setSendBufferSize(BUFFER_BYTES);
  } catch {
    // A system that allows no larger buffers still works with its own.
  }
}

class UdpListener implements DatagramListener {
  readonly transport = 'udp';
  readonly address: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #border: Border;
  readonly #local: SocketAddress;
  readonly #maxPeers: number;
  readonly #guard: DatagramGuard | undefined;
  readonly #nextId = flowIds('udp');
  /** The peer silent longest comes first. */
  readonly #flows = new Map<string, UdpFlow>();
  #newest: UdpFlow | undefined;
  /** Counts the times that silent peers were looked for. */
  #era = 0;
  readonly #forgetting: NodeJS.Timeout;
  #closing: Promise<void> | undefined;

  constructor(socket: Socket, options: UdpOptions) {
    this.#socket = socket;
    this.#border = new Border(options);
    this.#maxPeers = options.maxPeers ?? DEFAULT_MAX_PEERS;
    this.#guard = options.guard;
    const bound = socket.address();
    this.address = bound.address;
    this.port = bound.port;
    this.#local = {
      address: options.advertise?.address ?? bound.address,
      port: options.advertise?.port ?? bound.port,
    };
    this.#forgetting = setInterval(
      () => this.#forgetSilent(),
      options.silentPeerMs ?? DEFAULT_SILENT_PEER_MS,
    ).unref();
    socket.on('message', (bytes, peer) => this.#receive(bytes, peer));
    // A peer's ICMP error must not end the server; a lost datagram is what the timers are for.
    socket.on('error', (error) => this.#border.observer.callbackFailed?.(error));
  }

  get flowCount(): number {
    return this.#flows.size;
  }

  flowTo(remote: SocketAddress): Flow {
    return this.#flowTo(remote);
  }

  send(bytes: Uint8Array, flow: UdpFlow): SendResult {
    const { remote } = flow;
    if (this.#closing) return 'closed';
    if (bytes.length > MAX_DATAGRAM_BYTES) return 'too-large';
    if (this.#guard?.maySend(flow, bytes.length) === false) return 'sent';
    try {
      this.#socket.send(bytes, remote.port, remote.address);
      this.#border.observer.traffic?.('out', flow.id, bytes);
      return 'sent';
    } catch (error) {
      this.#border.observer.callbackFailed?.(error);
      return 'closed';
    }
  }

  forget(flow: UdpFlow): void {
    if (this.#newest === flow) this.#newest = undefined;
    const key = keyOf(flow.remote);
    if (this.#flows.get(key) === flow) this.#flows.delete(key);
  }

  close(): Promise<void> {
    clearInterval(this.#forgetting);
    this.#closing ??= new Promise((resolve) => this.#socket.close(resolve));
    for (const flow of [...this.#flows.values()]) flow.close();
    return this.#closing;
  }

  #receive(bytes: Buffer, peer: RemoteInfo): void {
    // Port 0 cannot be answered.
    if (this.#closing || peer.port === 0) return;
    const flow = this.#flowFrom(plainAddress(peer.address), peer.port);
    if (this.#guard?.admitsDatagram(flow, bytes.length) === false) return;
    this.#border.takeDatagram(bytes, flow);
  }

  /** A peer that says much says it in a row: then it is the newest already. */
  #flowFrom(address: string, port: number): UdpFlow {
    const newest = this.#newest;
    if (newest === undefined || newest.remote.port !== port || newest.remote.address !== address) {
      return this.#flowTo({ address, port });
    }
    newest.era = this.#era;
    return newest;
  }

  #flowTo(remote: SocketAddress): UdpFlow {
    const key = keyOf(remote);
    const known = this.#flows.get(key);
    if (known !== undefined) this.#flows.delete(key);
    const flow =
      known ??
      new UdpFlow(
        this,
        { id: this.#nextId(), transport: 'udp', remote, local: this.#local, secure: false },
        this.#border.observer,
      );
    flow.era = this.#era;
    this.#flows.set(key, flow);
    this.#newest = flow;
    if (this.#flows.size > this.#maxPeers) this.#forgetOldest();
    return flow;
  }

  /** Those of before the last time, unless somebody watches them. What holds such a flow without watching it can go on using it. */
  #forgetSilent(): void {
    for (const [key, flow] of this.#flows) {
      if (flow.era === this.#era) break;
      if (flow.watched) continue;
      this.#flows.delete(key);
      if (this.#newest === flow) this.#newest = undefined;
    }
    this.#era += 1;
  }

  /** A peer that somebody still watches (a registered device) is put off: a flood of other peers must not make it a stranger. */
  #forgetOldest(): void {
    let left = FORGET_ATTEMPTS;
    for (const [key, flow] of this.#flows) {
      this.#flows.delete(key);
      left -= 1;
      if (!flow.watched || left === 0) {
        if (this.#newest === flow) this.#newest = undefined;
        return;
      }
      this.#flows.set(key, flow);
    }
  }
}

class UdpFlow extends SocketFlow {
  readonly #listener: UdpListener;
  /** When the peer was heard or written to last, in the listener's count. */
  era = 0;

  constructor(listener: UdpListener, identity: FlowIdentity, observer: StackObserver) {
    super(identity, observer);
    this.#listener = listener;
  }

  send(bytes: Uint8Array): SendResult {
    return this.closed ? 'closed' : this.#listener.send(bytes, this);
  }

  towards(remote: SocketAddress): Flow {
    const same = remote.address === this.remote.address && remote.port === this.remote.port;
    return same ? this : this.#listener.flowTo(remote);
  }

  protected release(): void {
    this.#listener.forget(this);
  }
}

type Looked = (error: Error | null, address: string, family: number) => void;

/** Peers are addresses already: nothing is asked of the resolver, datagram by datagram. */
const ipv4Of = (address: string, _options: unknown, tell: Looked): void => tell(null, address, 4);

/** A dual-stack socket reaches an IPv4 peer by its mapped address (RFC 4291 §2.5.5.2). */
const ipv6Of = (address: string, _options: unknown, tell: Looked): void =>
  tell(null, isIPv4(address) ? `::ffff:${address}` : address, 6);

const keyOf = (remote: SocketAddress): string => `${remote.address} ${remote.port}`;

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';
