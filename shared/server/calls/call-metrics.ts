/** What call control counts. Implementations must not throw; labels are closed unions. */
export interface CallMetrics {
  /** Two parties began to talk, or an attempt failed; `callEnded` follows in either case. */
  callStarted(): void;
  /** It is over; `answered` tells whether the two ever talked. */
  callEnded(how: 'answered' | 'unanswered'): void;
  /** A park was asked for. `status` is the final answer to REFER or INVITE: 200 when parked. */
  park(by: 'refer' | 'invite', status: number): void;
  /** A retrieve was asked for; `status` is its final answer, `ms` the time from INVITE to the bridge. */
  retrieve(status: number, ms: number): void;
  recall(outcome: 'started' | 'answered' | 'unanswered' | 'refused' | 'signed-out'): void;
  /** Calls that are parked now, all tenants together. */
  parkedNow(count: number): void;
  /** Live subscriptions now. */
  subscriptionsNow(count: number): void;
}

/** Counts nothing. */
export const noCallMetrics: CallMetrics = {
  callStarted: () => undefined,
  callEnded: () => undefined,
  park: () => undefined,
  retrieve: () => undefined,
  recall: () => undefined,
  parkedNow: () => undefined,
  subscriptionsNow: () => undefined,
};
