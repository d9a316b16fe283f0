/** The embedded adapter of the media port: everything in this process, no native code. */
import { randomBytes, randomInt } from 'node:crypto';
import { DisposableStore } from '../../domain/disposable.ts';
import type { Disposable } from '../../domain/disposable.ts';
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
import type { MediaClock } from '../media-clock.ts';
import { PreparedAudio, prepareAudio } from '../music/prepared-audio.ts';
import { readWav } from '../music/wav.ts';
import { BridgeRoute } from './bridge-route.ts';
import type { DtlsCertificate } from './dtls/certificate.ts';
import { createDtlsCertificate } from './dtls/certificate.ts';
import { EmbeddedLeg } from './embedded-leg.ts';
import type { LocalNetwork } from './local-network.ts';
import { Player } from './player.ts';
import { readRemoteAudio, refuse } from './sdp/remote-audio.ts';
import type { SoundLibrary } from './sound-library.ts';

const TICK_MS = 500;
/** How long a bridged leg's music waits for the partner's first packet. A muted phone may never send one. */
const LINGER_MS = 1_000;

/** Identity of a leg over a restore; new ones are drawn at random. */
interface LegIdentity {
  readonly sessionId: string;
  readonly ssrc: number;
}

export interface EmbeddedEngineParts {
  readonly network: Pick<LocalNetwork, 'openTransport' | 'close'>;
  readonly certificate: DtlsCertificate;
  readonly sounds: SoundLibrary;
  readonly clock: MediaClock;
  /** Runs once when the engine closes. */
  readonly onClose?: () => void;
}

export class EmbeddedMediaEngine implements MediaEngine {
  readonly #parts: EmbeddedEngineParts;
  readonly #player: Player;
  readonly #legs = new Set<EmbeddedLeg>();
  /** What legs are sent: what they are played, or music that lingers while they are bridged already. */
  readonly #playbacks = new Map<EmbeddedLeg, DisposableStore>();
  #nextId = 1;
  #timer: Disposable | undefined;
  #tickedAt: number;
  #closed = false;

  constructor(parts: EmbeddedEngineParts) {
    this.#parts = parts;
    this.#player = new Player(parts.clock);
    this.#tickedAt = parts.clock.monotonicMs();
    this.#timer = parts.clock.after(TICK_MS, () => this.#tick());
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
    const opened = this.#open(options, await createDtlsCertificate(), { sessionId, ssrc });
    if (opened.ok) opened.value.resume(record);
    return opened;
  }

