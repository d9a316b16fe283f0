/** The machine's side of the media network: the bound addresses, the WebRTC socket of each, and the port range for everybody else. */
import { isIPv6 } from 'node:net';
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { LegKind, OpenLegOptions } from '../engine.ts';
import type { MediaClock } from '../media-clock.ts';
import type { DtlsCertificate } from './dtls/certificate.ts';
import { IceMux } from './ice/ice-mux.ts';
import type { LegTransport, TransportEvents } from './leg-transport.ts';
import { PortRange } from './rtp/port-range.ts';
import { RtpTransport } from './rtp-transport.ts';
import { openUdpSocket } from './udp-socket.ts';
import type { UdpSocket } from './udp-socket.ts';
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
}

export interface NetworkProblem {
  readonly reason: 'bind-failed' | 'wildcard-address' | 'no-address';
  /** Address, port and the system's error code. */
  readonly detail: string;
}

interface BoundAddress {
  readonly bind: string;
  readonly advertised: string;
  readonly ice: UdpSocket;
}

export interface TransportRequest extends OpenLegOptions {
  readonly kind: LegKind;
  readonly certificate: DtlsCertificate;
  readonly clock: MediaClock;
}

export class LocalNetwork {
  readonly #mux: IceMux;
  readonly #addresses: readonly BoundAddress[];
  readonly #range: PortRange;

  static open(options: LocalNetworkOptions): Result<LocalNetwork, NetworkProblem> {
    if (options.addresses.length === 0) return err({ reason: 'no-address', detail: '' });
    const mux = new IceMux();
    const bound: BoundAddress[] = [];
    for (const address of options.addresses) {
      const one = bindAddress(address, mux);
      if (one.ok) bound.push(one.value);
      else {
        bound.forEach(({ ice }) => ice.close());
        return one;
      }
    }
    return ok(new LocalNetwork(mux, bound, new PortRange(options.rtpPorts)));
  }

  private constructor(mux: IceMux, addresses: readonly BoundAddress[], range: PortRange) {
    this.#mux = mux;
    this.#addresses = addresses;
    this.#range = range;
  }

  /** @returns undefined when the port range is used up */
  openTransport(request: TransportRequest, events: TransportEvents): LegTransport | undefined {
    const nowMs = (): number => request.clock.monotonicMs();
    const own = this.#addressFor(request);
    if (request.kind === 'webrtc') {
      const others = this.#addresses.filter((one) => one !== own);
      const candidates = [own, ...others].map(({ advertised, ice }) => ({
        address: advertised,
        port: ice.local.port,
      }));
      const { certificate } = request;
      return new WebRtcTransport({ mux: this.#mux, candidates, certificate, nowMs }, events);
    }
    return RtpTransport.open(
      {
        kind: request.kind,
        advertisedAddress: own.advertised,
        signallingAddress: request.signallingAddress,
        nowMs,
        openPorts: (receivers) => {
          const pair = this.#range.open(own.bind, receivers);
          return pair.ok ? pair.value : undefined;
        },
      },
      events,
    );
  }

  close(): void {
    for (const { ice } of this.#addresses) ice.close();
  }

  /** The address that signalling uses (bound or as peers know it), else one of the same family as the peer, else the first. */
  #addressFor(request: OpenLegOptions): BoundAddress {
    const { localAddress, signallingAddress } = request;
    const hint = localAddress ?? signallingAddress;
    const exact = this.#addresses.find(
      (one) => one.bind === localAddress || one.advertised === localAddress,
    );
    const related =
      hint === undefined
        ? undefined
        : this.#addresses.find((one) => isIPv6(one.bind) === isIPv6(hint));
    const chosen = exact ?? related ?? this.#addresses[0];
    if (!chosen) throw new Error('a media network without an address');
    return chosen;
  }
}

const WILDCARDS: readonly string[] = ['0.0.0.0', '::', '*', ''];

function bindAddress(address: MediaAddress, mux: IceMux): Result<BoundAddress, NetworkProblem> {
  const { bind, advertise = bind, iceUdpPort = 0 } = address;
  if (WILDCARDS.includes(bind)) return err({ reason: 'wildcard-address', detail: bind });
  const made: { socket?: UdpSocket } = {};
  const opened = openUdpSocket({ address: bind, port: iceUdpPort }, (packet, from) => {
    if (made.socket) mux.receive(made.socket, packet, { address: from.address, port: from.port });
  });
  if (!opened.ok) {
    return err({ reason: 'bind-failed', detail: `${bind}:${iceUdpPort} ${opened.error}` });
  }
  made.socket = opened.value;
  return ok({ bind, advertised: advertise, ice: opened.value });
}
