/** How a leg ended without our doing. */
export type LegEnd =
  /** The far side said BYE; `reason` is its Reason header. */
  | { readonly kind: 'bye'; readonly reason?: string }
  /** The far side is dead: no STUN, no session refresh, no answer. */
  | { readonly kind: 'gone' }
  /** Our 2xx was never acknowledged. */
  | { readonly kind: 'no-ack' };
