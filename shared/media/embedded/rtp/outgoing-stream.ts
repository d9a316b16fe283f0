/**
 * The one RTP stream that a leg's far side ever hears, whatever feeds it: one SSRC for ever, sequence numbers without a hole, timestamps that
 * go on by the wall clock when the source changes, a marker on the first packet of a source. Late packets of a source find their place; what
 * comes too late, twice, or from before the switch is dropped (and so no SRTP index is ever used twice).
 */
import { ReplayWindow } from '../srtp/replay-window.ts';
import { MAX_RTP_TAG_LENGTH } from '../srtp/srtp-profile.ts';
import { RTP_HEADER_LENGTH, writeRtpHeader } from './rtp-packet.ts';

/** A packet ends up at least this much behind the last one of the old source. */
const SWITCH_STEP_MS = 20;
/** RFC 3550 A.1's MAX_DROPOUT: a larger jump means that the source has started anew. */
const MAX_JUMP = 3_000;
const SEQUENCES = 65_536;
const TIMESTAMPS = 2 ** 32;

/** Identity of a source; a new one for every bridge and every playback. Compared by reference. */
export type SourceToken = object;

export interface OutgoingPacket {
  readonly source: SourceToken;
  readonly payloadType: number;
  readonly clockRate: number;
  /** The source's own numbering; only differences matter. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** A telephone event packet keeps its place in the sequence, but its timestamp is that of the event's start. */
export interface OutgoingEvent extends OutgoingPacket {
  /** The source's identity of the event (its RTP timestamp). */
  readonly eventId: number;
}

/** For sender reports. */
export interface SenderSnapshot {
  readonly packets: number;
  readonly octets: number;
  /** The RTP timestamp that belongs to now. */
  readonly timestamp: number;
}

interface Mapping {
  readonly source: SourceToken;
  /** Extended index of the source's packet that was highest so far, and what to add for ours. */
  highest: number;
  readonly offset: number;
  /** Nothing at or below this is sent: it belongs to an older source. */
  readonly floor: number;
}

export interface OutgoingOptions {
  readonly ssrc: number;
  /** Start of the numbering: below 2^15, so that a receiver that misses the first packets guesses the roll-over counter right. */
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  readonly nowMs: () => number;
  readonly transmit: (packet: Buffer, length: number, rollover: number) => void;
}

export class OutgoingStream {
  readonly #options: OutgoingOptions;
  readonly #sent = new ReplayWindow();
  #mapping: Mapping | undefined;
  #top: number;
  #clock: { rate: number; timestamp: number; sentAt: number } | undefined;
  #timestampOffset = 0;
  #firstTimestamp: number;
  #needsMarker = true;
  #event:
    { readonly id: number; readonly source: SourceToken; readonly timestamp: number } | undefined;
  #packets = 0;
  #octets = 0;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.#top = options.firstSequence - 1;
    this.#firstTimestamp = options.firstTimestamp;
  }

  get ssrc(): number {
    return this.#options.ssrc;
  }

  sendAudio(packet: OutgoingPacket): void {
    const index = this.#place(packet);
    if (index === undefined) return;
    const isNewest = index > this.#sent.top;
    if (this.#clock?.rate !== packet.clockRate || this.#needsMarker) this.#rebase(packet);
    const timestamp = (packet.timestamp + this.#timestampOffset) % TIMESTAMPS;
    if (isNewest) {
      this.#clock = { rate: packet.clockRate, timestamp, sentAt: this.#options.nowMs() };
    }
    this.#transmit(packet, { index, timestamp, marker: packet.marker || this.#needsMarker });
    this.#needsMarker = false;
  }

  /** A digit of the source, RFC 4733. All packets of one event carry the timestamp of its start; audio's clock stays as it is. */
  sendEvent(packet: OutgoingEvent): void {
    const index = this.#place(packet);
    if (index === undefined) return;
    const known = this.#event;
    const first = known?.id !== packet.eventId || known.source !== packet.source;
    const timestamp = first ? this.#timestampNow(packet.clockRate) : known.timestamp;
    // Before any audio the clock starts here, or the next digit would have this one's timestamp.
    this.#clock ??= { rate: packet.clockRate, timestamp, sentAt: this.#options.nowMs() };
    this.#event = { id: packet.eventId, source: packet.source, timestamp };
    this.#transmit(packet, { index, timestamp, marker: first });
  }

  /** The source stops (hold, silence): the next packet, also of the same source, continues without a hole. */
  interrupt(): void {
    this.#mapping = undefined;
    this.#needsMarker = true;
  }

  /** Undefined before the first packet. */
  snapshot(): SenderSnapshot | undefined {
    if (!this.#clock) return undefined;
    const timestamp = this.#timestampNow(this.#clock.rate);
    return { packets: this.#packets, octets: this.#octets, timestamp };
  }

  /** Our extended sequence number for a packet of a source, or undefined when it must not be sent. */
  #place(packet: OutgoingPacket): number | undefined {
    let mapping = this.#mapping;
    if (mapping?.source === packet.source) {
      const step = ((packet.sequence - mapping.highest + 32_768) & 0xffff) - 32_768;
      if (Math.abs(step) <= MAX_JUMP) {
        const index = mapping.highest + step + mapping.offset;
        if (index <= mapping.floor || !this.#sent.isFresh(index)) return undefined;
        mapping.highest = Math.max(mapping.highest, mapping.highest + step);
        return index;
      }
    }
    const floor = Math.max(this.#top, this.#sent.top);
    const index = floor + 1;
    mapping = {
      source: packet.source,
      highest: packet.sequence,
      offset: index - packet.sequence,
      floor,
    };
    this.#mapping = mapping;
    this.#needsMarker = true;
    return index;
  }

  /** Ties the source's timestamps to ours: as much later than our last packet as the clock says. */
  #rebase(packet: OutgoingPacket): void {
    const wanted = this.#clock
      ? this.#timestampNow(packet.clockRate, SWITCH_STEP_MS)
      : this.#firstTimestamp;
    this.#timestampOffset = (wanted - packet.timestamp + TIMESTAMPS) % TIMESTAMPS;
  }

  #timestampNow(rate: number, leastMs = 0): number {
    if (!this.#clock) return this.#firstTimestamp;
    const elapsedMs = Math.max(this.#options.nowMs() - this.#clock.sentAt, leastMs);
    return (this.#clock.timestamp + Math.round((elapsedMs * rate) / 1_000)) % TIMESTAMPS;
  }

  #transmit(
    packet: OutgoingPacket,
    as: { readonly index: number; readonly timestamp: number; readonly marker: boolean },
  ): void {
    const length = RTP_HEADER_LENGTH + packet.payload.length;
    const out = Buffer.allocUnsafe(length + MAX_RTP_TAG_LENGTH);
    const sequence = as.index % SEQUENCES;
    const { payloadType } = packet;
    writeRtpHeader(out, {
      payloadType,
      sequence,
      timestamp: as.timestamp,
      marker: as.marker,
      ssrc: this.ssrc,
    });
    out.set(packet.payload, RTP_HEADER_LENGTH);
    this.#sent.take(as.index);
    this.#packets += 1;
    this.#octets += packet.payload.length;
    this.#options.transmit(out, length, Math.floor(as.index / SEQUENCES));
  }
}
