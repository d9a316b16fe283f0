/** One leg of the embedded engine, as call control sees it: what was agreed and what became of it. Its packets are the loop's business, who feeds whom the engine's. */
import { assertNever } from '../../domain/assert-never.ts';
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
import type { LegDescription } from './leg-description.ts';
import type { DescriptionPurpose, LocalTransport } from './leg-transport.ts';
import { Listeners } from './listeners.ts';
import type { LoopEvent, MediaLoop } from './loop/media-loop.ts';
import { codecsOf, Negotiation } from './negotiation.ts';
import type { Agreement } from './negotiation.ts';

export interface EmbeddedLegOptions extends OpenLegOptions {
  readonly id: string;
  readonly kind: LegKind;
  readonly sessionId: string;
  readonly cname: string;
  readonly ssrc: number;
  readonly description: LegDescription;
  readonly loop: Pick<MediaLoop, 'post' | 'stats'>;
  readonly onClose: (leg: EmbeddedLeg) => void;
}

export class EmbeddedLeg implements MediaLeg {
  readonly id: string;
  readonly legName: string;
  readonly kind: LegKind;
  readonly #options: EmbeddedLegOptions;
  readonly #negotiation: Negotiation;
  readonly #connectedRuns = new Listeners<[]>();
  readonly #digitRuns = new Listeners<[string]>();
  readonly #goneRuns = new Listeners<[GoneReason]>();
  #hearing: Hearing = { kind: 'silence' };
  /** How often an exchange was agreed: news of the loop from before the last time is old. */
  #round = 0;
  #heardCodec: CodecName | undefined;
  #sentCodec: CodecName | undefined;
  #connected = false;
  #gone = false;
  #closed = false;

  constructor(options: EmbeddedLegOptions) {
    this.#options = options;
    const { id, legName, kind, cname, sessionId, ssrc } = options;
    this.id = id;
    this.legName = legName;
    this.kind = kind;
    const describe = (purpose: DescriptionPurpose): LocalTransport => this.#describe(purpose);
    this.#negotiation = new Negotiation({ kind, legName, sessionId, cname, ssrc, describe });
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
    return this.#heardCodec ?? codecsOf(this.#negotiation.agreement?.sendable ?? [])[0];
  }

  get sendingCodec(): CodecName | undefined {
    return this.#sentCodec;
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

  get takesDtmf(): boolean {
    const { agreement } = this.#negotiation;
    if (this.#closed || agreement === undefined || !wants(agreement)) return false;
    return agreement.sendable.some(({ codec }) => codec === 'telephone-event');
  }

  sendDtmf(digit: string, durationMs: number): void {
    if (!this.takesDtmf) return;
    this.#options.loop.post({ kind: 'send-digit', leg: this.id, digit, durationMs });
  }

  onGone(run: (reason: GoneReason) => void): Disposable {
    return this.#goneRuns.add(run);
  }

  stats(): LegStats {
    const stats = this.#options.loop.stats(this.id);
    if (!stats) throw new Error(`${this.legName}: closed`);
    return stats;
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
    this.#options.loop.post({ kind: 'close', leg: this.id });
    for (const runs of [this.#connectedRuns, this.#digitRuns, this.#goneRuns]) runs.clear();
  }

  // What follows is for the engine alone; call control sees `MediaLeg`.

  /** Continues a recorded leg. */
  resume(record: LegRecord): void {
    this.#negotiation.resume(record);
  }

  /** Notes what the leg hears now. */
  hear(hearing: Hearing): void {
    this.#hearing = hearing;
  }

  /** Something happened to the leg's packets. */
  take(event: LoopEvent): void {
    if (this.#closed) return;
    switch (event.kind) {
      case 'connected':
        return this.#becomeConnected();
      case 'gone':
        return this.#becomeGone(event.reason);
      case 'digit':
        return this.#digitRuns.emit(event.digit);
      case 'heard':
        if (event.round === this.#round) this.#heardCodec = event.codec;
        return;
      case 'sent':
        this.#sentCodec = event.codec;
        return;
      case 'finished':
        return; // What follows a playback is the engine's business.
      default:
        return assertNever(event);
    }
  }

  #becomeConnected(): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#connectedRuns.emit();
    this.#connectedRuns.clear();
  }

  #becomeGone(reason: GoneReason): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#goneRuns.emit(reason);
  }

  #describe(purpose: DescriptionPurpose): LocalTransport {
    const { description, loop } = this.#options;
    const local = description.describe(purpose);
    loop.post({ kind: 'prepare', leg: this.id, local });
    return local;
  }

  #commit(agreed: Agreement): void {
    const { remote, sendable, receivable } = agreed;
    const { transport, address, port, rtcpPort, nullAddress } = remote;
    const wanted = wants(agreed);
    this.#round += 1;
    this.#heardCodec = undefined;
    this.#options.description.commit(remote);
    const path = { transport, address, port, rtcpPort, nullAddress };
    const agreement = { round: this.#round, remote: path, sendable, receivable, wanted };
    this.#options.loop.post({ kind: 'commit', leg: this.id, agreement });
    // Without ICE and DTLS there is nothing to wait for.
    if (this.kind !== 'webrtc') this.#becomeConnected();
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error(`${this.legName}: closed`);
  }
}

/** The far side wants to hear us. */
function wants({ remote: { direction, nullAddress } }: Agreement): boolean {
  return !nullAddress && (direction === 'sendrecv' || direction === 'recvonly');
}
