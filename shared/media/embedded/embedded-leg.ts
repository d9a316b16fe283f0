/** One leg of the embedded engine: its negotiation, its transport, the stream it sends and the stream it receives. Who feeds whom is the engine's business. */
import { onDispose } from '../../domain/disposable.ts';
import type { Disposable } from '../../domain/disposable.ts';
import { ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type {
  CodecName,
  CreateAnswerOptions,
  CreateOfferOptions,
  GoneReason,
  Hearing,
  LegKind,
  LegRecord,
  LegStats,
  MediaLeg,
  MediaRefusal,
  OpenLegOptions,
  RemoteHold,
} from '../engine.ts';
import { LegStreams } from './leg-streams.ts';
import type { AudioSink, LegStreamOptions, SendableAudio, SendableEvent } from './leg-streams.ts';
import type { LegTransport, TransportEvents } from './leg-transport.ts';
import { Listeners } from './listeners.ts';
import { Negotiation } from './negotiation.ts';
import type { Agreement } from './negotiation.ts';

export interface EmbeddedLegOptions extends OpenLegOptions {
  readonly id: string;
  readonly kind: LegKind;
  readonly sessionId: string;
  readonly cname: string;
  readonly streams: Omit<LegStreamOptions, 'transport' | 'onDigit' | 'cname'>;
  /** The far side has agreed not to hear us for now. */
  readonly onHeld: (leg: EmbeddedLeg) => void;
  readonly onClose: (leg: EmbeddedLeg) => void;
}

/** @returns undefined when there is no port left */
export type OpenTransport = (events: TransportEvents) => LegTransport | undefined;

export class EmbeddedLeg implements MediaLeg {
  readonly id: string;
  readonly legName: string;
  readonly kind: LegKind;
  readonly #options: EmbeddedLegOptions;
  readonly #negotiation: Negotiation;
  readonly #transport: LegTransport;
  readonly #streams: LegStreams;
  readonly #connectedRuns = new Listeners<[]>();
  readonly #digitRuns = new Listeners<[string]>();
  readonly #goneRuns = new Listeners<[GoneReason]>();
  #hearing: Hearing = { kind: 'silence' };
  #connected = false;
  #gone = false;
  #closed = false;

  static open(options: EmbeddedLegOptions, openTransport: OpenTransport): EmbeddedLeg | undefined {
    const made: { leg?: EmbeddedLeg } = {};
    const transport = openTransport({
      onRtp: (packet, length) => made.leg?.receiveRtp(packet, length),
      onRtcp: (packet) => made.leg?.receiveRtcp(packet),
      onReady: () => made.leg?.becomeConnected(),
      onGone: (reason) => made.leg?.becomeGone(reason),
      onRejected: () => made.leg?.countRejected(),
    });
    if (!transport) return undefined;
    made.leg = new EmbeddedLeg(options, transport);
    return made.leg;
  }

  private constructor(options: EmbeddedLegOptions, transport: LegTransport) {
    this.#options = options;
    this.id = options.id;
    this.legName = options.legName;
    this.kind = options.kind;
    this.#transport = transport;
    const { cname, sessionId, kind, legName } = options;
    this.#streams = new LegStreams({
      ...options.streams,
      cname,
      transport,
      onDigit: (digit) => this.#digitRuns.emit(digit),
    });
    this.#negotiation = new Negotiation({
      kind,
      legName,
      sessionId,
      cname,
      ssrc: options.streams.ssrc,
      describe: (purpose) => transport.describe(purpose),
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get hearing(): Hearing {
    return this.#hearing;
  }

  get remoteCodecs(): readonly CodecName[] {
    return this.#negotiation.remoteCodecs;
  }

  get knownCodecs(): readonly CodecName[] {
    return this.#negotiation.knownCodecs;
  }

  get receivingCodec(): CodecName | undefined {
    return this.#streams.receivingCodec;
  }

  get sendingCodec(): CodecName | undefined {
    return this.#streams.sendingCodec;
  }

  get remoteHold(): RemoteHold {
    const remote = this.#negotiation.agreement?.remote;
    if (!remote) return 'none';
    if (remote.direction === 'inactive') return 'inactive';
    return remote.direction === 'sendonly' || remote.nullAddress ? 'sendonly' : 'none';
  }

  createOffer(options: CreateOfferOptions): string {
    this.#mustBeOpen();
    return this.#negotiation.createOffer(options);
  }

  applyAnswer(sdp: string): Result<void, MediaRefusal> {
    this.#mustBeOpen();
    const agreed = this.#negotiation.applyAnswer(sdp);
    if (!agreed.ok) return agreed;
    this.#commit(agreed.value);
    return ok(undefined);
  }

  applyOffer(sdp: string): Result<void, MediaRefusal> {
    this.#mustBeOpen();
    return this.#negotiation.stageOffer(sdp);
  }

  createAnswer(options: CreateAnswerOptions): string {
    this.#mustBeOpen();
    const { sdp, agreement } = this.#negotiation.answer(options.prefer);
    this.#commit(agreement);
    return sdp;
  }

  discardPending(): void {
    this.#negotiation.discard();
  }

  onConnected(run: () => void): Disposable {
    if (!this.#connected) return this.#connectedRuns.add(run);
    run();
    return onDispose(() => undefined);
  }

  onDtmf(run: (digit: string) => void): Disposable {
    return this.#digitRuns.add(run);
  }

  onGone(run: (reason: GoneReason) => void): Disposable {
    return this.#goneRuns.add(run);
  }

  stats(): LegStats {
    return this.#streams.stats();
  }

  record(): LegRecord {
    const { signallingAddress, localAddress } = this.#options;
    return {
      ...this.#negotiation.record(),
      ...(signallingAddress !== undefined && { signallingAddress }),
      ...(localAddress !== undefined && { localAddress }),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose(this);
    this.#streams.listen(undefined);
    this.#transport.close();
    for (const runs of [this.#connectedRuns, this.#digitRuns, this.#goneRuns]) runs.clear();
  }

  // What follows is for the engine alone; call control sees `MediaLeg`.

  /** Continues a recorded leg. */
  resume(record: LegRecord): void {
    this.#negotiation.resume(record);
  }

  /** What the leg can be sent now, best first; empty while its far side does not want to hear. */
  get takes(): readonly CodecName[] {
    return this.#streams.takes;
  }

  /** Routes what the leg says. */
  listen(sink: AudioSink | undefined): void {
    this.#streams.listen(sink);
  }

  /** Notes what the leg hears now; a change ends the old source. */
  hear(hearing: Hearing): void {
    this.#hearing = hearing;
    if (hearing.kind === 'silence') this.#streams.interrupt();
  }

  sendAudio(audio: SendableAudio): void {
    this.#streams.sendAudio(audio);
  }

  sendEvent(event: SendableEvent): void {
    this.#streams.sendEvent(event);
  }

  /** About twice a second. */
  tick(nowMs: number, stalledMs: number): void {
    this.#streams.sendDueReport();
    this.#transport.checkLiveness(nowMs, stalledMs);
  }

  receiveRtp(packet: Buffer, length: number): void {
    if (!this.#closed) this.#streams.receiveRtp(packet, length);
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
    this.#connectedRuns.emit();
    this.#connectedRuns.clear();
  }

  becomeGone(reason: GoneReason): void {
    if (this.#gone || this.#closed) return;
    this.#gone = true;
    this.#goneRuns.emit(reason);
  }

  #commit(agreement: Agreement): void {
    const { direction, nullAddress } = agreement.remote;
    const wanted = !nullAddress && (direction === 'sendrecv' || direction === 'recvonly');
    this.#streams.agree(agreement, wanted);
    this.#transport.commit(agreement.remote);
    if (!wanted) this.#options.onHeld(this);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error(`${this.legName}: closed`);
  }
}
