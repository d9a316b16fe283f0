/** What a receiver knows about an incoming stream: loss and jitter as RFC 3550 §6.4.1 and appendix A count them. */

const MAX_DROPOUT = 3_000;
const SEQUENCES = 65_536;

/** A report block's numbers about the stream that is heard now. */
export interface ReceptionReport {
  readonly ssrc: number;
  /** 0–255, since the last report. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
}

export interface ReceivedPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly clockRate: number;
  readonly nowMs: number;
}

interface Source {
  readonly ssrc: number;
  readonly base: number;
  highest: number;
  received: number;
  expectedBefore: number;
  receivedBefore: number;
  jitter: number;
  clockRate: number;
  transit: number | undefined;
}

export class Reception {
  #source: Source | undefined;
  /** Lost packets of sources that are gone. */
  #lostBefore = 0;

  /** @param timed false for packets whose timestamp says nothing about when they were sent (telephone events) */
  take(packet: ReceivedPacket, timed = true): void {
    let source = this.#source;
    const step = source
      ? ((packet.sequence - source.highest + 32_768) & 0xffff) - 32_768
      : Number.NaN;
    if (!source || source.ssrc !== packet.ssrc || Math.abs(step) > MAX_DROPOUT) {
      source = this.#begin(packet);
    } else if (step > 0) source.highest += step;
    source.received += 1;
    if (timed) this.#measureJitter(source, packet);
  }

  get packetsLost(): number {
    return this.#lostBefore + (this.#source ? lostOf(this.#source) : 0);
  }

  get jitterMs(): number {
    const source = this.#source;
    return source ? (source.jitter * 1_000) / source.clockRate : 0;
  }

  /** The block for the next RTCP report; starts a new interval for `fractionLost`. */
  report(): ReceptionReport | undefined {
    const source = this.#source;
    if (!source) return undefined;
    const expected = source.highest - source.base + 1;
    const interval = expected - source.expectedBefore;
    const lost = interval - (source.received - source.receivedBefore);
    source.expectedBefore = expected;
    source.receivedBefore = source.received;
    return {
      ssrc: source.ssrc,
      fractionLost:
        interval > 0 && lost > 0 ? Math.min(255, Math.floor((lost * 256) / interval)) : 0,
      cumulativeLost: lostOf(source),
      highestSequence: source.highest % 2 ** 32,
      jitter: Math.floor(source.jitter),
    };
  }

  #begin(packet: ReceivedPacket): Source {
    this.#lostBefore = this.packetsLost;
    this.#source = {
      ssrc: packet.ssrc,
      base: packet.sequence + SEQUENCES, // one cycle up, so that a packet from before the first never goes below zero
      highest: packet.sequence + SEQUENCES,
      received: 0,
      expectedBefore: 0,
      receivedBefore: 0,
      jitter: 0,
      clockRate: packet.clockRate,
      transit: undefined,
    };
    return this.#source;
  }

  #measureJitter(source: Source, packet: ReceivedPacket): void {
    if (source.clockRate !== packet.clockRate) {
      source.jitter = 0;
      source.transit = undefined;
      source.clockRate = packet.clockRate;
    }
    const arrival = (packet.nowMs * packet.clockRate) / 1_000;
    const transit = arrival - packet.timestamp;
    if (source.transit !== undefined) {
      const deviation = Math.abs(transit - source.transit);
      // A jump of more than ten seconds is a new time base (or a wrap), not jitter.
      if (deviation < packet.clockRate * 10) source.jitter += (deviation - source.jitter) / 16;
    }
    source.transit = transit;
  }
}

function lostOf(source: Source): number {
  return Math.max(0, source.highest - source.base + 1 - source.received);
}
