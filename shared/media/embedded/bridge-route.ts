/** One direction of a bridge: what one leg says goes to another, in a codec that the other takes. */
import { codecTowards } from '../codec-plan.ts';
import type { CodecName } from '../engine.ts';
import { createConverter } from '../music/converter.ts';
import type { Converter } from '../music/converter.ts';
import type { AudioSink, SendableAudio, SendableEvent } from './leg-streams.ts';
import type { RtpPacket } from './rtp/rtp-packet.ts';
import type { SourceToken } from './rtp/outgoing-stream.ts';

/** A leg, as a bridge sees it. */
export interface BridgeListener {
  /** Best first; empty while nothing can be sent. */
  readonly takes: readonly CodecName[];
  sendAudio(audio: SendableAudio): void;
  sendEvent(event: SendableEvent): void;
}

export class BridgeRoute implements AudioSink {
  readonly #to: BridgeListener;
  readonly #onFirst: () => void;
  /** A new SSRC is a new source: its numbering has nothing to do with the old one's. */
  #source: { readonly ssrc: number; readonly token: SourceToken } | undefined;
  #conversion:
    { readonly from: CodecName; readonly to: CodecName; readonly converter: Converter } | undefined;

  /** @param onFirst runs once, before the first packet that the listener can take is sent */
  constructor(to: BridgeListener, onFirst: () => void) {
    this.#to = to;
    this.#onFirst = onFirst;
  }

  audio(packet: RtpPacket, codec: CodecName): void {
    const target = codecTowards(this.#to.takes, codec);
    if (target === undefined) return; // a re-INVITE is on its way, or the listener holds
    const { sequence, timestamp, marker } = packet;
    const payload = this.#convert(packet.payload, codec, target);
    this.#to.sendAudio({
      source: this.#tokenFor(packet),
      codec: target,
      sequence,
      timestamp,
      marker,
      payload,
    });
  }

  event(packet: RtpPacket, clockRate: number): void {
    const { sequence, timestamp, payload } = packet;
    const source = this.#tokenFor(packet);
    this.#to.sendEvent({ source, sequence, timestamp, clockRate, payload });
  }

  #tokenFor({ ssrc }: RtpPacket): SourceToken {
    if (!this.#source) this.#onFirst();
    if (this.#source?.ssrc !== ssrc) this.#source = { ssrc, token: {} };
    return this.#source.token;
  }

  #convert(payload: Uint8Array, from: CodecName, to: CodecName): Uint8Array {
    if (from === to || from === 'opus' || to === 'opus') return payload;
    if (this.#conversion?.from !== from || this.#conversion.to !== to) {
      this.#conversion = { from, to, converter: createConverter(from, to) };
    }
    return this.#conversion.converter.convert(payload);
  }
}
