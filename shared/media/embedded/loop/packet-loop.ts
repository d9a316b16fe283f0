/** Carries out what the engine decides, packet by packet: who hears whom, music, reports, liveness. Knows no SDP. */
import { assertNever } from '../../../domain/assert-never.ts';
import { DisposableStore } from '../../../domain/disposable.ts';
import type { Disposable } from '../../../domain/disposable.ts';
import type { LegStats } from '../../engine.ts';
import type { MediaClock } from '../../media-clock.ts';
import { BridgeRoute } from '../bridge-route.ts';
import type { DtlsCertificate } from '../dtls/certificate.ts';
import { createDtlsCertificate } from '../dtls/certificate.ts';
import type { AudioSink } from '../leg-streams.ts';
import type { LocalNetwork } from '../local-network.ts';
import { Player } from '../player.ts';
import type { SoundLibrary } from '../sound-library.ts';
import { LoopLeg } from './loop-leg.ts';
import type {
  CertificateHandle,
  LoopCommand,
  LoopEvent,
  LoopLegId,
  MediaLoop,
} from './media-loop.ts';

const TICK_MS = 500;
/** How long a bridged leg's music waits for the partner's first packet. A muted phone may never send one. */
const LINGER_MS = 1_000;

export interface PacketLoopParts {
  readonly network: Pick<LocalNetwork, 'openTransport' | 'takePair' | 'close'>;
  /** Number 0; others are made for restored legs. */
  readonly certificate: DtlsCertificate;
  readonly sounds: SoundLibrary;
  readonly clock: MediaClock;
  /** Runs once when the loop closes. */
  readonly onClose?: () => void;
}

type Command<K extends LoopCommand['kind']> = Extract<LoopCommand, { kind: K }>;

export class PacketLoop implements MediaLoop {
  readonly #parts: PacketLoopParts;
  readonly #player: Player;
  readonly #certificates: DtlsCertificate[];
  readonly #legs = new Map<LoopLegId, LoopLeg>();
  /** What legs are sent: what they are played, or music that lingers while they are bridged already. */
  readonly #playbacks = new Map<LoopLeg, DisposableStore>();
  #tell: (event: LoopEvent) => void = () => undefined;
  #timer: Disposable | undefined;
  #tickedAt: number;
  #closed = false;

  constructor(parts: PacketLoopParts) {
    this.#parts = parts;
    this.#certificates = [parts.certificate];
    this.#player = new Player(parts.clock);
    this.#tickedAt = parts.clock.monotonicMs();
    this.#timer = parts.clock.after(TICK_MS, () => this.#tick());
  }

  listen(run: (event: LoopEvent) => void): void {
    this.#tell = run;
  }

  takePair(bind: string): number | undefined {
    return this.#parts.network.takePair(bind);
  }

  /** No leg is open: nothing has to be sent in time. */
  get isIdle(): boolean {
    return this.#legs.size === 0;
  }

  async newCertificate(): Promise<CertificateHandle> {
    const certificate = await createDtlsCertificate();
    const number = this.#certificates.push(certificate) - 1;
    return { number, fingerprint: certificate.fingerprint };
  }

  /** Hands what the leg's far side says to a listener in this thread, until the leg is bridged or is to hear something else. */
  overhear(id: LoopLegId, sink: AudioSink): void {
    this.#legs.get(id)?.listen(sink);
  }

  stats(id: LoopLegId): LegStats | undefined {
    return this.#legs.get(id)?.stats();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of [...this.#legs.keys()]) this.post({ kind: 'close', leg: id });
    this.#player.stopAll();
    this.#timer?.dispose();
    this.#parts.network.close();
    this.#parts.onClose?.();
  }

  post(command: LoopCommand): void {
    const { sounds } = this.#parts;
    switch (command.kind) {
      case 'open':
        return this.#open(command);
      case 'prepare':
        return this.#legs.get(command.leg)?.prepare(command.local);
      case 'commit':
        return this.#commit(command);
      case 'bridge':
        return this.#with(command.a, (a) => this.#with(command.b, (b) => this.#bridge(a, b)));
      case 'play':
        return this.#with(command.leg, (leg) => this.#play(leg, command));
      case 'silence':
        return this.#with(command.leg, (leg) => this.#silence(leg));
      case 'send-digit':
        return this.#legs.get(command.leg)?.sendDigit(command.digit, command.durationMs);
      case 'close':
        return this.#with(command.leg, (leg) => this.#forget(leg));
      case 'add-clip':
        return sounds.addClip(command.clip, command.packed);
      case 'drop-clip':
        return sounds.dropClip(command.clip);
      case 'add-music':
        return sounds.addMusic(command.name, command.clip);
      case 'remove-music':
        return sounds.removeMusic(command.name);
      default:
        return assertNever(command);
    }
  }

