import type { EpochMs, Extension } from './ids.ts';
import type { ParkParty } from './park-state.ts';

/** Why a retriever who had the claim did not get the call after all. */
export type RetrieveFailure =
  /** Their INVITE was cancelled, or they hung up before they were connected. */
  | 'gave-up'
  /** No ACK within 5 s of our 200. */
  | 'no-ack'
  /** Their SDP, or the caller's answer to a re-INVITE for a common codec, could not be used (488). */
  | 'media-refused'
  /** ACK came, but no media path (DTLS) did. */
  | 'no-media';

/** Why nobody took a recall. All lead to another try; the journal tells them apart. */
export type RecallOutcome = 'refused' | 'unanswered' | 'unreachable';

/** Everything that can happen to a parked call. */
export type ParkInput =
  /** The caller hears music. */
  | { readonly kind: 'music-started' }
  | { readonly kind: 'music-failed' }
  /** The park is called off before it is finished. */
  | { readonly kind: 'cancel' }
  /** The parker's leg of the call that is being parked has ended. */
  | { readonly kind: 'parker-gone' }
  | { readonly kind: 'caller-gone' }
  /** A retriever wants the call; `version` is the one the decision was made on. */
  | { readonly kind: 'claim'; readonly retriever: ParkParty; readonly version: number }
  /** Our 200 to the retriever's INVITE was sent. */
  | { readonly kind: 'retriever-answered'; readonly claim: number }
  /** The retriever acknowledged and, for WebRTC, the media path is up: they can be connected. */
  | { readonly kind: 'retriever-ready'; readonly claim: number }
  | { readonly kind: 'retriever-failed'; readonly claim: number; readonly reason: RetrieveFailure }
  /** The deadline that was scheduled has come. A deadline replaced meanwhile is no deadline. */
  | { readonly kind: 'deadline'; readonly deadline: EpochMs }
  | { readonly kind: 'recall-answered'; readonly attempt: number; readonly leg: string }
  /** The media path to the leg that answered is up. */
  | { readonly kind: 'recall-ready'; readonly attempt: number }
  /** Refused by the last device, not answered, signed in nowhere, or ended before it was connected. */
  | { readonly kind: 'recall-ended'; readonly attempt: number; readonly outcome: RecallOutcome }
  /** Somebody asks for one more recall time. */
  | { readonly kind: 'snooze'; readonly by: ParkParty }
  /** Recall without waiting for the timer: the slot's owner was deleted. */
  | { readonly kind: 'recall-now' }
  /** The slot's owner was deleted, and another member of the call's group has the call now. */
  | { readonly kind: 'slot-moved'; readonly to: Extension }
  /** The grace of a graceful stop is over. */
  | { readonly kind: 'server-stopping' };

/** What a step has to know besides the call and the input. */
export interface StepContext {
  readonly now: EpochMs;
  /** Whether the ring group of the call's recall settings exists and has members. */
  readonly ringGroup: 'usable' | 'unusable';
}
