import type { EpochMs } from '../domain/ids.ts';

/** One parked call as a dialog-info NOTIFY tells it (WIRE.md §5); all text comes from the network. */
export interface ParkReport {
  /** The `dialog` id: the ParkId on our server, anything unique on another. */
  readonly id: string;
  /** What to dial to retrieve exactly this call: the local target, `sip:*88102@pbx.test;park-id=…`. */
  readonly retrieveTarget: string | null;
  readonly caller: PartyText | null;
  /** The extension it is parked on; `null` when the server does not say. */
  readonly slot: string | null;
  readonly group: string | null;
  readonly parker: { readonly extension: string; readonly name: string | null } | null;
  readonly note: string | null;
  readonly recallTo: RecallTo | null;
  /** Name of the ring group that `recallTo` speaks of. */
  readonly recallGroup: string | null;
  /** The server wants whoever parked it to be alerted too. */
  readonly alertsParker: boolean;
  readonly times: ReportedTimes;
  readonly state: ReportedState;
}

/** Where a call goes that nobody takes. */
export type RecallTo = 'parker' | 'parker-then-ring-group' | 'ring-group';

/** A name and a number as they came; either may be missing. */
export interface PartyText {
  readonly name: string | null;
  readonly number: string;
}

/** Times on the server's clock; `now` is when it wrote them. Without `now` they cannot be compared with ours. */
export interface ReportedTimes {
  readonly now: EpochMs | null;
  readonly parkedAt: EpochMs | null;
  readonly recallAt: EpochMs | null;
}

export type ReportedState =
  | { readonly kind: 'parked' | 'recalling' | 'retrieving' }
  | { readonly kind: 'ended'; readonly how: CardEnd };

/** How a parked call ended, for "Retrieved by Carol", "Caller hung up", "Went back to Bob". */
export type CardEnd =
  | { readonly kind: 'retrieved'; readonly by: string | null }
  | { readonly kind: 'returned'; readonly to: string | null }
  | { readonly kind: 'caller-gone' }
  /** `to` is the ring group's name, where the server says it. */
  | { readonly kind: 'forwarded'; readonly to: string | null }
  | { readonly kind: 'lost' }
  /** It is not in the list any more and nobody said why. */
  | { readonly kind: 'unknown' };

/** One NOTIFY of the list's subscription. */
export interface ParkNotify {
  /** `dialog-info` version: grows by one with each NOTIFY of a subscription. */
  readonly version: number;
  readonly scope: 'full' | 'partial';
  readonly reports: readonly ParkReport[];
}