  bridge(a: MediaLeg, b: MediaLeg): void {
    const [left, right] = [this.#own(a), this.#own(b)];
    const { hearing } = left;
    if (hearing.kind === 'bridge' && hearing.other === right) return;
    const music = [left, right].map((leg) => ({ leg, playback: this.#takeMusic(leg) }));
    this.#part(left);
    this.#part(right);
    left.listen(new BridgeRoute(right, () => this.#stop(right)));
    right.listen(new BridgeRoute(left, () => this.#stop(left)));
    left.hear({ kind: 'bridge', other: right });
    right.hear({ kind: 'bridge', other: left });
    for (const { leg, playback } of music) if (playback) this.#linger(leg, playback);
  }

  play(leg: MediaLeg, source: PlaySource, onFinished: () => void = () => undefined): void {
    const own = this.#own(leg);
    const { hearing } = own;
    if (hearing.kind === 'play' && isSameMusic(hearing.source, source)) return;
    this.#part(own);
    own.hear({ kind: 'play', source });
    const playback = new DisposableStore();
    this.#playbacks.set(own, playback);
    const finish = (): void => {
      this.silence(own);
      onFinished();
    };
    const request = this.#parts.sounds.request(source);
    playback.add(this.#player.start(own, { ...request, onFinished: finish }));
  }

  silence(leg: MediaLeg): void {
    const own = this.#own(leg);
    this.#part(own);
    own.hear({ kind: 'silence' });
  }

  planBridge(a: MediaLeg, b: MediaLeg): BridgePlan {
    return planBridge(a, b);
  }

  async makeClip(wav: Uint8Array): Promise<Result<AudioClip, AudioRefusal>> {
    const pcm = readWav(wav);
    return pcm.ok ? ok(await prepareAudio(pcm.value)) : pcm;
  }

  addMusic(name: string, clip: AudioClip): void {
    if (!(clip instanceof PreparedAudio)) throw new Error('a clip of another engine');
    this.#parts.sounds.addMusic(name, clip);
  }

  legCounts(): Readonly<Record<LegKind, number>> {
    const counts = { webrtc: 0, sdes: 0, rtp: 0 };
    for (const leg of this.#legs) counts[leg.kind] += 1;
    return counts;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const leg of [...this.#legs]) leg.close();
    this.#player.stopAll();
    this.#timer?.dispose();
    this.#parts.network.close();
    this.#parts.onClose?.();
  }

  #open(
    options: OpenLegOptions & { readonly kind: LegKind },
    certificate: DtlsCertificate,
    identity: LegIdentity,
  ): Result<EmbeddedLeg, MediaRefusal> {
    if (this.#closed) throw new Error('the media engine is closed');
    const { clock, network } = this.#parts;
    const leg = EmbeddedLeg.open(
      {
        ...options,
        id: `m${this.#nextId++}`,
        sessionId: identity.sessionId,
        cname: randomBytes(9).toString('base64url'),
        streams: {
          clock,
          ssrc: identity.ssrc,
          firstSequence: randomInt(1, 0x8000),
          firstTimestamp: randomInt(2 ** 32),
          random: Math.random,
        },
        onHeld: (held) => {
          if (held.hearing.kind === 'bridge') this.#stop(held);
        },
        onClose: (closing) => this.#forget(closing),
      },
      (events) => network.openTransport({ ...options, certificate, clock }, events),
    );
    if (!leg) return err(refuse('no-ports', options.legName).error);
    this.#legs.add(leg);
    return ok(leg);
  }

  /** Make before break: takes the leg's music, lingering or not, out of reach of `#part`. */
  #takeMusic(leg: EmbeddedLeg): DisposableStore | undefined {
    const { hearing } = leg;
    if (hearing.kind === 'play' && hearing.source.kind !== 'music') return undefined;
    const playback = this.#playbacks.get(leg);
    this.#playbacks.delete(leg);
    return playback;
  }

  /** The music goes on until the partner is heard, the leg holds or is to hear something else, or the limit is over. */
  #linger(leg: EmbeddedLeg, playback: DisposableStore): void {
    this.#playbacks.set(leg, playback);
    playback.add(this.#parts.clock.after(LINGER_MS, () => this.#stop(leg)));
  }

  /** Ends what the leg is played; what it is said to hear stays. */
  #stop(leg: EmbeddedLeg): void {
    this.#playbacks.get(leg)?.dispose();
    this.#playbacks.delete(leg);
  }

  /** Ends what the leg hears, and with a bridge what its partner hears. */
  #part(leg: EmbeddedLeg): void {
    this.#stop(leg);
    leg.listen(undefined);
    const { hearing } = leg;
    if (hearing.kind !== 'bridge') return;
    const other = this.#own(hearing.other);
    leg.hear({ kind: 'silence' });
    this.#stop(other);
    other.listen(undefined);
    other.hear({ kind: 'silence' });
  }

  #forget(leg: EmbeddedLeg): void {
    this.#part(leg);
    this.#legs.delete(leg);
  }

  #own(leg: MediaLeg): EmbeddedLeg {
    if (!(leg instanceof EmbeddedLeg)) throw new Error('a leg of another engine');
    if (!this.#legs.has(leg)) throw new Error(`${leg.legName}: closed`);
    return leg;
  }

  #tick(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const stalledMs = Math.max(0, nowMs - this.#tickedAt - TICK_MS);
    this.#tickedAt = nowMs;
    for (const leg of [...this.#legs]) leg.tick(nowMs, stalledMs);
    if (!this.#closed) this.#timer = this.#parts.clock.after(TICK_MS, () => this.#tick());
  }
}

function newIdentity(): LegIdentity {
  return { sessionId: String(randomInt(1, 2 ** 47)), ssrc: randomInt(1, 2 ** 32) };
}

function isSameMusic(a: PlaySource, b: PlaySource): boolean {
  return a.kind === 'music' && b.kind === 'music' && a.name === b.name;
}
