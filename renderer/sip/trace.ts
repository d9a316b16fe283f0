import type { Clock } from '../../shared/domain/clock.ts';
import type { EpochMs } from '../../shared/domain/ids.ts';

export interface TraceEntry {
  readonly at: EpochMs;
  readonly direction: 'sent' | 'received' | 'note';
  readonly text: string;
}

const AUTHORISATION = /^((?:proxy-)?(?:authorization|authenticate)|www-authenticate)[ \t]*:.*$/gim;
const SDP_SECRET = /^(a=(?:ice-pwd|crypto|fingerprint):).*$/gim;
const URI_PASSWORD = /(sips?:[^\s:@;<>]+):[^\s@;<>]+@/gi;

/** A SIP message without what would let a reader sign in or decrypt: credentials, challenges, ICE passwords, media keys. */
export function withoutSecrets(message: string): string {
  return message
    .replace(AUTHORISATION, (line) => `${line.slice(0, line.indexOf(':'))}: (removed)`)
    .replace(SDP_SECRET, '$1(removed)')
    .replace(URI_PASSWORD, '$1:(removed)@');
}

/** The last messages of the line, kept in memory only, secrets removed before they are kept. */
export class SipTrace {
  readonly #clock: Clock;
  readonly #limit: number;
  #entries: TraceEntry[] = [];

  /** @param limit how many messages to keep, ≥ 1 */
  constructor(clock: Clock, limit = 400) {
    this.#clock = clock;
    this.#limit = limit;
  }

  add(direction: TraceEntry['direction'], text: string): void {
    this.#entries.push({ at: this.#clock.now(), direction, text: withoutSecrets(text) });
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
