import type { CallId, ParkReceipt, RecallMark, CallPurpose, TransferTarget } from './call.ts';
import type { FinalStatus } from './call-problem.ts';
import type { PartyText } from './park-report.ts';

/** What the user wants, and what the network says, of the phone's calls. */
export type CallInput =
  /** Dial `target`; a talking call is put on hold first. `call` is the id the new call is to have. */
  | {
      readonly kind: 'dial';
      readonly call: CallId;
      /** The account it goes out from; absent: there is but one. */
      readonly account?: string;
      readonly target: string;
      readonly party: PartyText;
      readonly purpose: CallPurpose;
    }
  | { readonly kind: 'answer'; readonly call: CallId }
  | { readonly kind: 'hang-up'; readonly call: CallId }
  | { readonly kind: 'hold'; readonly call: CallId }
  /** Talk to this one; the talking one is put on hold first. With two calls this is the swap. */
  | { readonly kind: 'resume'; readonly call: CallId }
  | { readonly kind: 'mute' | 'unmute'; readonly call: CallId }
  /** Makes one conversation of two calls: everyone hears the two others. */
  | { readonly kind: 'join'; readonly call: CallId; readonly other: CallId }
  /** Ends the conference by talking to this one alone; the other is put on hold. */
  | { readonly kind: 'split'; readonly call: CallId }
  | { readonly kind: 'transfer'; readonly call: CallId; readonly target: TransferTarget }
  | { readonly kind: 'digit'; readonly call: CallId; readonly digit: string }
  /** The notice was read. */
  | { readonly kind: 'dismiss-notice'; readonly call: CallId }
  /** The ended call leaves the screen. */
  | { readonly kind: 'forget'; readonly call: CallId }
  | NetworkInput;

export type NetworkInput =
  | {
      readonly kind: 'came-in';
      readonly call: CallId;
      /** The account that rings; absent: there is but one. */
      readonly account?: string;
      readonly party: PartyText;
      readonly recall: RecallMark | null;
      /** How long after it came it wants to be answered by itself; absent: it waits for the user. */
      readonly autoAnswerAfterMs?: number;
    }
  | { readonly kind: 'rings'; readonly call: CallId }
  /** 2xx; `party` when the server says who it is (P-Asserted-Identity, RFC 3325). */
  | { readonly kind: 'answered'; readonly call: CallId; readonly party: PartyText | null }
  /** The server says that the other side is somebody else now (UPDATE with identity). */
  | { readonly kind: 'party-changed'; readonly call: CallId; readonly party: PartyText }
  /** An outgoing call was refused, or found nobody. */
  | { readonly kind: 'refused'; readonly call: CallId; readonly final: FinalStatus }
  /** The other side hung up, or cancelled before the answer. */
  | {
      readonly kind: 'gone';
      readonly call: CallId;
      readonly why: 'bye' | 'cancel' | 'answered-elsewhere' | 'connection-lost' | 'media';
    }
  | { readonly kind: 'hold-done' | 'hold-failed'; readonly call: CallId }
  | { readonly kind: 'resume-done' | 'resume-failed'; readonly call: CallId }
  /** 202 to our REFER. */
  | { readonly kind: 'refer-accepted'; readonly call: CallId }
  /** REFER refused, not sent, or its final NOTIFY is not 2xx. */
  | { readonly kind: 'refer-failed'; readonly call: CallId; readonly final: FinalStatus }
  /** Final NOTIFY 2xx; the receipt is there after a park. */
  | {
      readonly kind: 'refer-succeeded';
      readonly call: CallId;
      readonly receipt: ParkReceipt | null;
    }
  /** `REFER_TIMEOUT_MS` after the REFER with this number. */
  | { readonly kind: 'refer-overdue'; readonly call: CallId; readonly refer: number };

/** What has to be done, in this order. */
export type CallEffect =
  | {
      readonly kind: 'dial';
      readonly call: CallId;
      readonly target: string;
      readonly purpose: CallPurpose;
    }
  | { readonly kind: 'answer'; readonly call: CallId }
  /** BYE, CANCEL or 603, whatever ends it now. */
  | { readonly kind: 'end'; readonly call: CallId }
  | { readonly kind: 'hold' | 'unhold'; readonly call: CallId }
  | { readonly kind: 'set-microphone'; readonly call: CallId; readonly to: 'open' | 'muted' }
  | { readonly kind: 'refer'; readonly call: CallId; readonly target: TransferTarget }
  /** The sound of these calls is mixed from now on, each without its own; none: every call is by itself again. */
  | { readonly kind: 'mix'; readonly calls: readonly CallId[] }
  | { readonly kind: 'send-digit'; readonly call: CallId; readonly digit: string }
  /** Answer with `refer-overdue` and this number after `REFER_TIMEOUT_MS`. */
  | { readonly kind: 'watch-refer'; readonly call: CallId; readonly refer: number }
  /** Ask for the list anew: what we believe of it may be wrong. */
  | { readonly kind: 'resubscribe' };
