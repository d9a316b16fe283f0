/** The base timers of RFC 3261 §17.1.1.1, in milliseconds. Everything else is derived from them. */
export interface BaseTimers {
  /** Round-trip estimate. Default 500. */
  readonly t1: number;
  /** Largest interval between retransmissions of non-INVITE requests and INVITE responses. Default 4,000. */
  readonly t2: number;
  /** How long a message may linger in the network. Default 5,000. */
  readonly t4: number;
  /** Least length of timer D over unreliable transports. Default 32,000 (§17.1.1.2); shorter ones are for tests. */
  readonly leastD?: number;
}

export const rfc3261Timers: BaseTimers = { t1: 500, t2: 4_000, t4: 5_000 };

/** What one transaction needs to know of its surroundings: timer lengths in milliseconds, RFC 3261 §17 and RFC 6026 §7. */
export interface TransactionTimers extends BaseTimers {
  /** No retransmissions by us: the transport is reliable. */
  readonly reliable: boolean;
  /** 64*T1: timers B, F, H, J, L, M, and how long we wait for the final answer to a CANCELled INVITE (RFC 3261 §9.1). */
  readonly giveUpMs: number;
  /** Timer D: at least 32 s on unreliable transports, 0 on reliable ones. */
  readonly absorbFailuresMs: number;
  /** Timer J: 64*T1 on unreliable transports, 0 on reliable ones. */
  readonly absorbRequestsMs: number;
  /** Timers I and K: T4 on unreliable transports, 0 on reliable ones. */
  readonly lingerMs: number;
  /** Automatic 100 Trying when the transaction user says nothing for so long (RFC 3261 §17.2.1). */
  readonly tryingAfterMs: number;
}

/** Timer lengths for one transaction over a flow that is reliable or not. */
export function timersFor(reliable: boolean, base: BaseTimers = rfc3261Timers): TransactionTimers {
  let both = made.get(base);
  if (both === undefined) {
    both = [makeTimers(false, base), makeTimers(true, base)];
    made.set(base, both);
  }
  return both[reliable ? 1 : 0];
}

/** Every transaction of a stack has one of the same two sets. */
const made = new WeakMap<BaseTimers, readonly [TransactionTimers, TransactionTimers]>();

function makeTimers(reliable: boolean, base: BaseTimers): TransactionTimers {
  const giveUpMs = 64 * base.t1;
  return {
    ...base,
    reliable,
    giveUpMs,
    absorbFailuresMs: reliable ? 0 : Math.max(base.leastD ?? 32_000, giveUpMs),
    absorbRequestsMs: reliable ? 0 : giveUpMs,
    lingerMs: reliable ? 0 : base.t4,
    tryingAfterMs: 200,
  };
}
