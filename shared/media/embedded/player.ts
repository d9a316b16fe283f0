/**
 * Music, tones and clips for all legs by one clock: a monotonic timer, every 20 ms. After a stall at most three frames are sent at once, the
 * rest is skipped with its time, so that a phone's jitter buffer is neither starved nor flooded. One frame costs one encrypt and one send.
 */
import { onDispose } from '../../domain/disposable.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { CodecName } from '../engine.ts';
import type { MediaClock } from '../media-clock.ts';
import type { PreparedAudio } from '../music/prepared-audio.ts';
import { FRAME_MS } from '../music/prepared-audio.ts';
import type { SendableAudio } from './leg-streams.ts';
import { CLOCK_RATES } from './sdp/payloads.ts';
import type { SourceToken } from './rtp/outgoing-stream.ts';

const MAX_BURST = 3;

/** A leg, as the player sees it. */
export interface PlayTarget {
  /** Best first; empty while nothing can be sent. */
  readonly takes: readonly CodecName[];
  sendAudio(audio: SendableAudio): void;
}

export interface PlayRequest {
  /** Asked at every frame, so that a replaced recording is heard at once. */
  readonly audio: () => PreparedAudio;
  /** `shared`: everybody hears the same place of an endless recording; `loop` and `once` begin at the beginning. */
  readonly mode: 'shared' | 'loop' | 'once';
  /** After the last frame of `once`. */
  readonly onFinished: () => void;
}

interface Playback extends PlayRequest {
  readonly target: PlayTarget;
  readonly source: SourceToken;
  readonly startTick: number;
  sequence: number;
}

export class Player {
  readonly #clock: MediaClock;
  readonly #playbacks = new Map<PlayTarget, Playback>();
  readonly #startMs: number;
  /** The last tick that was played or skipped. */
  #tick = 0;
  #timer: Disposable | undefined;

  constructor(clock: MediaClock) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
  }

  /** Replaces what the target was played before. The first frame goes out with the next tick. */
  start(target: PlayTarget, request: PlayRequest): Disposable {
    if (!this.#timer) this.#tick = this.#dueTick();
    const playback = { ...request, target, source: {}, startTick: this.#tick + 1, sequence: 0 };
    this.#playbacks.set(target, playback);
    this.#timer ??= this.#schedule();
    return onDispose(() => {
      if (this.#playbacks.get(target) === playback) this.#playbacks.delete(target);
    });
  }

  stopAll(): void {
    this.#playbacks.clear();
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #dueTick(): number {
    return Math.floor((this.#clock.monotonicMs() - this.#startMs) / FRAME_MS);
  }

  #schedule(): Disposable {
    const nextMs = this.#startMs + (this.#tick + 1) * FRAME_MS;
    return this.#clock.after(Math.max(0, nextMs - this.#clock.monotonicMs()), () => this.#run());
  }

  #run(): void {
    this.#timer = undefined;
    const due = this.#dueTick();
    this.#tick = Math.max(this.#tick, due - MAX_BURST);
    while (this.#tick < due) {
      this.#tick += 1;
      for (const playback of [...this.#playbacks.values()]) this.#play(playback);
    }
    if (this.#playbacks.size > 0) this.#timer ??= this.#schedule();
  }

  #play(playback: Playback): void {
    const { target, mode } = playback;
    const audio = playback.audio();
    const played = this.#tick - playback.startTick;
    if (mode === 'once' && played >= audio.frameCount) {
      this.#playbacks.delete(target);
      playback.onFinished();
      return;
    }
    const position = (mode === 'shared' ? this.#tick : played) % audio.frameCount;
    const [codec] = target.takes;
    const payload = codec && audio.frame(codec, position);
    if (!payload) return;
    const timestamp = ((this.#tick * CLOCK_RATES[codec] * FRAME_MS) / 1_000) % 2 ** 32;
    const sequence = playback.sequence & 0xffff;
    playback.sequence += 1;
    target.sendAudio({
      source: playback.source,
      codec,
      sequence,
      timestamp,
      marker: false,
      payload,
    });
  }
}
