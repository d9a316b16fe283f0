/**
 * A media engine without sockets. Legs speak real SDP, so that a SIP test can carry it over a real stack to a real peer's parser; packets are
 * replaced by triggers on the legs and by a log of who was made to hear what, oldest first.
 */
import type { Result } from '../../shared/domain/result.ts';
import { planBridge } from '../../shared/media/codec-plan.ts';
import type {
  AudioClip,
  AudioRefusal,
  BridgePlan,
  LegKind,
  LegRecord,
  MediaEngine,
  MediaLeg,
  MediaRefusal,
  MediaRefusalReason,
  OpenLegOptions,
  PlaySource,
} from '../../shared/media/engine.ts';
import { FakeMediaLeg } from './fake-media-leg.ts';
import { readSdp, refuse } from './fake-media-sdp.ts';

/** What happened, in words a test can compare: `bridge caller parker`, `play caller music`, `silence caller`, `close parker`. Names are `legName`s. */
export type FakeMediaLog = readonly string[];

/** A clip that plays nothing; the test ends it with `finishPlayback`. */
export const fakeClip = (durationMs = 1_000): AudioClip => ({ durationMs });

export class FakeMediaEngine implements MediaEngine {
  /** WebRTC legs connect with the second SDP instead of waiting for `connect()`. */
  connectAtOnce = false;
  /** The next `open` or `legFromOffer` is refused with this, once. */
  refuseNext: MediaRefusalReason | undefined;
  readonly legs: FakeMediaLeg[] = [];
  readonly #log: string[] = [];
  readonly #playing = new Map<FakeMediaLeg, () => void>();
  #nextId = 1;

  get log(): FakeMediaLog {
    return this.#log;
  }

  /** The open or closed leg with this name, the newest of several. */
  leg(legName: string): FakeMediaLeg {
    const found = this.legs.findLast((leg) => leg.legName === legName);
    if (!found) throw new Error(`no leg ${legName} among ${this.legs.map((leg) => leg.legName)}`);
    return found;
  }

  get openLegs(): readonly FakeMediaLeg[] {
    return this.legs.filter((leg) => !leg.closed);
  }

  open(options: OpenLegOptions & { readonly kind: LegKind }): Result<MediaLeg, MediaRefusal> {
    return this.#make(options.kind, options);
  }

  legFromOffer(offer: string, options: OpenLegOptions): Result<MediaLeg, MediaRefusal> {
    const read = readSdp(offer);
    if (!read.ok) return read;
    const made = this.#make(read.value.kind, options);
    if (made.ok) made.value.applyOffer(offer);
    return made;
  }

  async restore(record: LegRecord): Promise<Result<MediaLeg, MediaRefusal>> {
    const made = this.#make(record.kind, { legName: record.legName });
    if (made.ok) made.value.resume(record);
    return made;
  }

  bridge(a: MediaLeg, b: MediaLeg): void {
    const [left, right] = [this.#own(a), this.#own(b)];
    const partner = left.hearing.kind === 'bridge' ? left.hearing.other : undefined;
    if (partner !== right) {
      this.#part(left);
      this.#part(right);
    }
    left.hearing = { kind: 'bridge', other: right };
    right.hearing = { kind: 'bridge', other: left };
    this.#log.push(`bridge ${left.legName} ${right.legName}`);
  }

  play(leg: MediaLeg, source: PlaySource, onFinished?: () => void): void {
    const own = this.#own(leg);
    this.#part(own);
    own.hearing = { kind: 'play', source };
    if (onFinished) this.#playing.set(own, onFinished);
    const what =
      source.kind === 'music'
        ? (source.name ?? 'music')
        : source.kind === 'tone'
          ? source.tone
          : 'clip';
    this.#log.push(`play ${own.legName} ${what}`);
  }

  silence(leg: MediaLeg): void {
    const own = this.#own(leg);
    this.#part(own);
    this.#log.push(`silence ${own.legName}`);
  }

  planBridge(a: MediaLeg, b: MediaLeg): BridgePlan {
    return planBridge(a, b);
  }

  async makeClip(wav: Uint8Array): Promise<Result<AudioClip, AudioRefusal>> {
    if (wav.length < 44) return { ok: false, error: { reason: 'not-wav', detail: 'too small' } };
    return { ok: true, value: fakeClip() };
  }

  addMusic(name: string): void {
    this.#log.push(`add-music ${name}`);
  }

  removeMusic(name: string): void {
    this.#log.push(`remove-music ${name}`);
  }

  legCounts(): Readonly<Record<LegKind, number>> {
    const count = (kind: LegKind): number =>
      this.openLegs.filter((leg) => leg.kind === kind).length;
    return { webrtc: count('webrtc'), sdes: count('sdes'), rtp: count('rtp') };
  }

  async close(): Promise<void> {
    for (const leg of this.openLegs) leg.close();
  }

  /** Trigger: the tone or clip that this leg hears has been sent whole. */
  finishPlayback(leg: MediaLeg): void {
    const own = this.#own(leg);
    const run = this.#playing.get(own);
    this.#part(own);
    run?.();
  }

  /** Called by a leg that closes. */
  forget(leg: FakeMediaLeg): void {
    this.#part(leg);
    this.#log.push(`close ${leg.legName}`);
  }

  #make(kind: LegKind, options: OpenLegOptions): Result<FakeMediaLeg, MediaRefusal> {
    const reason = this.refuseNext;
    this.refuseNext = undefined;
    if (reason) return refuse(reason, 'as the test asked');
    const leg = new FakeMediaLeg(this, `leg-${this.#nextId++}`, kind, options);
    this.legs.push(leg);
    return { ok: true, value: leg };
  }

  #part(leg: FakeMediaLeg): void {
    const { hearing } = leg;
    this.#playing.delete(leg);
    leg.hearing = { kind: 'silence' };
    if (hearing.kind === 'bridge') this.#own(hearing.other).hearing = { kind: 'silence' };
  }

  #own(leg: MediaLeg): FakeMediaLeg {
    if (!(leg instanceof FakeMediaLeg)) throw new Error('a leg of another engine');
    if (leg.closed && leg.hearing.kind === 'silence') throw new Error(`${leg.legName}: closed`);
    return leg;
  }
}
