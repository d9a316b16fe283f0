import type { Clock } from '../../domain/clock.ts';
import type { Logger } from '../log.ts';

/** Why somebody is turned away. Closed: a metric label per value. */
export type BlockReason =
  /** An unknown address sends more than it may. */
  | 'unknown-rate'
  /** All unknown addresses together do. */
  | 'unknown-total'
  /** Wrong passwords for one account, or for many from one address. */
  | 'failed-authentication'
  /** More would be sent to an unproven UDP address than it is worth. */
  | 'reply-budget'
  | 'memory'
  /** The server runs late: busy lamps are put off. */
  | 'lateness'
  | 'calls'
  | 'subscriptions'
  | 'bindings';

export interface AuditParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** A block began. */
  readonly countBlock: (reason: BlockReason) => void;
  /** One request, or one datagram of ours, was held back. */
  readonly countRefusal: (reason: BlockReason) => void;
}

/** A log that an attacker can make grow without end is a hole of its own. */
const LINES_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

/** One line for each block that begins, and counters for everything. */
export class Audit {
  readonly #parts: AuditParts;
  #minuteBegan = 0;
  #lines = 0;
  #unwritten = 0;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** @param source the address or its network, @param detail more facts for the line; no passwords, no numbers */
  blocked(reason: BlockReason, source: string, detail: object = {}): void {
    this.#parts.countBlock(reason);
    const now = this.#parts.clock.now();
    if (now - this.#minuteBegan >= MINUTE_MS) {
      this.#minuteBegan = now;
      this.#lines = 0;
    }
    this.#lines += 1;
    if (this.#lines > LINES_PER_MINUTE) {
      this.#unwritten += 1;
      return;
    }
    const unwritten = this.#unwritten === 0 ? {} : { unwritten: this.#unwritten };
    this.#unwritten = 0;
    this.#parts.log.warn({ reason, source, ...detail, ...unwritten }, 'blocked');
  }

  refused(reason: BlockReason): void {
    this.#parts.countRefusal(reason);
  }
}
