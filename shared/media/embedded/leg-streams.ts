/** The RTP of one leg in both directions: payload types to codecs and back, digits, reports, counters. */
import type { CodecName, LegStats } from '../engine.ts';
import type { MediaClock } from '../media-clock.ts';
import type { LegTransport } from './leg-transport.ts';
import type { Agreement } from './negotiation.ts';
import { DIGIT_CLOCK_RATE, DigitSender } from './rtp/digit-sender.ts';
import { OutgoingStream } from './rtp/outgoing-stream.ts';
import type { SourceToken } from './rtp/outgoing-stream.ts';
import { Reception } from './rtp/reception.ts';
import { RtcpSession } from './rtp/rtcp.ts';
import { readRtp } from './rtp/rtp-packet.ts';
import type { RtpPacket } from './rtp/rtp-packet.ts';
import { DigitReader, rescaleEvent } from './rtp/telephone-event.ts';
import { CLOCK_RATES } from './sdp/payloads.ts';
import type { Payload } from './sdp/payloads.ts';

/** Gets what a leg says. Must not keep the packet's payload beyond the call. */
export interface AudioSink {
  audio(packet: RtpPacket, codec: CodecName): void;
  event(packet: RtpPacket, clockRate: number): void;
}

export interface SendableAudio {
  readonly source: SourceToken;
  readonly codec: CodecName;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

export interface SendableEvent {
  readonly source: SourceToken;
  readonly sequence: number;
  readonly timestamp: number;
  /** Of the event's duration and timestamp. */
  readonly clockRate: number;
  readonly payload: Uint8Array;
}

/** Which numbers mean what, either way. */
export type PayloadAgreement = Pick<Agreement, 'sendable' | 'receivable'>;

export interface LegStreamOptions {
  readonly transport: LegTransport;
  readonly clock: MediaClock;
  readonly ssrc: number;
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  readonly cname: string;
  /** 0 (included) to 1. */
  readonly random: () => number;
  readonly onDigit: (digit: string) => void;
}

export class LegStreams {
  readonly #options: LegStreamOptions;
  readonly #outgoing: OutgoingStream;
  readonly #reception = new Reception();
  readonly #rtcp: RtcpSession;
  readonly #digits = new DigitReader();
  readonly #digitSource: SourceToken = {};
  readonly #digitSender: DigitSender;
  #agreement: PayloadAgreement | undefined;
  #codecs: readonly CodecName[] = [];
  /** The far side wants to hear us. */
  #wanted = false;
  #sink: AudioSink | undefined;
  #heardCodec: CodecName | undefined;
  #sentCodec: CodecName | undefined;
  #sentPackets = 0;
  #sentBytes = 0;
  #receivedPackets = 0;
  #receivedBytes = 0;
  #rejectedPackets = 0;
  #heardAt: number | undefined;

