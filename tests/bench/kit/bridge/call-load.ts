/** Calls that both sides speak in, 50 packets a second each way, every packet opened and looked at where it arrives. */
import { setTimeout as pause } from 'node:timers/promises';
import type { DtlsCertificate } from '../../../../shared/media/embedded/dtls/certificate.ts';
import {
  looksLikeRtcp,
  readRtp,
  writeRtpHeader,
} from '../../../../shared/media/embedded/rtp/rtp-packet.ts';
import { quantile } from '../../frame/statistics.ts';
import type { Bridge } from './bridge.ts';
import { SecurePhone, type SecureMedia } from './secure-phone.ts';

const HEADER = 12;
const PAYLOAD = 160;
const TAG_ROOM = 16;
const PACKETS_PER_SECOND = 50;
const STEP_MS = 2;
/** What is under way when sending ends has so long to arrive. */
const LAST_ONES_MS = 300;
const ATTEMPTS = 5;
/** Handshakes at a time. */
const TOGETHER = 4;

export interface LoadCount {
  readonly sent: number;
  readonly heard: number;
  /** Came after a later one of the same stream. */
  readonly reordered: number;
  /** From the sender's call of `send` to the listener's event, ms. */
  readonly delaysMs: readonly number[];
}

/** One direction of one call. */
class Stream {
  readonly #from: SecurePhone;
  readonly #sender: SecureMedia['sender'];
  readonly #ssrc: number;
  #next = 1;
  #highest = 0;
  sent = 0;
  heard = 0;
  reordered = 0;
  delays: number[] = [];

  constructor(from: SecurePhone, sender: SecureMedia['sender'], ssrc: number) {
    this.#from = from;
    this.#sender = sender;
    this.#ssrc = ssrc;
  }

  begin(): void {
    [this.sent, this.heard, this.reordered] = [0, 0, 0];
    this.delays = [];
  }

  send(): void {
    const number = this.#next++;
    const packet = Buffer.alloc(HEADER + PAYLOAD + TAG_ROOM);
    const sequence = number & 0xffff;
    const timestamp = (number * PAYLOAD) >>> 0;
    writeRtpHeader(packet, {
      payloadType: 0,
      marker: number === 1,
      sequence,
      timestamp,
      ssrc: this.#ssrc,
    });
    packet.writeUInt32BE(number, HEADER);
    packet.writeUInt32BE(this.#ssrc, HEADER + 4);
    packet.writeDoubleBE(performance.now(), HEADER + 8);
    const size = { headerLength: HEADER, length: HEADER + PAYLOAD };
    const end = this.#sender.protectRtp(packet, size, Math.floor(number / 65_536));
    this.#from.send(packet.subarray(0, end));
    this.sent += 1;
  }

  /** At the other end. A packet of another call, or one that does not open, counts as not heard. */
  hear(packet: Buffer, receiver: SecureMedia['receiver']): void {
    if (looksLikeRtcp(packet)) return;
    const opened = receiver.unprotectRtp(packet);
    const rtp = opened.kind === 'ok' ? readRtp(packet, opened.length) : undefined;
    if (!rtp || rtp.payload.readUInt32BE(4) !== this.#ssrc) return;
    const number = rtp.payload.readUInt32BE(0);
    this.delays.push(performance.now() - rtp.payload.readDoubleBE(8));
    this.heard += 1;
    if (number < this.#highest) this.reordered += 1;
    else this.#highest = number;
  }
}

interface Party {
  readonly phone: SecurePhone;
  readonly media: SecureMedia;
}

export class CallLoad {
  readonly #phones: SecurePhone[] = [];
  readonly #streams: Stream[] = [];
  readonly #certificate: DtlsCertificate;

  constructor(certificate: DtlsCertificate) {
    this.#certificate = certificate;
  }

  get calls(): number {
    return this.#phones.length / 2;
  }

  get ports(): readonly number[] {
    return this.#phones.map(({ port }) => port);
  }

  /** Adds calls until there are so many. */
  async grow(calls: number, bridge: Bridge): Promise<void> {
    while (this.calls < calls) {
      const count = Math.min(TOGETHER, calls - this.calls);
      const first = this.calls;
      await Promise.all(Array.from({ length: count }, (_, n) => this.#add(first + n, bridge)));
    }
  }

  /** About one handshake in twenty with rtpengine never ends; such a call is tried again. */
  async #add(call: number, bridge: Bridge): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const [a, b] = [SecurePhone.open(this.#certificate), SecurePhone.open(this.#certificate)];
      const offers = [a.offer(bridge.ice), b.offer(bridge.ice)] as const;
      const [toA, toB] = await bridge.connect(`call-${call}-${attempt}`, offers);
      const media = await Promise.allSettled([a.connect(toA), b.connect(toB)]);
      const [mediaA, mediaB] = media;
      if (mediaA.status === 'fulfilled' && mediaB.status === 'fulfilled') {
        this.#join(call, { phone: a, media: mediaA.value }, { phone: b, media: mediaB.value });
        return;
      }
      a.close();
      b.close();
      if (attempt === ATTEMPTS) throw new Error(`${bridge.name}: call ${call} does not connect`);
    }
  }

  #join(
    call: number,
    { phone: a, media: mediaA }: Party,
    { phone: b, media: mediaB }: Party,
  ): void {
    const [fromA, fromB] = [
      new Stream(a, mediaA.sender, 2 * call + 1),
      new Stream(b, mediaB.sender, 2 * call + 2),
    ];
    a.onPacket = (packet) => fromB.hear(packet, mediaA.receiver);
    b.onPacket = (packet) => fromA.hear(packet, mediaB.receiver);
    this.#phones.push(a, b);
    this.#streams.push(fromA, fromB);
  }

  /** Speaks for a while in all calls, the streams spread evenly over each 20 ms. */
  async speak(seconds: number): Promise<LoadCount> {
    for (const stream of this.#streams) stream.begin();
    const [startedAt, count] = [performance.now(), this.#streams.length];
    const whole = Math.round(seconds * PACKETS_PER_SECOND) * count;
    for (let sent = 0; sent < whole; await pause(STEP_MS)) {
      const elapsed = (performance.now() - startedAt) / 1_000;
      const due = Math.min(whole, Math.floor(elapsed * PACKETS_PER_SECOND * count));
      for (; sent < due; sent += 1) this.#streams[sent % count]?.send();
    }
    await pause(LAST_ONES_MS);
    const sum = (of: (stream: Stream) => number): number =>
      this.#streams.reduce((all, stream) => all + of(stream), 0);
    return {
      sent: sum(({ sent }) => sent),
      heard: sum(({ heard }) => heard),
      reordered: sum(({ reordered }) => reordered),
      delaysMs: this.#streams.flatMap(({ delays }) => delays),
    };
  }

  close(): void {
    for (const phone of this.#phones) phone.close();
  }
}

/** 999 of 1,000 packets are quicker. */
export const lateMs = ({ delaysMs }: LoadCount): number => quantile(delaysMs, 0.999);
