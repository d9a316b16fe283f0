/** One leg's packets: its transport, the stream it sends and the stream it receives. */
import type { CodecName, LegStats } from '../../engine.ts';
import type { MediaClock } from '../../media-clock.ts';
import { LegStreams } from '../leg-streams.ts';
import type { AudioSink, SendableAudio, SendableEvent } from '../leg-streams.ts';
import type { LegTransport, LocalTransport, TransportEvents } from '../leg-transport.ts';
import type { LegAgreement, LegOrder, LoopEvent, LoopLegId } from './media-loop.ts';

export interface LoopLegOptions {
  readonly id: LoopLegId;
  readonly order: LegOrder;
  readonly clock: MediaClock;
  /** @returns undefined when the pair of the order is not there */
  readonly openTransport: (events: TransportEvents) => LegTransport | undefined;
  readonly tell: (event: LoopEvent) => void;
}

/** What the leg is sent. */
export type Sound =
  | { readonly kind: 'silence' }
  | { readonly kind: 'bridge'; readonly other: LoopLeg }
  | { readonly kind: 'play'; readonly isMusic: boolean };

export class LoopLeg {
  readonly id: LoopLegId;
  readonly #tell: (event: LoopEvent) => void;
  readonly #transport: LegTransport;
  readonly #streams: LegStreams;
  #sound: Sound = { kind: 'silence' };
  #round = 0;
  #heardCodec: CodecName | undefined;
  #sentCodec: CodecName | undefined;
  #connected = false;
  #gone = false;
  #closed = false;

  static open(options: LoopLegOptions): LoopLeg | undefined {
    const { id, tell } = options;
    const made: { leg?: LoopLeg } = {};
    const transport = options.openTransport({
      onRtp: (packet, length) => made.leg?.receiveRtp(packet, length),
      onRtcp: (packet) => made.leg?.receiveRtcp(packet),
      onReady: () => made.leg?.becomeConnected(),
      onGone: (reason) => made.leg?.becomeGone({ kind: 'gone', leg: id, reason }),
      onRejected: () => made.leg?.countRejected(),
    });
    if (!transport) return undefined;
    const { ssrc, firstSequence, firstTimestamp, cname } = options.order;
    const streams = new LegStreams({
      transport,
      clock: options.clock,
      ssrc,
      firstSequence,
      firstTimestamp,
      cname,
      random: Math.random,
      onDigit: (digit) => tell({ kind: 'digit', leg: id, digit }),
    });
    made.leg = new LoopLeg(options, transport, streams);
    return made.leg;
  }

  private constructor(options: LoopLegOptions, transport: LegTransport, streams: LegStreams) {
    this.id = options.id;
    this.#tell = options.tell;
    this.#transport = transport;
    this.#streams = streams;
  }

  /** What the leg can be sent now, best first; empty while its far side does not want to hear. */
  get takes(): readonly CodecName[] {
    return this.#streams.takes;
  }

  get sound(): Sound {
    return this.#sound;
  }

  /** Notes what the leg is sent now; a change ends the old source. */
  hear(sound: Sound): void {
    this.#sound = sound;
    if (sound.kind === 'silence') this.#streams.interrupt();
  }

  prepare(local: LocalTransport): void {
    this.#transport.prepare(local);
  }

  commit(agreement: LegAgreement): void {
    this.#round = agreement.round;
    this.#heardCodec = undefined;
    this.#streams.agree(agreement, agreement.wanted);
    this.#transport.commit(agreement.remote);
  }

  /** Routes what the leg says. */
  listen(sink: AudioSink | undefined): void {
    this.#streams.listen(sink);
  }

  sendAudio(audio: SendableAudio): void {
    this.#streams.sendAudio(audio);
    if (audio.codec === this.#sentCodec || this.#streams.sendingCodec !== audio.codec) return;
    this.#sentCodec = audio.codec;
    this.#tell({ kind: 'sent', leg: this.id, codec: audio.codec });
  }

  sendEvent(event: SendableEvent): void {
    this.#streams.sendEvent(event);
  }

  sendDigit(digit: string, durationMs: number): void {
    this.#streams.sendDigit(digit, durationMs);
  }

  /** About twice a second. */
  tick(nowMs: number, stalledMs: number): void {
    this.#streams.sendDueReport();
    this.#transport.checkLiveness(nowMs, stalledMs);
  }

  receiveRtp(packet: Buffer, length: number): void {
    if (this.#closed) return;
    const codec = this.#streams.receiveRtp(packet, length);
    if (codec === undefined || codec === this.#heardCodec) return;
    this.#heardCodec = codec;
    this.#tell({ kind: 'heard', leg: this.id, round: this.#round, codec });
  }

  receiveRtcp(packet: Buffer): void {
    if (!this.#closed) this.#streams.receiveRtcp(packet);
  }

  countRejected(): void {
    this.#streams.countRejected();
  }

  becomeConnected(): void {
    if (this.#connected || this.#closed) return;
    this.#connected = true;
    this.#tell({ kind: 'connected', leg: this.id });
  }

  becomeGone(event: Extract<LoopEvent, { kind: 'gone' }>): void {
    if (this.#gone || this.#closed) return;
    this.#gone = true;
    this.#tell(event);
  }

  stats(): LegStats {
    return this.#streams.stats();
  }

  close(): void {
    this.#closed = true;
    this.#streams.listen(undefined);
    this.#streams.stop();
    this.#transport.close();
  }
}