  constructor(options: LegStreamOptions) {
    this.#options = options;
    const { clock, transport, ssrc, firstSequence, firstTimestamp, cname, random } = options;
    this.#outgoing = new OutgoingStream({
      ssrc,
      firstSequence,
      firstTimestamp,
      nowMs: () => clock.monotonicMs(),
      transmit: (packet, length, rollover) => {
        this.#sentPackets += 1;
        this.#sentBytes += length;
        transport.sendRtp(packet, length, rollover);
      },
    });
    this.#digitSender = new DigitSender(clock, (packet) =>
      this.sendEvent({ ...packet, source: this.#digitSource, clockRate: DIGIT_CLOCK_RATE }),
    );
    this.#rtcp = new RtcpSession({
      outgoing: this.#outgoing,
      reception: this.#reception,
      cname,
      random,
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
    });
  }

  get receivingCodec(): CodecName | undefined {
    return this.#heardCodec ?? this.#codecs[0];
  }

  get sendingCodec(): CodecName | undefined {
    return this.#sentCodec;
  }

  get takes(): readonly CodecName[] {
    return this.#wanted && this.#options.transport.ready ? this.#codecs : [];
  }

  /** A new offer/answer exchange is agreed. */
  agree(agreement: PayloadAgreement, wanted: boolean): void {
    this.#agreement = agreement;
    this.#codecs = agreement.sendable.flatMap(({ codec }) =>
      codec === 'telephone-event' ? [] : codec,
    );
    this.#heardCodec = undefined;
    if (this.#wanted && !wanted) this.#outgoing.interrupt();
    this.#wanted = wanted;
  }

  listen(sink: AudioSink | undefined): void {
    this.#sink = sink;
  }

  interrupt(): void {
    this.#outgoing.interrupt();
  }

  sendAudio(audio: SendableAudio): void {
    const payloadType = this.#payloadType(audio.codec, CLOCK_RATES[audio.codec]);
    if (payloadType === undefined || !this.#canSend() || this.#digitSender.busy) return;
    this.#sentCodec = audio.codec;
    this.#outgoing.sendAudio({ ...audio, payloadType, clockRate: CLOCK_RATES[audio.codec] });
  }

  /** A digit of our own; audio that comes meanwhile is not sent (RFC 4733 §2.5.1). */
  sendDigit(digit: string, durationMs: number): void {
    this.#digitSender.send(digit, durationMs);
  }

  /** No more packets by itself. */
  stop(): void {
    this.#digitSender.stop();
  }

  /** Relays a digit with the event payload of the audio's clock rate, else with whichever the far side takes. */
  sendEvent(event: SendableEvent): void {
    if (!this.#canSend()) return;
    const audioRate = this.#sentCodec ? CLOCK_RATES[this.#sentCodec] : event.clockRate;
    for (const clockRate of [audioRate, event.clockRate, 8_000, 48_000]) {
      const payloadType = this.#payloadType('telephone-event', clockRate);
      if (payloadType === undefined) continue;
      const payload = rescaleEvent(event.payload, event.clockRate, clockRate);
      const { source, sequence, timestamp } = event;
      const packet = {
        source,
        sequence,
        timestamp,
        payload,
        payloadType,
        clockRate,
        marker: false,
      };
      this.#outgoing.sendEvent({ ...packet, eventId: timestamp });
      return;
    }
  }

  /** @returns the codec of a packet that is sound */
  receiveRtp(bytes: Buffer, length: number): CodecName | undefined {
    const packet = readRtp(bytes, length);
    const payload = packet && this.#received(packet.payloadType);
    if (!packet || !payload) {
      // Comfort noise (RFC 3389) and whatever else was never agreed: tolerated, not heard.
      this.#rejectedPackets += packet ? 0 : 1;
      return undefined;
    }
    this.#count(packet, payload, length);
    if (payload.codec === 'telephone-event') {
      this.#sink?.event(packet, payload.clockRate);
      const digit = this.#digits.take(packet.payload, packet.timestamp);
      if (digit !== undefined) this.#options.onDigit(digit);
      return undefined;
    }
    this.#heardCodec = payload.codec;
    this.#sink?.audio(packet, payload.codec);
    return payload.codec;
  }

  receiveRtcp(packet: Buffer): void {
    this.#rtcp.receive(packet);
  }

  sendDueReport(): void {
    if (!this.#options.transport.ready) return;
    const report = this.#rtcp.due();
    if (report) this.#options.transport.sendRtcp(report);
  }

  countRejected(): void {
    this.#rejectedPackets += 1;
  }

  stats(): LegStats {
    const { receivingCodec, sendingCodec } = this;
    return {
      packetsSent: this.#sentPackets,
      bytesSent: this.#sentBytes,
      packetsReceived: this.#receivedPackets,
      bytesReceived: this.#receivedBytes,
      packetsLost: this.#reception.packetsLost,
      jitterMs: this.#reception.jitterMs,
      packetsRejected: this.#rejectedPackets,
      ...this.#remoteStats(),
      ...(this.#heardAt !== undefined && {
        lastReceivedAgoMs: this.#options.clock.monotonicMs() - this.#heardAt,
      }),
      ...(receivingCodec && { receivingCodec }),
      ...(sendingCodec && { sendingCodec }),
    };
  }

  #remoteStats(): Partial<LegStats> {
    const report = this.#rtcp.remoteReport;
    if (!report) return {};
    const rate = CLOCK_RATES[this.#sentCodec ?? 'PCMU'];
    return {
      remoteFractionLost: report.fractionLost,
      remoteJitterMs: (report.jitter * 1_000) / rate,
      ...(report.roundTripMs !== undefined && { roundTripMs: report.roundTripMs }),
    };
  }

  #canSend(): boolean {
    return this.#wanted && this.#options.transport.ready;
  }

  #payloadType(codec: Payload['codec'], clockRate: number): number | undefined {
    return this.#agreement?.sendable.find(
      (one) => one.codec === codec && one.clockRate === clockRate,
    )?.payloadType;
  }

  #received(payloadType: number): Payload | undefined {
    return this.#agreement?.receivable.find((one) => one.payloadType === payloadType);
  }

  #count(packet: RtpPacket, payload: Payload, length: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#heardAt = nowMs;
    this.#receivedPackets += 1;
    this.#receivedBytes += length;
    const { ssrc, sequence, timestamp } = packet;
    // An event's timestamp stands still while it lasts, which is no jitter.
    const received = { ssrc, sequence, timestamp, clockRate: payload.clockRate, nowMs };
    this.#reception.take(received, payload.codec !== 'telephone-event');
  }
}
