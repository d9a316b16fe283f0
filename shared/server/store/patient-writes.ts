import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { Journal } from '../ports/journal.ts';
import type { ParkedCallStore } from '../ports/parked-call-store.ts';
import { isLocked, isPassingTrouble, type StoreTrouble } from './store-trouble.ts';

/** How long after a write that failed the next one is tried, in ms. */
const RETRY_MS = 2_000;
/** The same the first time that another process holds the database, in ms; twice as long each further time, up to RETRY_MS. */
const LOCKED_RETRY_MS = 50;
/** Most writes that wait: a journal line with its note is about a kilobyte. */
const MOST_WAITING = 20_000;

export interface PatientWritesParts {
  readonly clock: Clock;
  /** Runs a write without waiting for another process's lock: it is tried again soon enough. */
  readonly atOnce: (write: () => void) => void;
  readonly trouble: StoreTrouble;
}

/**
 * Writes that nobody may have to wait for: what calls leave behind. A full disk or a database that somebody else holds is no
 * reason to drop a caller, or to leave all calls without sound for a moment, so what cannot be written now waits, in order, and
 * is written when that has passed.
 */
export class PatientWrites implements Disposable {
  readonly #parts: PatientWritesParts;
  readonly #waiting: (() => void)[] = [];
  #timer: Disposable | undefined;
  #lost = 0;
  #retryMs = RETRY_MS;
  /** How often in a row the database was held by somebody else. */
  #lockedTries = 0;
  /** The trouble was told of, so that its end is, too. */
  #told = false;

  constructor(parts: PatientWritesParts) {
    this.#parts = parts;
  }

  /** How many writes wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Writes now, or as soon as that is possible; never throws. */
  run(write: () => void): void {
    if (this.#waiting.length === 0 && this.#isDone(write)) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#waiting.shift();
      this.#lost += 1;
    }
    this.#waiting.push(write);
    this.#arm();
  }

  /** A last try. */
  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#writeWaiting();
    const lost = this.#waiting.length + this.#lost;
    if (lost > 0) this.#parts.trouble.lost(lost);
    this.#waiting.length = 0;
    this.#lost = 0;
  }

  #arm(): void {
    this.#timer ??= this.#parts.clock.after(this.#retryMs, () => this.#again());
  }

  #again(): void {
    this.#timer = undefined;
    this.#writeWaiting();
    if (this.#waiting.length > 0) {
      this.#arm();
      return;
    }
    if (this.#told || this.#lost > 0) this.#parts.trouble.passed(this.#lost);
    this.#told = false;
    this.#lost = 0;
  }

  #writeWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#isDone(next)) return;
      this.#waiting.shift();
    }
  }

  /** False: it is to be tried again. What will never succeed is a bug, and must not hold up the rest. */
  #isDone(write: () => void): boolean {
    try {
      this.#parts.atOnce(write);
      this.#lockedTries = 0;
      return true;
    } catch (error) {
      return !this.#isPassing(error);
    }
  }

  /** A command beside the running server holds the database for milliseconds: nothing to be told of, unless it stays so. */
  #isPassing(error: unknown): boolean {
    this.#lockedTries = isLocked(error) ? this.#lockedTries + 1 : 0;
    this.#retryMs = Math.min(RETRY_MS, lockedRetryMs(this.#lockedTries));
    const isPassing = isPassingTrouble(error);
    if (isPassing && this.#retryMs < RETRY_MS) return true;
    this.#parts.trouble.failed(error);
    if (isPassing) this.#told = true;
    return isPassing;
  }
}

function lockedRetryMs(tries: number): number {
  return tries === 0 ? RETRY_MS : LOCKED_RETRY_MS * 2 ** Math.min(tries - 1, 10);
}

/** A journal whose lines are written as soon as that is possible. */
export function patientJournal(journal: Journal, writes: PatientWrites): Journal {
  return {
    append: (event) => writes.run(() => journal.append(event)),
    history: (query) => journal.history(query),
  };
}

/** Parked calls that are written down as soon as that is possible. */
export function patientParkedCalls(store: ParkedCallStore, writes: PatientWrites): ParkedCallStore {
  return {
    save: (call) => writes.run(() => store.save(call)),
    remove: (parkId) => writes.run(() => store.remove(parkId)),
    all: () => store.all(),
    markAllLost: (now) => store.markAllLost(now),
  };
}
