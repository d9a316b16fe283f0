import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';

/** What gives way when there is too much to do: a busy lamp of somebody else. The list of one's own parked calls never does. */
export interface Lamp {
  /** A last NOTIFY, `terminated;reason=probation` with the time to come again (RFC 6665 §4.1.3). */
  putOff(retryAfterSeconds: number): void;
}

export interface SheddingParts {
  readonly clock: Clock;
  /** 0 ≤ fraction < 1: nobody is to come back in step with everybody else. */
  readonly fraction: () => number;
  readonly isOverloaded: () => boolean;
  /** Those that there are, oldest first. */
  readonly lamps: () => readonly Lamp[];
}

const LOOK_EVERY_MS = 1000;
/** Share of the lamps that is put off in a second of overload; a tenth leaves time to see whether that was enough. */
const SHARE = 0.1;
const RETRY_AFTER_S = { least: 30, spread: 30 } as const;

/** Puts busy lamps off while the server has too much to do, the newest first, a few each second (WIRE.md §5). */
export class Shedding implements Disposable {
  readonly #parts: SheddingParts;
  #timer: Disposable | undefined;

  constructor(parts: SheddingParts) {
    this.#parts = parts;
  }

  /** To be called when there is a lamp more; it looks for as long as there are any. */
  watch(): void {
    this.#timer ??= this.#parts.clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const { lamps, isOverloaded, fraction } = this.#parts;
    const all = lamps();
    if (all.length === 0) return;
    if (isOverloaded()) {
      for (const lamp of all.slice(-Math.ceil(all.length * SHARE))) {
        lamp.putOff(RETRY_AFTER_S.least + Math.floor(fraction() * RETRY_AFTER_S.spread));
      }
    }
    this.watch();
  }
}
