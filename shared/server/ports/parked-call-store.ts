import type { EpochMs, TenantId, UserId } from '../../domain/ids.ts';
import type { JournalSubject } from './journal.ts';

/** Data that survives JSON unchanged. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What must outlive the process of a call that is parked now. */
export interface ParkedCallRecord extends JournalSubject {
  readonly tenantId: TenantId;
  readonly state: 'parking' | 'parked' | 'recalling' | 'retrieving';
  /** +1 per change; claims compare it. */
  readonly version: number;
  readonly parkedAt: EpochMs;
  /** Absent while no recall is due. */
  readonly recallAt?: EpochMs;
  readonly parkerUserId: UserId;
  readonly parkerDeviceId: string;
  /** The caller's SIP dialog, as `Dialog` recorded it. */
  readonly dialog: Json;
  /** The caller's media leg, as `MediaLeg.record()` gave it; holds no media keys. */
  readonly leg: Json;
}

/** Calls that are parked now, on disk. Every write is immediate and survives `kill -9`. */
export interface ParkedCallStore {
  /** Inserts or replaces, by park id. */
  save(call: ParkedCallRecord): void;
  remove(parkId: string): void;
  all(): readonly ParkedCallRecord[];
  /**
   * At start: whatever is still here was parked when the server died. Writes `lost` to the journal for each and
   * empties the table, in one transaction; returns what was lost.
   */
  markAllLost(now: EpochMs): readonly ParkedCallRecord[];
}
