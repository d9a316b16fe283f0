import type { Disposable } from '../../shared/domain/disposable.ts';
import type { EpochMs } from '../../shared/domain/ids.ts';
import type { CallEffect, NetworkInput } from '../../shared/phone/call-input.ts';
import type { ParkNotify } from '../../shared/phone/park-report.ts';
import type { MessageSummary } from '../../shared/phone/voicemail.ts';
import type { SignInProblem } from '../../shared/phone/sign-in-problem.ts';

/**
 * The phone's telephone line as a port. The rules of calls and of the park list live in `shared/phone`; the line carries out what
 * they decide (`perform`) and says what happens on the wire. The adapter for JsSIP is `jssip-line.ts`; tests have one without a
 * server.
 */

export type LineState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'registering' }
  | {
      readonly kind: 'registered';
      readonly at: EpochMs;
      /** From `X-Parkline-Api`; `null` with another PBX. */
      readonly apiBaseUrl: string | null;
    }
  /** The connection is gone and comes back by itself. */
  | { readonly kind: 'offline'; readonly since: EpochMs; readonly problem: SignInProblem }
  /** The server said no; trying again by itself would only lock the account. */
  | { readonly kind: 'refused'; readonly problem: SignInProblem };

/** What became of a `dialog` subscription: on my own retrieve code, a slot, a colleague. */
export type SubscriptionEvent =
  /** A new subscription was accepted: its document versions start anew. */
  | { readonly kind: 'subscribed' }
  /** The body of a NOTIFY. */
  | { readonly kind: 'document'; readonly body: string }
  | { readonly kind: 'lost' }
  /** The server has no park list for us (another PBX, or not permitted). */
  | { readonly kind: 'unsupported' };

/** What is known of the parked calls: as one subscription says it, or made of several. */
export type ParkListEvent =
  SubscriptionEvent | { readonly kind: 'notify'; readonly notify: ParkNotify };

export type LineEvent =
  | { readonly kind: 'state'; readonly state: LineState }
  | { readonly kind: 'call'; readonly input: NetworkInput }
  | { readonly kind: 'park-list'; readonly event: ParkListEvent }
  /** The same of what is watched for a lamp; `digits` is what one would dial. */
  | { readonly kind: 'lamp'; readonly digits: string; readonly event: SubscriptionEvent }
  /** What the voicemail box says (RFC 3842); `null` when it says nothing any more. */
  | { readonly kind: 'voicemail'; readonly summary: MessageSummary | null }
  /** `park-info` of another vendor that we cannot read (WIRE §6). */
  | { readonly kind: 'park-hint' };

/** The effects that are the line's to carry out; the others are the phone's own. */
export type LineEffect = Exclude<CallEffect, { readonly kind: 'watch-refer' | 'resubscribe' }>;

export interface CallQuality {
  /** Share of packets lost on the way to us, 0–1, over the last interval. */
  readonly loss: number;
  readonly jitterMs: number;
  /** `null` until RTCP has said so. */
  readonly roundTripMs: number | null;
  /** Mean opinion score estimated by ITU-T G.107's simplified E-model, 1.0–4.5. */
  readonly mos: number;
  readonly codec: string | null;
  /** Loudness received in the last interval, 0–1. */
  readonly level: number;
}

export interface PhoneLine {
  readonly state: LineState;
  start(): void;
  /** Ends calls with BYE, unregisters and closes. Resolves when that is said, or after 2 s. */
  stop(): Promise<void>;
  /** The network came back or the machine woke: test the connection and ask for the list now. */
  nudge(why: string): void;
  /** Closes the connection and opens it anew: who is at its other end must prove themselves again. */
  reconnect(why: string): void;
  onEvent(run: (event: LineEvent) => void): Disposable;
  /** Outcomes come as events, never from within this call. */
  perform(effect: LineEffect): void;
  /** Subscribes to the park list anew. */
  resyncParkList(): void;
  /** What I just did must show in the list: ask for it if it does not in time. */
  expectParkChange(): void;
  /** Watches these, by what one would dial (an extension, a retrieve code with one), and nothing else for lamps. */
  watchLamps(digits: readonly string[]): void;
  /** `null` when there is no such call or nothing was received yet. Each reading covers the time since the one before. */
  quality(callId: string): Promise<CallQuality | null>;
}
