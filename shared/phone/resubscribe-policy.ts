/**
 * When a lost subscription is asked for again (WIRE.md §5). JsSIP's Subscriber never comes back by itself.
 * After `terminated` or a reconnect the first try comes within the jitter; every failed one waits longer, up to a minute.
 */
export const resubscribePolicy = {
  /** Base delay of try 0, 1, 2, …, in ms; the last goes on for ever. */
  delaysMs: [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 58_000],
  /** Added to every delay, evenly spread, in ms: not all phones come back in the same instant. */
  jitterMs: 2000,
  /** How long to wait for the NOTIFY that a local action should cause (a park, a retrieve), in ms. */
  expectNotifyMs: 10_000,
} as const;

/** Why the list has to be asked for again. */
export type ResubscribeReason =
  | 'terminated'
  | 'reconnected'
  | 'woke-up'
  | 'network-changed'
  | 'notify-overdue'
  | 'gap'
  | 'unreadable'
  | 'refused';

/**
 * How long to wait, in ms.
 * @param failures tries since the last NOTIFY that came, from 0
 * @param random evenly spread in [0, 1)
 * @param retryAfterMs what the server asked for (`retry-after` of `probation`, RFC 6665 §4.4.1), in ms
 */
export function resubscribeDelayMs(
  failures: number,
  random: () => number,
  retryAfterMs: number = 0,
): number {
  const { delaysMs, jitterMs } = resubscribePolicy;
  const index = Math.min(Math.max(0, failures), delaysMs.length - 1);
  const base = delaysMs[index] ?? 0;
  return Math.max(base, retryAfterMs) + Math.floor(random() * jitterMs);
}

/** Whether asking again makes sense: not after the user was removed or lost the right to look. */
export function mayResubscribe(terminatedReason: string | null): boolean {
  return terminatedReason !== 'rejected' && terminatedReason !== 'noresource';
}