  #with(id: LoopLegId, run: (leg: LoopLeg) => void): void {
    const leg = this.#legs.get(id);
    if (leg) run(leg);
  }

  #open({ leg: id, order }: Command<'open'>): void {
    const { network, clock, certificate } = this.#parts;
    const { place } = order;
    const number = place.kind === 'webrtc' ? place.certificate : 0;
    const own = this.#certificates[number] ?? certificate;
    const leg = LoopLeg.open({
      id,
      order,
      clock,
      openTransport: (events) => network.openTransport({ place, certificate: own, clock }, events),
      tell: (event) => this.#tell(event),
    });
    if (leg) this.#legs.set(id, leg);
  }

  #commit({ leg: id, agreement }: Command<'commit'>): void {
    this.#with(id, (leg) => {
      leg.commit(agreement);
      // Who holds hears nothing: music that lingered for a partner ends.
      if (!agreement.wanted && leg.sound.kind === 'bridge') this.#stop(leg);
    });
  }

  #bridge(left: LoopLeg, right: LoopLeg): void {
    const music = [left, right].map((leg) => ({ leg, playback: this.#takeMusic(leg) }));
    this.#part(left);
    this.#part(right);
    left.listen(new BridgeRoute(right, () => this.#stop(right)));
    right.listen(new BridgeRoute(left, () => this.#stop(left)));
    left.hear({ kind: 'bridge', other: right });
    right.hear({ kind: 'bridge', other: left });
    for (const { leg, playback } of music) if (playback) this.#linger(leg, playback);
  }

  #play(leg: LoopLeg, { play, source }: Command<'play'>): void {
    this.#part(leg);
    leg.hear({ kind: 'play', isMusic: source.kind === 'music' });
    const playback = new DisposableStore();
    this.#playbacks.set(leg, playback);
    const onFinished = (): void => {
      this.#silence(leg);
      this.#tell({ kind: 'finished', leg: leg.id, play });
    };
    playback.add(this.#player.start(leg, { ...this.#parts.sounds.request(source), onFinished }));
  }

  #silence(leg: LoopLeg): void {
    this.#part(leg);
    leg.hear({ kind: 'silence' });
  }

  /** Make before break: takes the leg's music, lingering or not, out of reach of `#part`. */
  #takeMusic(leg: LoopLeg): DisposableStore | undefined {
    const { sound } = leg;
    if (sound.kind === 'play' && !sound.isMusic) return undefined;
    const playback = this.#playbacks.get(leg);
    this.#playbacks.delete(leg);
    return playback;
  }

  /** The music goes on until the partner is heard, the leg holds or is to hear something else, or the limit is over. */
  #linger(leg: LoopLeg, playback: DisposableStore): void {
    this.#playbacks.set(leg, playback);
    playback.add(this.#parts.clock.after(LINGER_MS, () => this.#stop(leg)));
  }

  /** Ends what the leg is played; what it is said to hear stays. */
  #stop(leg: LoopLeg): void {
    this.#playbacks.get(leg)?.dispose();
    this.#playbacks.delete(leg);
  }

  /** Ends what the leg hears, and with a bridge what its partner hears. */
  #part(leg: LoopLeg): void {
    this.#stop(leg);
    leg.listen(undefined);
    const { sound } = leg;
    if (sound.kind !== 'bridge') return;
    leg.hear({ kind: 'silence' });
    this.#stop(sound.other);
    sound.other.listen(undefined);
    sound.other.hear({ kind: 'silence' });
  }

  #forget(leg: LoopLeg): void {
    this.#part(leg);
    this.#legs.delete(leg.id);
    leg.close();
  }

  #tick(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const stalledMs = Math.max(0, nowMs - this.#tickedAt - TICK_MS);
    this.#tickedAt = nowMs;
    for (const leg of [...this.#legs.values()]) leg.tick(nowMs, stalledMs);
    if (!this.#closed) this.#timer = this.#parts.clock.after(TICK_MS, () => this.#tick());
  }
}
