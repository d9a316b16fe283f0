/**
 * The model of `application/dialog-info+xml` (RFC 4235) with Parkline's `p:parked-call`.
 * `dialog-info-writer.ts` builds it, `dialog-info-reader.ts` reads it.
 */

export const DIALOG_INFO = 'application/dialog-info+xml';
export const DIALOG_INFO_NAMESPACE = 'urn:ietf:params:xml:ns:dialog-info';
export const PARKED_CALL_NAMESPACE = 'urn:parkline:params:xml:ns:parked-call';

export interface DialogInfo {
  /** Grows by one with each NOTIFY of a subscription, from 0. */
  readonly version: number;
  /** `partial`: only what changed since the version before. */
  readonly state: 'full' | 'partial';
  /** URI of what was subscribed to. */
  readonly entity: string;
  /** Oldest first. */
  readonly dialogs: readonly DialogEntry[];
}

export interface DialogEntry {
  /** Of a parked call its ParkId. */
  readonly id: string;
  readonly callId?: string | undefined;
  readonly localTag?: string | undefined;
  readonly remoteTag?: string | undefined;
  readonly direction?: 'initiator' | 'recipient' | undefined;
  readonly state: DialogState;
  /** Seconds. */
  readonly duration?: number | undefined;
  readonly local?: DialogParty | undefined;
  readonly remote?: DialogParty | undefined;
  readonly parkedCall?: ParkedCallElement | undefined;
}

export type DialogState =
  | { readonly kind: 'trying' | 'proceeding' | 'early' | 'confirmed' }
  | {
      readonly kind: 'terminated';
      readonly event?: TerminationEvent | undefined;
      readonly code?: number | undefined;
    };

export const TERMINATION_EVENTS = [
  'cancelled',
  'rejected',
  'replaced',
  'local-bye',
  'remote-bye',
  'error',
  'timeout',
] as const;
export type TerminationEvent = (typeof TERMINATION_EVENTS)[number];

export interface DialogParty {
  readonly identity?: { readonly display?: string | undefined; readonly uri: string } | undefined;
  readonly target?: DialogTarget | undefined;
}

export interface DialogTarget {
  readonly uri: string;
  /** Parameters such as `+sip.rendering` (RFC 4235 §4.1.6). */
  readonly params: ReadonlyMap<string, string>;
}

export const PARKED_CALL_STATES = [
  'parking',
  'parked',
  'recalling',
  'retrieving',
  'retrieved',
  'returned',
  'abandoned',
  'forwarded',
  'failed',
  'lost',
] as const;
export type ParkedCallState = (typeof PARKED_CALL_STATES)[number];

/** `p:parked-call`. Only slot and state are given to those who are outside the call's scope. Times in ms since 1970. */
export interface ParkedCallElement {
  readonly slot: string;
  readonly state: ParkedCallState;
  readonly group?: string | undefined;
  /** Extension of who parked the call. */
  readonly parker?: string | undefined;
  readonly parkerName?: string | undefined;
  readonly parkedAt?: number | undefined;
  readonly recallAt?: number | undefined;
  /** Where it goes when nobody takes it: `parker`, `parker-then-ring-group` or `ring-group`. */
  readonly recallTo?: string | undefined;
  /** Name of the ring group that `recallTo` speaks of. */
  readonly recallGroup?: string | undefined;
  /** Whoever parked it is alerted like everybody else: an option of the tenant. */
  readonly alertParker?: boolean | undefined;
  /** The server's clock when this was written: a countdown is `recallAt − now`. */
  readonly now?: number | undefined;
  readonly note?: string | undefined;
  /** Who ended it: an extension. */
  readonly endedBy?: string | undefined;
  readonly endedReason?: string | undefined;
}
