import type { DefenceConfig } from '../../config/limits-config.ts';
import type { Clock } from '../../domain/clock.ts';
import type { EpochMs } from '../../domain/ids.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { DatagramGuard } from '../../sip/transport/udp.ts';
import type { Audit, BlockReason } from './audit.ts';
import { Lately } from './lately.ts';
import { sourceGroup } from './source-group.ts';
import { TokenBuckets } from './token-buckets.ts';

export interface GatekeeperParts {
  readonly config: DefenceConfig;
  readonly clock: Clock;
  readonly audit: Audit;
  /** A live binding was made over that very flow. */
  readonly isRegistered: (flow: Flow) => boolean;
  /** Every sender is taken at its word anyway. */
  readonly trusting: boolean;
}

const DAY_MS = 86_400_000;
/** How long a right answer proves that somebody is at that address and port, or at the other end of that connection, in ms. */
const PROVEN_MS = 3_600_000;
const MAX_SOURCES = 20_000;
/** Most octets that an unproven sender can save up for. */
const MAX_CREDIT = 65_536;
const EVERYBODY = 'everybody';

/**
 * Who may have a request looked at at all, before anything is kept of it. Devices that are signed in always may, over
 * their own flow. Others are counted by address, and all of them together; an address where somebody signed in lately
 * may do more, and is not counted with the strangers.
 */
export class Gatekeeper implements DatagramGuard {
  readonly #parts: GatekeeperParts;
  readonly #unknown: TokenBuckets;
  readonly #familiar: TokenBuckets;
  readonly #total: TokenBuckets;
  readonly #credit: TokenBuckets;
  readonly #familiarSources: Lately;
  /** Ports of datagrams, by address. */
  readonly #proven: Lately;
  /** When a right answer came over a connection. */
  readonly #provenAt = new WeakMap<Flow, EpochMs>();

  constructor(parts: GatekeeperParts) {
    this.#parts = parts;
    const { clock, config } = parts;
    const {
      unknownPerSecond: perSecond,
      unknownBurst: burst,
      familiarFactor,
      unknownTotalPerSecond,
    } = config;
    this.#unknown = new TokenBuckets(clock, { perSecond, burst });
    const familiar = { perSecond: perSecond * familiarFactor, burst: burst * familiarFactor };
    this.#familiar = new TokenBuckets(clock, familiar);
    const total = { perSecond: unknownTotalPerSecond, burst: unknownTotalPerSecond * 2 };
    this.#total = new TokenBuckets(clock, total);
    this.#credit = new TokenBuckets(clock, { perSecond: 0, burst: MAX_CREDIT });
    this.#familiarSources = new Lately(clock, DAY_MS, MAX_SOURCES);
    this.#proven = new Lately(clock, PROVEN_MS, MAX_SOURCES);
  }

  /** A right answer to a challenge came over that flow. */
  proved(flow: Flow): void {
    this.knew(flow.remote.address);
    const { address, port } = flow.remote;
    if (flow.reliable) this.#provenAt.set(flow, this.#parts.clock.now());
    else this.#proven.note(`${port}`, address);
  }

  /** Somebody was signed in at that address before the server started. */
  knew(address: string): void {
    this.#familiarSources.note(sourceGroup(address));
  }

  /** Whether a request over a connection may be looked at. Who is signed in or proven there always may. */
  admits(flow: Flow): boolean {
    if (this.#isProven(flow)) return true;
    const source = sourceGroup(flow.remote.address);
    if (this.#familiarSources.has(source)) {
      return this.#allowed(this.#familiar.take(source), 'unknown-rate', source);
    }
    return (
      this.#allowed(this.#unknown.take(source), 'unknown-rate', source) &&
      this.#allowed(this.#total.take(EVERYBODY), 'unknown-total', source)
    );
  }

  /** Whether a datagram may be read; what it is worth in octets of answers is noted. */
  admitsDatagram(flow: Flow, octets: number): boolean {
    if (!this.admits(flow)) return false;
    // By address alone: without rport the answer goes to another port than the request came from (RFC 3261 §18.2.2).
    this.#credit.give(flow.remote.address, octets * this.#parts.config.replyFactor);
    return true;
  }

  /** Whether a datagram may be sent: an address that is only claimed gets no more than it is worth (RFC 9000 §8). */
  maySend(flow: Flow, octets: number): boolean {
    if (this.#isProven(flow)) return true;
    const taken = this.#credit.take(flow.remote.address, octets);
    return this.#allowed(taken, 'reply-budget', sourceGroup(flow.remote.address));
  }

  #isProven(flow: Flow): boolean {
    const { trusting, isRegistered, config } = this.#parts;
    return (
      trusting ||
      isRegistered(flow) ||
      this.#gaveProof(flow) ||
      config.exemptAddresses.includes(flow.remote.address)
    );
  }

  #gaveProof(flow: Flow): boolean {
    const { address, port } = flow.remote;
    if (!flow.reliable) return this.#proven.has(`${port}`, address);
    const at = this.#provenAt.get(flow);
    return at !== undefined && this.#parts.clock.now() - at <= PROVEN_MS;
  }

  #allowed(taken: ReturnType<TokenBuckets['take']>, reason: BlockReason, source: string): boolean {
    if (taken.kind === 'ok') return true;
    const { audit } = this.#parts;
    audit.refused(reason);
    if (taken.first) audit.blocked(reason, source);
    return false;
  }
}
