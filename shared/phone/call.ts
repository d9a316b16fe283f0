import type { EpochMs } from '../domain/ids.ts';
import type { PartyText } from './park-report.ts';
import type { RetrieveProblem } from './retrieve-problem.ts';

/** Names one call of this phone: made by whoever talks SIP, opaque here. */
export type CallId = string;

/** What an outgoing call is for. */
export type CallPurpose =
  | { readonly kind: 'call' }
  /** Takes a parked call back; `cardId` when it was pressed on the board, `null` when a code was dialled. */
  | { readonly kind: 'retrieve'; readonly cardId: string | null }
  /** Parks by dialling a code (the held call goes, WIRE.md §3), or asks for another feature. */
  | { readonly kind: 'feature' };

/** A call that comes back to its parker (WIRE.md §9). */
export interface RecallMark {
  readonly slot: string | null;
  readonly attempt: number;
}

/** Where a REFER sends the call. */
export type TransferTarget =
  | {
      readonly kind: 'park';
      /** The feature code, `*68102`. */
      readonly code: string;
      readonly note: string | null;
    }
  | { readonly kind: 'blind'; readonly number: string }
  /** Joins this call with another one of ours (Replaces, RFC 3891). */
  | { readonly kind: 'attended'; readonly other: CallId };

/** Where a parked call went: "Parked on 103, retrieve with *88103". Parts another server does not tell are `null`. */
export interface ParkReceipt {
  readonly parkId: string | null;
  readonly slot: string | null;
  readonly retrieveCode: string | null;
}

export type CallState =
  /** Rings here. */
  | { readonly kind: 'incoming' }
  /** Will be dialled, answered or resumed as soon as the call `holding` is on hold. */
  | {
      readonly kind: 'waiting';
      readonly holding: CallId;
      readonly wanted: 'dial' | 'answer' | 'resume';
    }
  | { readonly kind: 'dialing' }
  /** The other side rings (180). */
  | { readonly kind: 'ringing' }
  | { readonly kind: 'answering' }
  | { readonly kind: 'active' }
  /** `resume`: what it was put on hold for has come to nothing meanwhile, it goes on as soon as it can. */
  | { readonly kind: 'holding'; readonly next: 'stay' | 'resume' }
  | { readonly kind: 'held' }
  | { readonly kind: 'resuming' }
  /** REFER sent; `accepted` (202) is not success, the final NOTIFY is. */
  | {
      readonly kind: 'parking' | 'transferring';
      readonly target: TransferTarget;
      readonly phase: 'asked' | 'accepted';
      /** Which REFER of this call it is, from 1: a timeout of an earlier one is not about this one. */
      readonly refer: number;
      /** What the call was, and is again if it fails. */
      readonly before: 'active' | 'held';
    }
  | { readonly kind: 'ended'; readonly at: EpochMs; readonly why: CallEnd };

/** Why a call is over: closed, for a sentence in the user's language. */
export type CallEnd =
  | { readonly kind: 'hung-up'; readonly by: 'me' | 'them' }
  /** I called it off before it was answered. */
  | { readonly kind: 'cancelled' }
  /** They gave up before I answered. */
  | { readonly kind: 'missed' }
  | { readonly kind: 'answered-elsewhere' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'parked'; readonly receipt: ParkReceipt }
  | { readonly kind: 'transferred' }
  | { readonly kind: 'retrieve-failed'; readonly problem: RetrieveProblem }
  | { readonly kind: 'hold-failed' }
  | { readonly kind: 'connection-lost' }
  | { readonly kind: 'failed'; readonly problem: CallProblem };

export type CallProblem =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'incomplete-number' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'not-permitted' }
  | { readonly kind: 'media' }
  | { readonly kind: 'server' }
  | { readonly kind: 'other'; readonly status: number; readonly text: string };

/** What went wrong with a call that goes on; the screen says it and may forget it. */
export type CallNotice =
  | { readonly kind: 'park-failed'; readonly problem: ParkProblem }
  | { readonly kind: 'transfer-failed'; readonly problem: ParkProblem }
  /** 10 s without the final NOTIFY: nobody knows, the call is kept. */
  | { readonly kind: 'no-word'; readonly of: 'park' | 'transfer' }
  | { readonly kind: 'hold-failed' }
  | { readonly kind: 'resume-failed' };

/** Why a park or transfer was refused (WIRE.md §8). */
export type ParkProblem =
  | { readonly kind: 'unknown-extension' }
  | { readonly kind: 'incomplete-number' }
  | { readonly kind: 'not-permitted'; readonly text: string | null }
  | { readonly kind: 'slot-full' }
  | { readonly kind: 'nobody-available' }
  | { readonly kind: 'already-being-parked' }
  | { readonly kind: 'caller-gone' }
  | { readonly kind: 'server-busy' }
  | { readonly kind: 'no-connection' }
  | { readonly kind: 'other'; readonly status: number; readonly text: string };

export interface Call {
  readonly id: CallId;
  /** Which of the user's accounts carries it: its PBX is who parks and transfers it. `''` where there is but one. */
  readonly account: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly purpose: CallPurpose;
  /** What was dialled; `null` for an incoming call. */
  readonly target: string | null;
  /** Whom one talks to: after a retrieve the parked caller, not `*88102`. */
  readonly party: PartyText;
  readonly recall: RecallMark | null;
  readonly startedAt: EpochMs;
  /** When it was first answered; `null` until then. */
  readonly answeredAt: EpochMs | null;
  /** What the user chose. */
  readonly microphone: 'open' | 'muted';
  /** It waits although it could not be put on hold: whatever the user chose, nobody there is to hear them until it goes on. */
  readonly silenced: boolean;
  /** `conference`: its party and that of another call hear each other through this phone. */
  readonly company: 'alone' | 'conference';
  /** The caller's side asks that it be answered without a press, so many ms after it came; `null`: an ordinary call. */
  readonly autoAnswerAfterMs: number | null;
  readonly state: CallState;
  /** The call that was put on hold for this one, and goes on if this one never comes about. */
  readonly heldForThis: CallId | null;
  /** How many REFERs were sent in this call. */
  readonly refers: number;
  readonly notice: CallNotice | null;
}

/** All calls of the phone, in order of their start; ended ones until they are forgotten. */
export interface CallList {
  readonly calls: readonly Call[];
}

/** True while somebody can be heard, or could be if the network were faster. */
export function isTalking(state: CallState): boolean {
  switch (state.kind) {
    case 'active':
    case 'holding':
    case 'resuming':
    case 'answering':
      return true;
    case 'parking':
    case 'transferring':
      return state.before === 'active';
    default:
      return false;
  }
}

/** True while this phone rings or the far one does. */
export function isRinging(state: CallState): boolean {
  return state.kind === 'incoming' || state.kind === 'ringing' || state.kind === 'dialing';
}
