import { addMs, type EpochMs } from '../../../shared/domain/ids.ts';
import type { AudioDevice } from '../../sip/audio/devices.ts';

/**
 * Chromium keeps the stream of a loudspeaker for 5 s after its last use and takes it up again, also when its device went
 * meanwhile (`AudioOutputDispatcherImpl`): a headset that comes back sooner would stay silent, and nobody would be told.
 */
const STREAM_KEPT_MS = 6_000;

interface Speakers {
  readonly usable: readonly AudioDevice[];
  /** When one that is back may be used; `null`: all of them may be. */
  readonly lookAgainAt: EpochMs | null;
}

/** Which loudspeakers may be used: those that are there, and those that came back once their old streams are surely gone. */
export class SteadySpeakers {
  #present: ReadonlySet<string> = new Set();
  readonly #usableAt = new Map<string, EpochMs>();

  /** What is there now. */
  see(all: readonly AudioDevice[], now: EpochMs): Speakers {
    const present = new Set(all.map(({ id }) => id));
    for (const id of this.#present)
      if (!present.has(id)) this.#usableAt.set(id, addMs(now, STREAM_KEPT_MS));
    this.#present = present;
    for (const [id, at] of this.#usableAt) if (isOver(at, now)) this.#usableAt.delete(id);
    const waiting = all.flatMap(({ id }) => this.#usableAt.get(id) ?? []);
    return {
      usable: all.filter(({ id }) => !this.#usableAt.has(id)),
      lookAgainAt: waiting.length === 0 ? null : waiting.reduce((a, b) => (a < b ? a : b)),
    };
  }
}

/** Also when the clock was set back meanwhile. */
const isOver = (at: EpochMs, now: EpochMs): boolean => now >= at || at - now > STREAM_KEPT_MS;
