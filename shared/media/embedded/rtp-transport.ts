/** A desk phone's way: a port pair of its own, plain RTP with symmetric latching, or SRTP with keys from SDP (RFC 4568). */
import type { GoneReason } from '../engine.ts';
import type { LegTransport, LocalTransport, RemotePath, TransportEvents } from './leg-transport.ts';
import type { PairReceivers, PortPair } from './rtp/port-range.ts';
import { looksLikeRtcp, RTP_HEADER_LENGTH } from './rtp/rtp-packet.ts';
import { SymmetricLatch } from './rtp/symmetric-latch.ts';
import type { LatchPacket } from './rtp/symmetric-latch.ts';
import type { SdesCrypto } from './sdp/sdes-crypto.ts';
import { sameKeys } from './srtp/srtp-profile.ts';
import type { SrtpKeys, SrtpProfileName } from './srtp/srtp-profile.ts';
import { SrtpReceiver } from './srtp/srtp-receiver.ts';
import { SrtpSender } from './srtp/srtp-sender.ts';
import type { Address } from './udp-socket.ts';

export interface RtpTransportOptions {
  readonly kind: 'rtp' | 'sdes';
  readonly signallingAddress: string | undefined;
  /** @returns undefined when the pair is not there */
  readonly openPorts: (receivers: PairReceivers) => PortPair | undefined;
  readonly nowMs: () => number;
}

interface Security {
  readonly local: SrtpKeys;
  readonly remote: SrtpKeys;
  readonly sender: SrtpSender;
  readonly receiver: SrtpReceiver;
}

export class RtpTransport implements LegTransport {
  readonly kind: 'rtp' | 'sdes';
  readonly #options: RtpTransportOptions;
  readonly #events: TransportEvents;
  readonly #ports: PortPair;
  readonly #latch = new SymmetricLatch();
  /** Our keys, one per suite. */
  readonly #ownKeys = new Map<SrtpProfileName, SrtpKeys>();
  #rtcpMux = false;
  #rtcpTarget: Address | undefined;
  #described = false;
  #security: Security | undefined;

  /** @returns undefined when there are no ports */
  static open(options: RtpTransportOptions, events: TransportEvents): RtpTransport | undefined {
    const made: { transport?: RtpTransport } = {};
    const ports = options.openPorts({
      onRtp: (packet, from) => made.transport?.receive(packet, from),
      onRtcp: (packet, from) => made.transport?.receiveRtcp(packet, from),
    });
    if (!ports) return undefined;
    made.transport = new RtpTransport(options, events, ports);
    return made.transport;
  }

  private constructor(options: RtpTransportOptions, events: TransportEvents, ports: PortPair) {
    this.kind = options.kind;
    this.#options = options;
    this.#events = events;
    this.#ports = ports;
  }

  get ready(): boolean {
    return this.#described && (this.kind === 'rtp' || this.#security !== undefined);
  }

  prepare(local: LocalTransport): void {
    if (local.kind !== 'sdes') return;
    for (const { keys } of local.crypto) this.#ownKeys.set(keys.profile.name, keys);
  }

  commit(remote: RemotePath): void {
    const { transport, address, port, rtcpPort } = remote;
    if (transport.kind === 'webrtc') return;
    this.#rtcpMux = transport.rtcpMux;
    const usable = address !== undefined && !remote.nullAddress;
    const described = usable ? { address, port } : undefined;
    // A hold by null address says nothing about where the phone is: the old place stays.
    if (!remote.nullAddress) {
      this.#latch.expect({ described, signallingAddress: this.#options.signallingAddress });
      this.#rtcpTarget = described && { address: described.address, port: rtcpPort };
    }
    if (transport.kind === 'sdes') this.#secure(transport.crypto[0]);
    this.#described = true;
  }

  sendRtp(packet: Buffer, length: number, rollover: number): void {
    const target = this.#latch.target;
    if (!this.ready || !target) return;
    const size = { headerLength: RTP_HEADER_LENGTH, length };
    const end = this.#security?.sender.protectRtp(packet, size, rollover) ?? length;
    this.#ports.rtp.send(packet.subarray(0, end), target);
  }

  sendRtcp(packet: Buffer): void {
    const target = this.#rtcpMux ? this.#latch.target : this.#rtcpTarget;
    if (!this.ready || !target) return;
    const socket = this.#rtcpMux ? this.#ports.rtp : this.#ports.rtcp;
    socket.send(this.#security?.sender.protectRtcp(packet) ?? packet, target);
  }

  /** Silence in RTP is normal; session timers judge these legs. */
  checkLiveness(): GoneReason | undefined {
    return undefined;
  }

  close(): void {
    this.#ports.close();
  }

  /** Every datagram on the RTP port. */
  receive(packet: Buffer, from: Address): void {
    if (this.#rtcpMux && looksLikeRtcp(packet)) {
      this.receiveRtcp(packet, from);
      return;
    }
    if (packet.length < RTP_HEADER_LENGTH || packet.readUInt8(0) >>> 6 !== 2) return;
    const seen: LatchPacket = {
      from: { address: from.address, port: from.port },
      ssrc: packet.readUInt32BE(8),
      payloadType: packet.readUInt8(1) & 0x7f,
      nowMs: this.#options.nowMs(),
    };
    const length = this.#latch.accepts(seen) ? this.#open(packet) : -1;
    if (length < 0) {
      this.#events.onRejected();
      return;
    }
    this.#latch.take(seen);
    this.#events.onRtp(packet, length);
  }

  /** Every RTCP datagram. It must come from the same host as the media. */
  receiveRtcp(packet: Buffer, from: Address): void {
    const host = this.#latch.target?.address;
    if (from.address !== host && from.address !== this.#options.signallingAddress) {
      this.#events.onRejected();
      return;
    }
    const plain = this.#openRtcp(packet);
    if (!plain) {
      this.#events.onRejected();
      return;
    }
    this.#rtcpTarget = { address: from.address, port: from.port };
    this.#events.onRtcp(plain);
  }

  #openRtcp(packet: Buffer): Buffer | undefined {
    if (packet.length < 8) return undefined;
    if (this.kind === 'rtp') return packet;
    const plain = this.#security?.receiver.unprotectRtcp(packet);
    return plain === undefined || typeof plain === 'string' ? undefined : plain;
  }

  /** @returns the plain packet's length, or -1 */
  #open(packet: Buffer): number {
    if (this.kind === 'rtp') return packet.length;
    const result = this.#security?.receiver.unprotectRtp(packet);
    return result?.kind === 'ok' ? result.length : -1;
  }

  /** Contexts survive a re-offer that repeats the keys: a fresh one would count from zero and reuse key stream. */
  #secure(crypto: SdesCrypto | undefined): void {
    if (!crypto) return;
    const remote = crypto.keys;
    const local = this.#ownKeys.get(remote.profile.name);
    if (!local) return; // Only suites of ours come so far: `Negotiation` refuses any other answer.
    const known = this.#security;
    const sameLocal = known && sameKeys(known.local, local);
    const sameRemote = known && sameKeys(known.remote, remote);
    this.#security = {
      local,
      remote,
      sender: sameLocal ? known.sender : new SrtpSender(local),
      receiver: sameRemote ? known.receiver : new SrtpReceiver(remote),
    };
  }
}
