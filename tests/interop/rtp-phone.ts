/** A desk phone without SIP: plain RTP on a UDP socket, a tone of its own, and an ear for frequencies. Independent of the engine's own RTP code but for the codecs. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { decodeG711, encodeG711 } from '../../shared/media/music/g711.ts';
import { G722Decoder, G722Encoder } from '../../shared/media/music/g722.ts';

type PhoneCodec = 'PCMU' | 'PCMA' | 'G722';
const PAYLOAD_TYPES: Readonly<Record<PhoneCodec, number>> = { PCMU: 0, PCMA: 8, G722: 9 };

export interface HeardPacket {
  readonly at: number;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

interface PhoneOptions {
  readonly hertz: number;
  readonly codec: PhoneCodec;
  /** Length of its packets; default 20. */
  readonly frameMs?: number;
  /** Every fourth packet is comfort noise (RFC 3389), as phones send that say little. */
  readonly comfortNoise?: boolean;
}

const COMFORT_NOISE = 13;

export class RtpPhone {
  readonly #frameMs: number;
  readonly #comfortNoise: boolean;
  readonly codec: PhoneCodec;
  readonly digits: string[] = [];
  readonly packets: HeardPacket[] = [];
  readonly #socket: Socket;
  readonly #hertz: number;
  readonly #g722Encoder = new G722Encoder();
  readonly #g722Decoder = new G722Decoder();
  #timer: NodeJS.Timeout | undefined;
  #recent: Int16Array = new Int16Array(0);
  #sequence = 40_000;
  #timestamp = 4_000_000_000;
  #sample = 0;
  #target: { address: string; port: number } | undefined;
  #eventPayload = -1;
  #lastEvent = -1;

  static open(options: PhoneOptions): RtpPhone {
    return new RtpPhone(options);
  }

  private constructor({ hertz, codec, frameMs = 20, comfortNoise = false }: PhoneOptions) {
    this.#hertz = hertz;
    this.codec = codec;
    this.#frameMs = frameMs;
    this.#comfortNoise = comfortNoise;
    const lookup = (
      name: string,
      options: unknown,
      done: (error: null, address: string, family: number) => void,
    ): void => (typeof options === 'function' ? options(null, name, 4) : done(null, name, 4));
    this.#socket = createSocket({ type: 'udp4', lookup });
    this.#socket.bind(0, '127.0.0.1');
    this.#socket.on('message', (packet) => this.#receive(packet));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get #rate(): number {
    return this.codec === 'G722' ? 16_000 : 8_000;
  }

  offer(direction = 'sendrecv'): string {
    const payloadType = PAYLOAD_TYPES[this.codec];
    return [
      'v=0',
      'o=desk 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.port} RTP/AVP ${payloadType} 101 13`,
      `a=rtpmap:${payloadType} ${this.codec}/8000`,
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Begins to send its tone to where the answer says. */
  takeAnswer(sdp: string): void {
    const port = Number(/^m=audio (\d+) /m.exec(sdp)?.[1]);
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '';
    this.#eventPayload = Number(/^a=rtpmap:(\d+) telephone-event\/8000/m.exec(sdp)?.[1] ?? -1);
    this.#target = { address, port };
    this.#timer ??= setInterval(() => this.#sendFrame(), this.#frameMs);
  }

  silence(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.silence();
    this.#socket.close();
  }

  /** Waits until the newest 200 ms are mostly the tone. */
  async hears(hertz: number, withinMs = 4_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(this.share(hertz) > 0.6)) {
      if (Date.now() > deadline) throw new Error(`did not hear ${hertz} Hz: ${this.share(hertz)}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** Waits until the newest 200 ms are anything but silence. */
  /** No packet of sound for half a second, before `withinMs` are over. */
  async hearsNothing(withinMs = 4_000): Promise<void> {
    const until = performance.now() + withinMs;
    for (;;) {
      const heard = this.packets.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (this.packets.length === heard) return;
      if (performance.now() > until) throw new Error('packets still come');
    }
  }

  async hearsSound(withinMs = 4_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!this.#recent.some((sample) => Math.abs(sample) > 1_500)) {
      if (Date.now() > deadline) throw new Error('heard nothing');
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** How much of the recent sound's power is at the frequency, 0–1; NaN in silence. */
  share(hertz: number): number {
    const samples = this.#recent;
    let cos = 0;
    let sin = 0;
    let power = 0;
    samples.forEach((sample, i) => {
      const phase = (2 * Math.PI * hertz * i) / this.#rate;
      cos += sample * Math.cos(phase);
      sin += sample * Math.sin(phase);
      power += sample * sample;
    });
    if (power < samples.length * 10_000) return Number.NaN;
    return (2 * (cos * cos + sin * sin)) / (samples.length * power);
  }

  #sendFrame(): void {
    if (!this.#target) return;
    if (this.#comfortNoise && this.#sequence % 4 === 0)
      this.#send(COMFORT_NOISE, Uint8Array.of(70));
    const samples = Int16Array.from({ length: (this.#rate * this.#frameMs) / 1_000 }, () => {
      const phase = (2 * Math.PI * this.#hertz * this.#sample++) / this.#rate;
      return 9_000 * Math.sin(phase);
    });
    const payload =
      this.codec === 'G722' ? this.#g722Encoder.encode(samples) : encodeG711(this.codec, samples);
    this.#send(PAYLOAD_TYPES[this.codec], payload);
    this.#timestamp += 8 * this.#frameMs;
  }

  #send(payloadType: number, payload: Uint8Array): void {
    if (!this.#target) return;
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = payloadType;
    packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    packet.writeUInt32BE(this.#timestamp >>> 0, 4);
    packet.writeUInt32BE(0x0de5_0de5, 8);
    packet.set(payload, 12);
    this.#socket.send(packet, this.#target.port, this.#target.address);
  }

  #receive(packet: Buffer): void {
    const payloadType = packet.readUInt8(1) & 0x7f;
    const timestamp = packet.readUInt32BE(4);
    this.packets.push({
      at: performance.now(),
      payloadType,
      marker: packet.readUInt8(1) > 127,
      sequence: packet.readUInt16BE(2),
      timestamp,
      ssrc: packet.readUInt32BE(8),
    });
    if (payloadType === this.#eventPayload) {
      const ended = (packet.readUInt8(13) & 0x80) !== 0;
      if (ended && timestamp !== this.#lastEvent) {
        this.digits.push('0123456789*#ABCD'.charAt(packet.readUInt8(12)));
        this.#lastEvent = timestamp;
      }
    }
    if (payloadType !== PAYLOAD_TYPES[this.codec]) return;
    const payload = packet.subarray(12);
    const samples =
      this.codec === 'G722' ? this.#g722Decoder.decode(payload) : decodeG711(this.codec, payload);
    const kept = this.#recent.slice(-(this.#rate / 5 - samples.length));
    this.#recent = Int16Array.of(...kept, ...samples);
  }
}
