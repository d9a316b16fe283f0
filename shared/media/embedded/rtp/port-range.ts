/** Even/odd port pairs for RTP and RTCP (RFC 3550 §11) out of a configured range. */
import { randomInt } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { openUdpSocket } from '../udp-socket.ts';
import type { UdpSocket } from '../udp-socket.ts';

export interface PortPair {
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;
  close(): void;
}

export interface PairReceivers {
  readonly onRtp: (packet: Buffer, from: RemoteInfo) => void;
  readonly onRtcp: (packet: Buffer, from: RemoteInfo) => void;
}

/** Hands out pairs in turn, so that a port rests as long as possible before another call gets it and late packets hit nobody. */
export class PortRange {
  readonly #firstEven: number;
  readonly #pairs: number;
  #next: number;

  /** `first` and `last` included; 1024–65535, `last` above `first`. */
  constructor(range: { readonly first: number; readonly last: number }) {
    this.#firstEven = range.first + (range.first % 2);
    this.#pairs = Math.floor((range.last + 1 - this.#firstEven) / 2);
    if (this.#pairs < 1)
      throw new RangeError(`no port pair between ${range.first} and ${range.last}`);
    this.#next = randomInt(this.#pairs);
  }

  open(address: string, receivers: PairReceivers): Result<PortPair, 'no-ports'> {
    for (let tries = 0; tries < this.#pairs; tries++) {
      const port = this.#firstEven + 2 * this.#next;
      this.#next = (this.#next + 1) % this.#pairs;
      const pair = openPair({ address, port }, receivers);
      if (pair) return ok(pair);
    }
    return err('no-ports');
  }
}

function openPair(
  at: { readonly address: string; readonly port: number },
  receivers: PairReceivers,
): PortPair | undefined {
  const rtp = openUdpSocket(at, receivers.onRtp);
  if (!rtp.ok) return undefined;
  const rtcp = openUdpSocket({ address: at.address, port: at.port + 1 }, receivers.onRtcp);
  if (!rtcp.ok) {
    rtp.value.close();
    return undefined;
  }
  const sockets = [rtp.value, rtcp.value];
  return {
    rtp: rtp.value,
    rtcp: rtcp.value,
    close: () => sockets.forEach((socket) => socket.close()),
  };
}
