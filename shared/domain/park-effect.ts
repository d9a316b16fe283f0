import type { EpochMs, Extension, RingGroupId } from './ids.ts';
import type { RecallOutcome, RetrieveFailure } from './park-input.ts';
import type { ParkFailure, ParkParty } from './park-state.ts';

/** One line of a parked call's history. */
export type ParkJournalEntry =
  | { readonly kind: 'parked' }
  | { readonly kind: 'recall-started'; readonly attempt: number }
  | { readonly kind: 'recall-ended'; readonly attempt: number; readonly outcome: RecallOutcome }
  | { readonly kind: 'retrieve-failed'; readonly by: ParkParty; readonly reason: RetrieveFailure }
  | { readonly kind: 'snoozed'; readonly by: ParkParty }
  | { readonly kind: 'moved'; readonly to: Extension }
  | { readonly kind: 'retrieved'; readonly by: ParkParty }
  | { readonly kind: 'returned' }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'forwarded'; readonly ringGroupId: RingGroupId }
  | { readonly kind: 'failed'; readonly reason: ParkFailure }
  | { readonly kind: 'lost' };

/** Why ringing or connecting is called off. */
export type CallOffReason = 'retrieved' | 'caller-gone' | 'not-answered' | 'snoozed' | 'stopping';

/** What has to be done because of a step, in this order. */
export type ParkEffect =
  /** Put the caller on music (again); answers with `music-started` or `music-failed` while parking, else with nothing. */
  | { readonly kind: 'start-music' }
  /** Tell the parker how the park went: final NOTIFY 200, 487 or 503, or the answer to the INVITE. Their leg may be gone. */
  | {
      readonly kind: 'report-park';
      readonly outcome: 'parked' | 'caller-gone' | ParkFailure | 'stopping';
    }
  /** The two go on talking. */
  | { readonly kind: 'reconnect-pair' }
  /** BYE to the parker's leg of the call that was being parked: its other side is gone. */
  | { readonly kind: 'end-parker' }
  /** Connect the caller to the retriever who holds this claim. */
  | { readonly kind: 'connect-retriever'; readonly claim: number }
  /** End the retriever's INVITE or dialog; 480 for `caller-gone`, 503 for `stopping`. */
  | { readonly kind: 'end-retriever'; readonly claim: number; readonly reason: CallOffReason }
  /** Ring the parker's devices (the slot owner's, if the parker was deleted) until `until`. */
  | { readonly kind: 'ring-recall'; readonly attempt: number; readonly until: EpochMs }
  /** CANCEL what rings and BYE what has answered, now or crossing the CANCEL (ACK first). */
  | { readonly kind: 'cancel-recall'; readonly attempt: number; readonly reason: CallOffReason }
  /** This answer to a recall came too late: ACK, then BYE, to this leg only. */
  | { readonly kind: 'drop-recall-answer'; readonly leg: string }
  /** Connect the caller to the leg that answered the recall. */
  | { readonly kind: 'connect-recall'; readonly leg: string }
  /** Hand the caller over to the ring group for good; it exists and has members. */
  | { readonly kind: 'forward-caller'; readonly ringGroupId: RingGroupId }
  /** BYE to the caller, with a Reason; only ever because the server stops. */
  | { readonly kind: 'release-caller' }
  /** Replaces the deadline there may be: when it comes, answer with `deadline` and this time. */
  | { readonly kind: 'schedule-deadline'; readonly at: EpochMs }
  | { readonly kind: 'clear-deadline' }
  /** Tell the watchers: a new or ended parked call at once, anything else at most once a second, the last always. */
  | { readonly kind: 'publish'; readonly urgency: 'at-once' | 'coalesced' }
  | { readonly kind: 'journal'; readonly entry: ParkJournalEntry };
