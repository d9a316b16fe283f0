/** The machine's side of the media network: the bound addresses, the WebRTC socket of each, and the port range for everybody else. */
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { MediaClock } from '../media-clock.ts';
import type { BoundAddress } from './address-book.ts';
import type { DtlsCertificate } from './dtls/certificate.ts';
import { IceMux } from './ice/ice-mux.ts';
import type { LegTransport, TransportEvents } from './leg-transport.ts';
import type { LegPlace } from './loop/media-loop.ts';
import { PortRange } from './rtp/port-range.ts';
import type { PairReceivers, PortPair } from './rtp/port-range.ts';
import { RtpTransport } from './rtp-transport.ts';
import { openUdpSocket, SHARED_PORT_OCTETS } from './udp-socket.ts';
import type { Address, UdpSocket } from './udp-socket.ts';
import { WebRtcTransport } from './webrtc-transport.ts';

/** One address that media uses. Each is bound by itself: a wildcard socket would answer from whichever address routing likes. */
export interface MediaAddress {
  /** A local IPv4 or IPv6 address; no wildcard. */
  readonly bind: string;
  /** What SDP says instead, behind a 1:1 NAT or outside a container. */
  readonly advertise?: string;
  /** UDP port for all WebRTC legs; 0 (default) = any free one. */
  readonly iceUdpPort?: number;
}

export interface LocalNetworkOptions {
  /** At least one, best first. */
  readonly addresses: readonly MediaAddress[];
  /** Even/odd pairs for RTP and SDES legs, both ends included. */
  readonly rtpPorts: { readonly first: number; readonly last: number };
  /** See `IceMux`. */
  readonly catchUp?: (() => void) | undefined;
}

export interface NetworkProblem {
  readonly reason: 'bind-failed' | 'wildcard-address' | 'no-address';
  /** Address, port and the system's error code. */
  readonly detail: string;
}

interface OpenAddress {
  readonly bound: BoundAddress;
  readonly ice: UdpSocket;
}

export interface TransportRequest {
  readonly place: LegPlace;
  readonly certificate: DtlsCertificate;
  readonly clock: MediaClock;
}

/** A bound pair; what comes in before a leg is opened on it is thrown away. */
interface ReadyPair {
  readonly pair: PortPair;
  readonly slot: { receivers?: PairReceivers };
}

const keyOf = (bind: string, port: number): string => `${bind} ${port}`;

export class LocalNetwork {
  readonly #mux: IceMux;
  readonly #addresses: readonly OpenAddress[];
  readonly #range: PortRange;
  readonly #ready = new Map<string, ReadyPair>();

  static open(options: LocalNetworkOptions): Result<LocalNetwork, NetworkProblem> {
    if (options.addresses.length === 0) return err({ reason: 'no-address', detail: '' });
    const mux = new IceMux(options.catchUp);
    const open: OpenAddress[] = [];
    for (const address of options.addresses) {
      const one = bindAddress(address, mux);
      if (one.ok) open.push(one.value);
      else {
        open.forEach(({ ice }) => ice.close());
        return one;
      }
    }
    return ok(new LocalNetwork(mux, open, new PortRange(options.rtpPorts)));
  }

  private constructor(mux: IceMux, addresses: readonly OpenAddress[], range: PortRange) {
    this.#mux = mux;
    this.#addresses = addresses;
    this.#range = range;
  }

  /** Best first. */
  get addresses(): readonly BoundAddress[] {
    return this.#addresses.map(({ bound }) => bound);
  }

  /** Binds a pair for a leg to come; undefined when the port range is used up. */
  takePair(bind: string): number | undefined {
    const slot: ReadyPair['slot'] = {};
    const opened = this.#range.open(bind, {
      onRtp: (packet, from) => slot.receivers?.onRtp(packet, from),
      onRtcp: (packet, from) => slot.receivers?.onRtcp(packet, from),
    });
    if (!opened.ok) return undefined;
    const { port } = opened.value.rtp.local;
    this.#ready.set(keyOf(bind, port), { pair: opened.value, slot });
    return port;
  }

  /** @returns undefined when the place is a pair that was never taken */
  openTransport(request: TransportRequest, events: TransportEvents): LegTransport | undefined {
    const { place, certificate, clock } = request;
    const nowMs = (): number => clock.monotonicMs();
    if (place.kind === 'webrtc') {
      return new WebRtcTransport({ mux: this.#mux, certificate, nowMs }, events);
    }
    const { kind, bind, port, signallingAddress } = place;
    const openPorts = (receivers: PairReceivers): PortPair | undefined =>
      this.#claim(keyOf(bind, port), receivers);
    return RtpTransport.open({ kind, signallingAddress, nowMs, openPorts }, events);
  }

  close(): void {
    for (const { ice } of this.#addresses) ice.close();
    for (const { pair } of this.#ready.values()) pair.close();
    this.#ready.clear();
  }

  #claim(key: string, receivers: PairReceivers): PortPair | undefined {
    const ready = this.#ready.get(key);
    if (!ready) return undefined;
    this.#ready.delete(key);
    ready.slot.receivers = receivers;
    return ready.pair;
  }
}

const WILDCARDS: readonly string[] = ['0.0.0.0', '::', '*', ''];

function bindAddress(address: MediaAddress, mux: IceMux): Result<OpenAddress, NetworkProblem> {
  const { bind, advertise = bind, iceUdpPort = 0 } = address;
  if (WILDCARDS.includes(bind)) return err({ reason: 'wildcard-address', detail: bind });
  const made: { socket?: UdpSocket } = {};
  const receive = (packet: Buffer, from: Address): void => {
    if (made.socket) mux.receive(made.socket, packet, { address: from.address, port: from.port });
  };
  const opened = openUdpSocket({ address: bind, port: iceUdpPort }, receive, SHARED_PORT_OCTETS);
  if (!opened.ok) {
    return err({ reason: 'bind-failed', detail: `${bind}:${iceUdpPort} ${opened.error}` });
  }
  made.socket = opened.value;
  const bound = { bind, advertised: advertise, icePort: opened.value.local.port };
  return ok({ bound, ice: opened.value });
}
