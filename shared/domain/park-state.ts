import type { EpochMs, Extension, GroupId, ParkId, RingGroupId, TenantId, UserId } from './ids.ts';
import type { RecallSettings } from './recall-policy.ts';

/** A user as a party of a parked call. The name is network text: shown, never interpreted. */
export interface ParkParty {
  readonly userId: UserId;
  readonly extension: Extension;
  readonly displayName: string;
  /** The device they act from (`+sip.instance`, else flow, else contact and source). */
  readonly deviceId: string;
}

/** The far party of the parked call, as it may be shown: already "Anonymous" where privacy was asked (RFC 3323). */
export interface CallerIdentity {
  readonly displayName: string | null;
  /** SIP URI text, e.g. `sip:003386002678@pbx.test`. */
  readonly uri: string;
}

/** What is settled when a park is accepted; only the slot of a group's call can change, when its owner is deleted. */
export interface ParkFacts {
  readonly parkId: ParkId;
  readonly tenantId: TenantId;
  /** The extension the call is parked on. */
  readonly slot: Extension;
  /** Set for a call parked to a group by its code; a call parked on a member's extension is not the group's. */
  readonly group: { readonly id: GroupId; readonly name: string } | null;
  readonly parker: ParkParty;
  readonly caller: CallerIdentity;
  /** Opaque name of the caller's leg; one leg is in the lot at most once. */
  readonly callerLeg: string;
  /** ≤ 200 characters, plain text. */
  readonly note: string | null;
  readonly recall: RecallSettings;
  /** When the park was asked for. */
  readonly askedAt: EpochMs;
}

/** The caller is being put on music; the pair still belongs together. */
export interface Parking {
  readonly kind: 'parking';
  /** `gone`: the parker hung up before the park was finished. */
  readonly parkerLeg: 'up' | 'gone';
}

/** The caller hears music and anyone entitled may retrieve. */
export interface Parked {
  readonly kind: 'parked';
  readonly parkedAt: EpochMs;
  /** Recalls tried so far. */
  readonly attempts: number;
  /** When the next recall is due. */
  readonly recallAt: EpochMs;
}

/** The parker rings; the caller hears music and others may still retrieve. */
export interface Recalling {
  readonly kind: 'recalling';
  readonly parkedAt: EpochMs;
  /** This recall's number, from 1; also says which recall a late report belongs to. */
  readonly attempts: number;
  readonly ringUntil: EpochMs;
}

/** A recall whose ringing ended because a retriever was answered; it rings again if the retrieve fails. */
export interface RecallSuspended {
  readonly kind: 'recall-suspended';
  readonly parkedAt: EpochMs;
  readonly attempts: number;
  /** How much of the ringing time was left, in ms; ≥ 0. */
  readonly leftMs: number;
}

/** Claimed: one retriever is being connected, the caller still hears music. */
export interface Retrieving {
  readonly kind: 'retrieving';
  readonly retriever: ParkParty;
  /** Names this claim: reports about an earlier claim are not about this one. */
  readonly claim: number;
  /** What the call returns to when the retrieve fails. */
  readonly before: Parked | Recalling | RecallSuspended;
}

/** The parker answered a recall and is being connected, the caller still hears music. Shown as `recalling`. */
export interface Returning {
  readonly kind: 'returning';
  readonly parkedAt: EpochMs;
  readonly attempts: number;
  /** Opaque name of the leg that answered. */
  readonly leg: string;
}

export type ParkFailure = 'no-music' | 'cancelled';

/** Terminal: the call has left the lot for good and no input changes it. */
export type Ended =
  | { readonly kind: 'retrieved'; readonly at: EpochMs; readonly by: ParkParty }
  | { readonly kind: 'returned'; readonly at: EpochMs }
  | { readonly kind: 'abandoned'; readonly at: EpochMs }
  | { readonly kind: 'forwarded'; readonly at: EpochMs; readonly ringGroupId: RingGroupId }
  | { readonly kind: 'failed'; readonly at: EpochMs; readonly reason: ParkFailure }
  | { readonly kind: 'lost'; readonly at: EpochMs };

export type ParkState = Parking | Parked | Recalling | Retrieving | Returning | Ended;

/** One parked call: plain data, safe to store. */
export interface ParkedCall {
  readonly facts: ParkFacts;
  /** Grows by one with every change of state; claims compare it. */
  readonly version: number;
  readonly state: ParkState;
}

/** The words of WIRE.md's `state` attribute and of the journal. */
export type PublishedState = Exclude<ParkState['kind'], 'returning'>;

export function isEnded(state: ParkState): state is Ended {
  switch (state.kind) {
    case 'retrieved':
    case 'returned':
    case 'abandoned':
    case 'forwarded':
    case 'failed':
    case 'lost':
      return true;
    case 'parking':
    case 'parked':
    case 'recalling':
    case 'retrieving':
    case 'returning':
      return false;
  }
}

/** True while a retriever may still be given the call. */
export function isClaimable(state: ParkState): state is Parked | Recalling {
  return state.kind === 'parked' || state.kind === 'recalling';
}

export function publishedState(state: ParkState): PublishedState {
  return state.kind === 'returning' ? 'recalling' : state.kind;
}

/** When the caller was put on music; `null` before, and after the end. */
export function parkedAtOf(state: ParkState): EpochMs | null {
  if (state.kind === 'retrieving') return state.before.parkedAt;
  return 'parkedAt' in state ? state.parkedAt : null;
}

/** When the call will next do something by itself; `null` when others have to act. */
export function deadlineOf(state: ParkState): EpochMs | null {
  if (state.kind === 'parked') return state.recallAt;
  return state.kind === 'recalling' ? state.ringUntil : null;
}

/** When the next recall is due, for the countdown; `null` while it rings or is being taken. */
export function recallAtOf(state: ParkState): EpochMs | null {
  if (state.kind === 'parked') return state.recallAt;
  if (state.kind === 'retrieving' && state.before.kind === 'parked') return state.before.recallAt;
  return null;
}
