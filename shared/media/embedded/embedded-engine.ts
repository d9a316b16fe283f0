/** The embedded adapter of the media port: everything in this process, no native code. Decides at once; a loop carries it out. */
import { randomBytes, randomInt } from 'node:crypto';
import { assertNever } from '../../domain/assert-never.ts';
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { planBridge } from '../codec-plan.ts';
import type {
  AudioClip,
  AudioRefusal,
  BridgePlan,
  LegKind,
  LegRecord,
  MediaEngine,
  MediaLeg,
  MediaRefusal,
  OpenLegOptions,
  PlaySource,
} from '../engine.ts';
import { addressFor, candidatesFrom } from './address-book.ts';
import type { BoundAddress } from './address-book.ts';
import { ClipMaker } from './clip-maker.ts';
import { EmbeddedLeg } from './embedded-leg.ts';
import { RtpDescription, WebRtcDescription } from './leg-description.ts';
import type { LegDescription } from './leg-description.ts';
import type {
  CertificateHandle,
  LegPlace,
  LoopEvent,
  LoopSource,
  MediaLoop,
} from './loop/media-loop.ts';
import { readRemoteAudio, refuse } from './sdp/remote-audio.ts';

/** Identity of a leg over a restore; new ones are drawn at random. */
interface LegIdentity {
  readonly sessionId: string;
  readonly ssrc: number;
}

interface LegSite {
  readonly description: LegDescription;
  readonly place: LegPlace;
}

interface Playback {
  readonly number: number;
  readonly onFinished: () => void;
}

export interface EmbeddedEngineParts {
  readonly loop: MediaLoop;
  /** At least one, best first. */
  readonly addresses: readonly BoundAddress[];
  /** For every leg but restored ones. */
  readonly certificate: CertificateHandle;
}

/** A recording that lies in the loop. */
class LoopClip implements AudioClip {
  readonly number: number;
  readonly durationMs: number;

  constructor(number: number, durationMs: number) {
    this.number = number;
    this.durationMs = durationMs;
  }
}

export class EmbeddedMediaEngine implements MediaEngine {
  readonly #parts: EmbeddedEngineParts;
  readonly #legs = new Map<string, EmbeddedLeg>();
  readonly #playbacks = new Map<EmbeddedLeg, Playback>();
  /** A clip that nobody can play any more is dropped; who hears it goes on hearing it. */
  readonly #clips = new FinalizationRegistry<number>((clip) => this.#drop(clip));
  readonly #maker = new ClipMaker();
  #nextId = 1;
  #closed = false;

