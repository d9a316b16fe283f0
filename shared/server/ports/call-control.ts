import type { EpochMs, Extension, GroupId, ParkId, TenantId } from '../../domain/ids.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { User } from './directory.ts';
import type { CallerIdentity } from './journal.ts';

/** A parked call as the command line and monitoring see it. */
export interface ParkedCallView {
  readonly parkId: ParkId;
  readonly tenantId: TenantId;
  readonly slot: Extension;
  /** Set when it was parked to a group. */
  readonly groupId?: GroupId;
  readonly parker: Extension;
  readonly caller: CallerIdentity;
  readonly state: 'parking' | 'parked' | 'recalling' | 'retrieving';
  readonly parkedAt: EpochMs;
  /** Absent while no recall is due. */
  readonly recallAt?: EpochMs;
  readonly note?: string;
}

export type SnoozeOutcome = 'snoozed' | 'not-permitted' | 'nothing-parked';

/** What the composition root needs of call control: everything in SIP that is no REGISTER and no bare OPTIONS. */
export interface CallControl {
  /** Answers every request it is given, now or later. */
  handleRequest(tx: ServerTransaction): void;
  /** Oldest first. */
  parkedCalls(tenantId: TenantId): readonly ParkedCallView[];
  /** Puts the recall of a parked call in the user's own scope off by one recall time (WIRE.md §9). */
  snooze(user: User, parkId: ParkId): SnoozeOutcome;
  /** Calls under way, parked ones included. */
  readonly activeCalls: number;
  /** Dialogs of calls and subscriptions that are remembered. */
  readonly dialogs: number;
  /**
   * Graceful stop: no new calls and parks (503), calls may end by themselves for `graceMs`, then BYE with a Reason;
   * subscriptions end as `deactivated`. Resolves when all is said. Harmless twice.
   */
  close(options: { readonly graceMs: number }): Promise<void>;
}
