/**
 * One UDP socket per bound address for all WebRTC legs (RFC 7983's demultiplexing by first octet). STUN finds its leg by the ICE user name,
 * everything else by the source address that a STUN check has proven before.
 */
import type { Address, UdpSocket } from '../udp-socket.ts';
import {
  BINDING_REQUEST,
  hasIntegrity,
  hasValidFingerprint,
  readStun,
  writeBindingSuccess,
} from './stun-message.ts';

/** Where a leg's packets go: which of our sockets, and to whom. */
export interface IcePath {
  readonly socket: UdpSocket;
  readonly remote: Address;
}

/** A leg, as the mux sees it. */
export interface IceEndpoint {
  /** Password for one of its user name fragments; undefined when that fragment is no longer its own. */
  passwordFor(ufrag: string): string | undefined;
  /** An authenticated check came in on this path. `localUfrag` says which of the leg's credentials it used. */
  onCheck(path: IcePath, check: { readonly localUfrag: string; readonly nominated: boolean }): void;
  /** DTLS or SRTP from a proven address. */
  onDatagram(packet: Buffer, path: IcePath): void;
}

/** Enough for a laptop with several interfaces and IPv6 privacy addresses. */
const MAX_ADDRESSES_PER_LEG = 16;

const keyOf = ({ socket, remote }: IcePath): string =>
  `${socket.local.address} ${remote.address} ${remote.port}`;

export class IceMux {
  readonly #byUfrag = new Map<string, IceEndpoint>();
  readonly #byPath = new Map<string, { readonly endpoint: IceEndpoint; readonly path: IcePath }>();
  readonly #pathsOf = new Map<IceEndpoint, Set<string>>();
  readonly #catchUp: () => void;

  /** @param catchUp carries out what has been ordered but not begun: a check with an unknown name may be quicker than the order that opens its leg */
  constructor(catchUp: () => void = () => undefined) {
    this.#catchUp = catchUp;
  }

  register(ufrag: string, endpoint: IceEndpoint): void {
    this.#byUfrag.set(ufrag, endpoint);
  }

  forgetUfrag(ufrag: string): void {
    this.#byUfrag.delete(ufrag);
  }

  /** Ends everything about a leg but its user name fragments, which it forgets itself. */
  forget(endpoint: IceEndpoint): void {
    for (const key of this.#pathsOf.get(endpoint) ?? []) this.#byPath.delete(key);
    this.#pathsOf.delete(endpoint);
  }

  /** Every datagram of every WebRTC socket. Never throws. */
  receive(socket: UdpSocket, packet: Buffer, remote: Address): void {
    const first = packet[0];
    if (first === undefined) return;
    const path = { socket, remote };
    if (first < 4) this.#receiveStun(path, packet);
    else {
      const known = this.#byPath.get(keyOf(path));
      known?.endpoint.onDatagram(packet, known.path);
    }
  }

  #receiveStun(path: IcePath, packet: Buffer): void {
    const message = readStun(packet);
    if (message?.type !== BINDING_REQUEST || message.username === undefined) return;
    const localUfrag = message.username.split(':', 1)[0] ?? '';
    if (!this.#byUfrag.has(localUfrag)) this.#catchUp();
    const endpoint = this.#byUfrag.get(localUfrag);
    const password = endpoint?.passwordFor(localUfrag);
    // Whoever cannot sign gets no answer: an error response would tell which fragments exist and reflect traffic.
    if (!endpoint || password === undefined) return;
    if (!hasIntegrity(packet, message, password) || !hasValidFingerprint(packet, message)) return;
    path.socket.send(writeBindingSuccess(message, path.remote, password), path.remote);
    this.#remember(endpoint, path);
    endpoint.onCheck(path, { localUfrag, nominated: message.useCandidate });
  }

  #remember(endpoint: IceEndpoint, path: IcePath): void {
    const key = keyOf(path);
    const known = this.#byPath.get(key);
    if (known?.endpoint === endpoint) return;
    // The address now speaks for another leg (a new peer connection on the same port): the old leg loses it.
    if (known) this.#pathsOf.get(known.endpoint)?.delete(key);
    const paths = this.#pathsOf.get(endpoint) ?? new Set();
    this.#pathsOf.set(endpoint, paths);
    if (paths.size >= MAX_ADDRESSES_PER_LEG) this.#dropOldest(paths);
    paths.add(key);
    this.#byPath.set(key, { endpoint, path });
  }

  #dropOldest(paths: Set<string>): void {
    for (const key of paths) {
      paths.delete(key);
      this.#byPath.delete(key);
      return;
    }
  }
}
