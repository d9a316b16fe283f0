/** Time as the stack sees it: a monotonic clock and one-shot timers. Production: `systemSipClock`; tests: virtual time. */
export interface SipClock {
  /** Milliseconds since an arbitrary start; never goes backwards. */
  now(): number;
  /** Runs `run` once after `delayMs` (0 or more) and returns a function that calls it off; calling that late is harmless. */
  setTimer(delayMs: number, run: () => void): () => void;
}

/** Unpredictable text for branches, tags and Call-IDs (RFC 3261 §19.3 asks for at least 32 random bits). */
export interface SipRandom {
  /** A lower-case token made of letters and digits that carries at least `bits` bits of cryptographic randomness. */
  token(bits: number): string;
  /** An integer in [0, below), for jitter and back-off. */
  integer(below: number): number;
}

/**
 * What the stack tells about itself. Every member may be left out. Nothing here is needed for correct operation:
 * it feeds logs and counters. Messages are passed whole: the receiver redacts (Authorization, numbers) before it writes.
 */
export interface StackObserver {
  /** A message was dropped on purpose. */
  dropped?(why: DropReason, detail: { readonly flowId: string; readonly summary: string }): void;
  /** A transaction user's callback threw: a bug in the layer above. The stack carries on. */
  callbackFailed?(error: unknown): void;
  /** A transaction began or ended; `live` counts those that exist now. */
  transactions?(live: number): void;
  /** A message crossed the border. For traces; called for retransmissions too. */
  traffic?(direction: 'in' | 'out', flowId: string, bytes: Uint8Array): void;
}

/** Why a message was dropped. Closed: a metric label per value. */
export type DropReason =
  | 'malformed'
  | 'stray-response'
  | 'stray-ack'
  | 'foreign-via'
  | 'overload'
  | 'oversized'
  | 'flow-closed';
