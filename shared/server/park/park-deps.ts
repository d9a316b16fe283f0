import type { ClaimPort, ParkLot } from '../../domain/park-lot.ts';
import type { RingGroupId, TenantId } from '../../domain/ids.ts';
import type { ParkedCall } from '../../domain/park-state.ts';
import type { Announcer } from '../announcements/announcer.ts';
import type { CallKit } from '../calls/call-kit.ts';
import type { Leg } from '../calls/leg.ts';
import type { CallWatcher } from '../calls/two-party-call.ts';
import type { Journal } from '../ports/journal.ts';
import type { ParkedCallStore } from '../ports/parked-call-store.ts';

/** Puts a leg on music; false when that failed. Asynchronous: a media engine may sit in another thread or process. */
export type MusicSwitch = (leg: Leg) => Promise<boolean>;

/** A parked call changed. `at-once`: it is new or over. */
export interface ParkChange {
  readonly call: ParkedCall;
  readonly urgency: 'at-once' | 'coalesced';
}

/** Hands a caller over to a ring group for good. */
export type ForwardCaller = (caller: Leg, to: ForwardTarget) => void;

export interface ForwardTarget {
  readonly tenantId: TenantId;
  readonly ringGroupId: RingGroupId;
}

export interface ParkServiceDeps {
  readonly kit: CallKit;
  readonly journal: Journal;
  readonly store: ParkedCallStore;
  readonly watcher: CallWatcher;
  readonly announcer: Announcer;
  readonly switchToMusic: MusicSwitch;
  readonly forward: ForwardCaller;
  /** Where claims are decided; default: this process. */
  readonly claims?: (lot: ParkLot) => ClaimPort;
}
