import type { RingGroupId } from './ids.ts';

/** Where an unretrieved call goes when its recall timer expires (CALL-PARK "Recall"). */
export type RecallDestination =
  | { readonly kind: 'parker' }
  | {
      readonly kind: 'parker-then-ring-group';
      readonly ringGroupId: RingGroupId;
      /** How long the parker rings before the call goes to the ring group, in ms; ≥ 1000. */
      readonly waitMs: number;
    }
  | { readonly kind: 'ring-group'; readonly ringGroupId: RingGroupId };

/** The recall rules a call is parked with; it keeps them, whatever is saved afterwards. */
export interface RecallSettings {
  /** How long a call waits before it is recalled, and how long the parker then rings, in ms; ≥ 1000, default 300 000. */
  readonly timerMs: number;
  /** How long after a recall that nobody answered the next one starts, in ms; ≥ 1000, default 10 000. */
  readonly retryMs: number;
  readonly destination: RecallDestination;
}

export const defaultRecallSettings: RecallSettings = {
  timerMs: 300_000,
  retryMs: 10_000,
  destination: { kind: 'parker' },
};
