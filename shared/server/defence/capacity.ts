import type { LimitsConfig } from '../../config/limits-config.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Admission } from '../ports/admission.ts';
import type { Audit, BlockReason } from './audit.ts';

export interface CapacityParts {
  readonly limits: LimitsConfig;
  readonly clock: Clock;
  readonly audit: Audit;
  /** Resident memory of the process, in octets. */
  readonly memory: () => number;
  /** How late the server ran on average since it was last asked, in ms. */
  readonly latenessMs: () => number;
}

const MIB = 1_048_576;
/** How often memory is measured at most, in ms. */
const SAMPLE_MS = 1000;
/** So many samples in a row that are too late are no hiccup. */
const LATE_SAMPLES = 3;
/** A reason is told of once in so long, in ms. */
const QUIET_MS = 60_000;

/** What the server still takes on. */
export class Capacity implements Admission {
  readonly #parts: CapacityParts;
  readonly #told = new Map<BlockReason, number>();
  #sampledAt = Number.NEGATIVE_INFINITY;
  #tooMuchMemory = false;
  #latenessAt = Number.NEGATIVE_INFINITY;
  #lateSamples = 0;

  constructor(parts: CapacityParts) {
    this.#parts = parts;
  }

  /** Memory is used up: nothing new may begin. */
  get exhausted(): boolean {
    const { clock, memory, limits } = this.#parts;
    const now = clock.now();
    if (Math.abs(now - this.#sampledAt) >= SAMPLE_MS) {
      this.#sampledAt = now;
      this.#tooMuchMemory = memory() > limits.memoryMib * MIB;
    }
    if (this.#tooMuchMemory) this.refused('memory', { limitMib: limits.memoryMib });
    return this.#tooMuchMemory;
  }

  /** Memory is used up, or the server has run late for some seconds. */
  get overloaded(): boolean {
    const { clock, latenessMs, limits } = this.#parts;
    const now = clock.now();
    if (Math.abs(now - this.#latenessAt) >= SAMPLE_MS) {
      this.#latenessAt = now;
      this.#lateSamples = latenessMs() > limits.latenessMs ? this.#lateSamples + 1 : 0;
    }
    const late = this.#lateSamples >= LATE_SAMPLES;
    if (late) this.refused('lateness', { limitMs: limits.latenessMs });
    return this.exhausted || late;
  }

  mayBeginCall(calls: number): boolean {
    if (this.exhausted) return false;
    const { limits } = this.#parts;
    if (calls < limits.calls) return true;
    this.refused('calls', { limit: limits.calls });
    return false;
  }

  maySubscribe({ ofUser, all }: { readonly ofUser: number; readonly all: number }): boolean {
    if (this.exhausted) return false;
    const { limits } = this.#parts;
    if (ofUser < limits.subscriptionsPerUser && all < limits.subscriptions) return true;
    this.refused('subscriptions', { ofUser, all });
    return false;
  }

  /** Counts a refusal, and writes it down unless it was a short while ago. */
  refused(reason: BlockReason, detail: object): void {
    const { audit, clock } = this.#parts;
    audit.refused(reason);
    const now = clock.now();
    const told = this.#told.get(reason);
    if (told !== undefined && now - told < QUIET_MS) return;
    this.#told.set(reason, now);
    audit.blocked(reason, 'server', detail);
  }
}
