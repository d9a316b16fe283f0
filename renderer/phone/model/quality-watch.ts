import type { Clock } from '../../../shared/domain/clock.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import { addReading, type QualitySummary } from '../../../shared/phone/call-quality.ts';
import { liveCalls } from '../../../shared/phone/call-list.ts';
import type { CallList } from '../../../shared/phone/call.ts';
import type { CallQuality, PhoneLine } from '../../sip/phone-line.ts';

/** Each reading covers the time since the one before, ms. */
const READ_EVERY_MS = 3_000;

interface QualityWatchDeps {
  readonly clock: Clock;
  readonly line: Pick<PhoneLine, 'quality'>;
  calls(): CallList;
  /** The newest readings, by call. */
  show(now: ReadonlyMap<string, CallQuality>): void;
}

/** Measures every call that is heard, and keeps the sum of it until the call is forgotten. */
export class QualityWatch implements Disposable {
  readonly #deps: QualityWatchDeps;
  readonly #summaries = new Map<string, QualitySummary>();
  #now: ReadonlyMap<string, CallQuality> = new Map();
  #timer: Disposable | null = null;

  constructor(deps: QualityWatchDeps) {
    this.#deps = deps;
  }

  /** Calls changed: measuring goes on while one is up. */
  look(): void {
    const known = new Set(this.#deps.calls().calls.map(({ id }) => id));
    for (const id of this.#summaries.keys()) if (!known.has(id)) this.#summaries.delete(id);
    if (this.#timer === null && this.#heard().length > 0) this.#wait();
  }

  /** How the call sounded so far; `null` when nothing was measured. */
  summaryOf(callId: string): QualitySummary | null {
    return this.#summaries.get(callId) ?? null;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#summaries.clear();
  }

  #heard(): readonly string[] {
    return liveCalls(this.#deps.calls())
      .filter(({ state }) => state.kind === 'active')
      .map(({ id }) => id);
  }

  #wait(): void {
    this.#timer = this.#deps.clock.after(READ_EVERY_MS, () => void this.#read());
  }

  async #read(): Promise<void> {
    const started = this.#timer;
    const readings = await Promise.all(
      this.#heard().map(async (id) => [id, await this.#deps.line.quality(id)] as const),
    );
    // Disposed meanwhile.
    if (this.#timer !== started || started === null) return;
    this.#timer = null;
    const now = new Map<string, CallQuality>();
    for (const [id, reading] of readings) {
      if (reading === null) continue;
      now.set(id, reading);
      this.#summaries.set(id, addReading(this.#summaries.get(id) ?? null, reading));
    }
    if (now.size > 0 || this.#now.size > 0) this.#deps.show(now);
    this.#now = now;
    if (this.#heard().length > 0) this.#wait();
  }
}
