/** RTCP of our own, SR or RR with SDES CNAME (RFC 3550 §6), never relayed; and what the far side's reports say about us. */
import type { OutgoingStream } from './outgoing-stream.ts';
import type { Reception, ReceptionReport } from './reception.ts';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const CNAME = 1;
const NTP_EPOCH_OFFSET_S = 2_208_988_800;
/** RFC 3550 §6.2's minimum, spread by half to either side (§6.3.1); the first one comes early. */
const INTERVAL_MS = 5_000;
const FIRST_AFTER_MS = 1_000;

export interface RemoteReport {
  /** 0–1. */
  readonly fractionLost: number;
  /** In timestamp units. */
  readonly jitter: number;
  readonly roundTripMs?: number;
}

export interface RtcpOptions {
  readonly outgoing: OutgoingStream;
  readonly reception: Reception;
  readonly cname: string;
  readonly monotonicMs: () => number;
  readonly wallMs: () => number;
  /** 0 (included) to 1, for spreading reports. */
  readonly random: () => number;
}

/** 64 bits of NTP time. */
function ntp(wallMs: number): { readonly seconds: number; readonly fraction: number } {
  const seconds = Math.floor(wallMs / 1_000);
  return {
    seconds: (seconds + NTP_EPOCH_OFFSET_S) % 2 ** 32,
    fraction: Math.floor(((wallMs - seconds * 1_000) / 1_000) * 2 ** 32),
  };
}

/** The middle 32 bits, as LSR and DLSR count: 1/65536 s. */
function middle(time: { readonly seconds: number; readonly fraction: number }): number {
  return ((time.seconds % 65_536) * 65_536 + Math.floor(time.fraction / 65_536)) >>> 0;
}

export class RtcpSession {
  readonly #options: RtcpOptions;
  #nextAt: number;
  #remoteSenderReport: { readonly lsr: number; readonly heardAt: number } | undefined;
  #remote: RemoteReport | undefined;

  constructor(options: RtcpOptions) {
    this.#options = options;
    this.#nextAt = options.monotonicMs() + FIRST_AFTER_MS;
  }

  /** The far side's last report about our stream. */
  get remoteReport(): RemoteReport | undefined {
    return this.#remote;
  }

  /** A report, when one is due. */
  due(): Buffer | undefined {
    const nowMs = this.#options.monotonicMs();
    if (nowMs < this.#nextAt) return undefined;
    this.#nextAt = nowMs + INTERVAL_MS * (0.5 + this.#options.random());
    return Buffer.concat([this.#report(nowMs), this.#description()]);
  }

  /** A compound packet from the far side; what does not fit is ignored. */
  receive(packet: Buffer): void {
    for (let at = 0; at + 8 <= packet.length;) {
      const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
      if (end > packet.length || packet.readUInt8(at) >>> 6 !== 2) return;
      const type = packet.readUInt8(at + 1);
      const blocks = packet.readUInt8(at) & 0x1f;
      if (type === SENDER_REPORT && end - at >= 28) {
        this.#takeSenderReport(packet, at);
        this.#takeBlocks(packet.subarray(at + 28, end), blocks);
      } else if (type === RECEIVER_REPORT) this.#takeBlocks(packet.subarray(at + 8, end), blocks);
      at = end;
    }
  }

  #takeSenderReport(packet: Buffer, at: number): void {
    const time = { seconds: packet.readUInt32BE(at + 8), fraction: packet.readUInt32BE(at + 12) };
    this.#remoteSenderReport = { lsr: middle(time), heardAt: this.#options.monotonicMs() };
  }

  #takeBlocks(blocks: Buffer, count: number): void {
    for (let i = 0; i < count && (i + 1) * 24 <= blocks.length; i++) {
      const block = blocks.subarray(i * 24, (i + 1) * 24);
      if (block.readUInt32BE(0) !== this.#options.outgoing.ssrc) continue;
      const roundTripMs = this.#roundTrip(block.readUInt32BE(16), block.readUInt32BE(20));
      this.#remote = {
        fractionLost: block.readUInt8(4) / 256,
        jitter: block.readUInt32BE(12),
        ...(roundTripMs !== undefined && { roundTripMs }),
      };
    }
  }

  /** RFC 3550 §6.4.1: arrival − LSR − DLSR. */
  #roundTrip(lsr: number, dlsr: number): number | undefined {
    if (lsr === 0) return undefined;
    const arrival = middle(ntp(this.#options.wallMs()));
    const units = (arrival - lsr - dlsr) | 0;
    return units < 0 ? 0 : (units * 1_000) / 65_536;
  }

  #report(nowMs: number): Buffer {
    const { outgoing, reception } = this.#options;
    const sent = outgoing.snapshot();
    const heard = reception.report();
    const senderLength = sent ? 20 : 0;
    const packet = Buffer.alloc(8 + senderLength + (heard ? 24 : 0));
    packet.writeUInt8(0x80 | (heard ? 1 : 0), 0);
    packet.writeUInt8(sent ? SENDER_REPORT : RECEIVER_REPORT, 1);
    packet.writeUInt16BE(packet.length / 4 - 1, 2);
    packet.writeUInt32BE(outgoing.ssrc, 4);
    if (sent) {
      const time = ntp(this.#options.wallMs());
      packet.writeUInt32BE(time.seconds, 8);
      packet.writeUInt32BE(time.fraction, 12);
      packet.writeUInt32BE(sent.timestamp, 16);
      packet.writeUInt32BE(sent.packets >>> 0, 20);
      packet.writeUInt32BE(sent.octets >>> 0, 24);
    }
    if (heard) this.#writeBlock(packet.subarray(8 + senderLength), heard, nowMs);
    return packet;
  }

  #writeBlock(block: Buffer, heard: ReceptionReport, nowMs: number): void {
    const last = this.#remoteSenderReport;
    block.writeUInt32BE(heard.ssrc, 0);
    block.writeUInt8(heard.fractionLost, 4);
    block.writeUIntBE(Math.min(heard.cumulativeLost, 0x7f_ffff), 5, 3);
    block.writeUInt32BE(heard.highestSequence, 8);
    block.writeUInt32BE(heard.jitter, 12);
    if (!last) return;
    block.writeUInt32BE(last.lsr, 16);
    block.writeUInt32BE(Math.round(((nowMs - last.heardAt) * 65_536) / 1_000) >>> 0, 20);
  }

  #description(): Buffer {
    const name = Buffer.from(this.#options.cname);
    // One chunk: SSRC, CNAME item, at least one zero octet, padded to 32 bits (RFC 3550 §6.5).
    const length = (4 + 4 + 2 + name.length + 1 + 3) & ~3;
    const packet = Buffer.alloc(length);
    packet.writeUInt8(0x81, 0);
    packet.writeUInt8(SOURCE_DESCRIPTION, 1);
    packet.writeUInt16BE(length / 4 - 1, 2);
    packet.writeUInt32BE(this.#options.outgoing.ssrc, 4);
    packet.writeUInt8(CNAME, 8);
    packet.writeUInt8(name.length, 9);
    name.copy(packet, 10);
    return packet;
  }
}
