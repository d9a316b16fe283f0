import type { Clock } from '../../shared/domain/clock.ts';
import type { EpochMs } from '../../shared/domain/ids.ts';
import { withoutSecrets } from '../../shared/phone/redaction.ts';

export interface TraceEntry {
  readonly at: EpochMs;
  readonly direction: 'sent' | 'received' | 'note';
  readonly text: string;
}

/** Of a longer message only the beginning is kept, characters: 1,500 of them stay within what a page may hold. */
const LONGEST = 32_000;

/** The last messages of the line, kept in memory only, secrets removed before they are kept. */
export class SipTrace {
  readonly #clock: Clock;
  readonly #limit: number;
  #entries: TraceEntry[] = [];

  /** @param limit how many messages to keep, ≥ 1 */
  constructor(clock: Clock, limit = 1_500) {
    this.#clock = clock;
    this.#limit = limit;
  }

  add(direction: TraceEntry['direction'], text: string): void {
    this.#entries.push({ at: this.#clock.now(), direction, text: withoutSecrets(shortened(text)) });
    if (this.#entries.length > this.#limit) this.#entries = this.#entries.slice(-this.#limit);
  }

  entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }

  /** As one text for a support mail; times in UTC. */
  export(): string {
    const arrow = { sent: '→ sent', received: '← received', note: '· note' } as const;
    return this.#entries
      .map(
        (entry) =>
          `${new Date(entry.at).toISOString()} ${arrow[entry.direction]}\n${entry.text.trimEnd()}\n`,
      )
      .join('\n');
  }
}

function shortened(text: string): string {
  const left = text.length - LONGEST;
  return left <= 0 ? text : `${text.slice(0, LONGEST)}\n… (${left} more characters)`;
}