  constructor(parts: EmbeddedEngineParts) {
    this.#parts = parts;
    parts.loop.listen((event) => this.#take(event));
  }

  open(options: OpenLegOptions & { readonly kind: LegKind }): Result<EmbeddedLeg, MediaRefusal> {
    return this.#open(options, this.#parts.certificate, newIdentity());
  }

  legFromOffer(offer: string, options: OpenLegOptions): Result<MediaLeg, MediaRefusal> {
    const read = readRemoteAudio(offer);
    if (!read.ok) return read;
    const opened = this.open({ ...options, kind: read.value.transport.kind });
    if (!opened.ok) return opened;
    const staged = opened.value.applyOffer(offer);
    if (staged.ok) return opened;
    opened.value.close();
    return staged;
  }

  async restore(record: LegRecord): Promise<Result<MediaLeg, MediaRefusal>> {
    const { kind, legName, signallingAddress, localAddress, sessionId, ssrc } = record;
    const options = {
      kind,
      legName,
      ...(signallingAddress !== undefined && { signallingAddress }),
      ...(localAddress !== undefined && { localAddress }),
    };
    // A phone that sees a fingerprint it knows believes that its DTLS association still stands, and nothing is heard.
    const certificate = await this.#parts.loop.newCertificate();
    const opened = this.#open(options, certificate, { sessionId, ssrc });
    if (opened.ok) opened.value.resume(record);
    return opened;
  }

  bridge(a: MediaLeg, b: MediaLeg): void {
    const [left, right] = [this.#own(a), this.#own(b)];
    const { hearing } = left;
    if (hearing.kind === 'bridge' && hearing.other === right) return;
    this.#part(left);
    this.#part(right);
    left.hear({ kind: 'bridge', other: right });
    right.hear({ kind: 'bridge', other: left });
    this.#parts.loop.post({ kind: 'bridge', a: left.id, b: right.id });
  }

  play(leg: MediaLeg, source: PlaySource, onFinished: () => void = () => undefined): void {
    const own = this.#own(leg);
    const { hearing } = own;
    if (hearing.kind === 'play' && isSameMusic(hearing.source, source)) return;
    const number = this.#nextId++;
    const order = this.#sourceOf(source);
    this.#part(own);
    own.hear({ kind: 'play', source });
    this.#playbacks.set(own, { number, onFinished });
    this.#parts.loop.post({ kind: 'play', leg: own.id, play: number, source: order });
  }

  silence(leg: MediaLeg): void {
    const own = this.#own(leg);
    this.#part(own);
    own.hear({ kind: 'silence' });
    this.#parts.loop.post({ kind: 'silence', leg: own.id });
  }

  planBridge(a: MediaLeg, b: MediaLeg): BridgePlan {
    return planBridge(a, b);
  }

  async makeClip(wav: Uint8Array): Promise<Result<AudioClip, AudioRefusal>> {
    const made = await this.#maker.make(wav);
    if (!made.ok) return made;
    const { packed, durationMs } = made.value;
    const clip = new LoopClip(this.#nextId++, durationMs);
    this.#parts.loop.post({ kind: 'add-clip', clip: clip.number, packed });
    this.#clips.register(clip, clip.number);
    return ok(clip);
  }

  addMusic(name: string, clip: AudioClip): void {
    this.#parts.loop.post({ kind: 'add-music', name, clip: numberOf(clip) });
  }

  removeMusic(name: string): void {
    this.#parts.loop.post({ kind: 'remove-music', name });
  }

  legCounts(): Readonly<Record<LegKind, number>> {
    const counts = { webrtc: 0, sdes: 0, rtp: 0 };
    for (const leg of this.#legs.values()) counts[leg.kind] += 1;
    return counts;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const leg of [...this.#legs.values()]) leg.close();
    this.#maker.close();
    await this.#parts.loop.close();
  }

  #open(
    options: OpenLegOptions & { readonly kind: LegKind },
    certificate: CertificateHandle,
    { sessionId, ssrc }: LegIdentity,
  ): Result<EmbeddedLeg, MediaRefusal> {
    if (this.#closed) throw new Error('the media engine is closed');
    const site = this.#siteFor(options, certificate);
    if (!site) return err(refuse('no-ports', options.legName).error);
    const { loop } = this.#parts;
    const { description, place } = site;
    const id = `m${this.#nextId++}`;
    const cname = randomBytes(9).toString('base64url');
    const onClose = (closing: EmbeddedLeg): void => this.#forget(closing);
    const leg = new EmbeddedLeg({
      ...options,
      id,
      sessionId,
      cname,
      ssrc,
      description,
      loop,
      onClose,
    });
    this.#legs.set(id, leg);
    const [firstSequence, firstTimestamp] = [randomInt(1, 0x8000), randomInt(2 ** 32)];
    const order = { place, ssrc, cname, firstSequence, firstTimestamp };
    loop.post({ kind: 'open', leg: id, order });
    return ok(leg);
  }

  /** @returns undefined when the port range is used up */
  #siteFor(
    options: OpenLegOptions & { readonly kind: LegKind },
    { number, fingerprint }: CertificateHandle,
  ): LegSite | undefined {
    const { addresses, loop } = this.#parts;
    const { kind, signallingAddress } = options;
    const own = addressFor(addresses, options);
    if (kind === 'webrtc') {
      const candidates = candidatesFrom(addresses, own);
      const description = new WebRtcDescription({ fingerprint, candidates });
      return { description, place: { kind, certificate: number } };
    }
    const port = loop.takePair(own.bind);
    if (port === undefined) return undefined;
    const description = new RtpDescription({ kind, advertised: own.advertised, port });
    return { description, place: { kind, bind: own.bind, port, signallingAddress } };
  }

  #take(event: LoopEvent): void {
    const leg = this.#legs.get(event.leg);
    if (!leg) return;
    if (event.kind === 'finished') this.#finish(leg, event.play);
    else leg.take(event);
  }

  #finish(leg: EmbeddedLeg, play: number): void {
    const playback = this.#playbacks.get(leg);
    if (playback?.number !== play) return; // Replaced while the news was under way.
    this.#playbacks.delete(leg);
    leg.hear({ kind: 'silence' });
    playback.onFinished();
  }

  /** Ends what the leg hears, and with a bridge what its partner hears. */
  #part(leg: EmbeddedLeg): void {
    this.#playbacks.delete(leg);
    const { hearing } = leg;
    if (hearing.kind !== 'bridge') return;
    leg.hear({ kind: 'silence' });
    this.#own(hearing.other).hear({ kind: 'silence' });
  }

  #forget(leg: EmbeddedLeg): void {
    this.#part(leg);
    this.#legs.delete(leg.id);
  }

  #drop(clip: number): void {
    if (!this.#closed) this.#parts.loop.post({ kind: 'drop-clip', clip });
  }

  #sourceOf(source: PlaySource): LoopSource {
    switch (source.kind) {
      case 'music':
        return { kind: 'music', name: source.name };
      case 'tone':
        return source;
      case 'clip':
        return { kind: 'clip', clip: numberOf(source.clip), loop: source.loop };
      default:
        return assertNever(source);
    }
  }

  #own(leg: MediaLeg): EmbeddedLeg {
    if (!(leg instanceof EmbeddedLeg)) throw new Error('a leg of another engine');
    if (this.#legs.get(leg.id) !== leg) throw new Error(`${leg.legName}: closed`);
    return leg;
  }
}

function numberOf(clip: AudioClip): number {
  if (!(clip instanceof LoopClip)) throw new Error('a clip of another engine');
  return clip.number;
}

function newIdentity(): LegIdentity {
  return { sessionId: String(randomInt(1, 2 ** 47)), ssrc: randomInt(1, 2 ** 32) };
}

function isSameMusic(a: PlaySource, b: PlaySource): boolean {
  return a.kind === 'music' && b.kind === 'music' && a.name === b.name;
}
