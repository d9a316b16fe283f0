import type { Clock } from '../domain/clock.ts';
import type { Disposable } from '../domain/disposable.ts';
import { addMs } from '../domain/ids.ts';
import type { Foundation } from './foundation.ts';
import type { LoggerFor } from './log.ts';

const DAY_MS = 86_400_000;
/** How long it is kept who changed what, in days. */
const AUDIT_DAYS = 730;

export interface HousekeepingParts {
  readonly clock: Clock;
  readonly foundation: Foundation;
  readonly loggers: LoggerFor;
}

/** What the last run left behind, and what gets old: calls that were parked when it died, journal lines past their time. */
export class Housekeeping implements Disposable {
  readonly #parts: HousekeepingParts;
  #pruning: Disposable | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
  }

  /** At start; from then on once a day. */
  begin(): void {
    const { clock, foundation, loggers } = this.#parts;
    const lost = foundation.store.parkedCalls.markAllLost(clock.now());
    if (lost.length > 0) {
      loggers('park').warn({ calls: lost.length }, 'lost: parked when the server died');
    }
    this.#daily();
  }

  dispose(): void {
    this.#pruning?.dispose();
  }

  /** A disk that is full today is no reason to stop, nor to forget it tomorrow. */
  #daily(): void {
    const { clock, loggers } = this.#parts;
    this.#pruning = clock.after(DAY_MS, () => this.#daily());
    try {
      this.#prune();
    } catch (error) {
      loggers('store').error({ err: error }, 'old lines could not be removed');
    }
  }

  #prune(): void {
    const { clock, foundation, loggers } = this.#parts;
    for (const { id, settings } of foundation.directory.tenants()) {
      const before = addMs(clock.now(), -settings.journalDays * DAY_MS);
      const lines = foundation.store.journal.prune(id, before);
      if (lines > 0) loggers('journal').info({ tenant: id, lines }, 'old lines removed');
    }
    foundation.store.audit.prune(addMs(clock.now(), -AUDIT_DAYS * DAY_MS));
  }
}
