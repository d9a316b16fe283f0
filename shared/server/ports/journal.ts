import type { EpochMs, Extension, GroupId, ParkId, TenantId } from '../../domain/ids.ts';

/** How the caller is shown. For a caller who asked for privacy both parts are already the anonymous ones. */
export interface CallerIdentity {
  readonly name: string;
  /** User part of the caller's URI: a number or an extension. */
  readonly number: string;
  readonly anonymous: boolean;
}

/** What every journal line says about the parked call, so that a line can be read by itself. */
export interface JournalSubject {
  readonly tenantId: TenantId;
  readonly parkId: ParkId;
  /** The extension the call is parked on. */
  readonly slot: Extension;
  /** Set when it was parked to a group. */
  readonly groupId?: GroupId;
  readonly parker: Extension;
  readonly caller: CallerIdentity;
  /** The parker's note, ≤ 200 characters. */
  readonly note?: string;
}

/** One step of a parked call's life. `lost` means that the server died with it. */
export type JournalStep =
  | { readonly kind: 'parked' }
  | { readonly kind: 'recalled'; readonly attempt: number }
  /** `since`: equal attempts before this one, from then on, were folded into this line. */
  | {
      readonly kind: 'recall-unanswered';
      readonly attempt: number;
      readonly reason: string;
      readonly since?: EpochMs;
    }
  | { readonly kind: 'snoozed'; readonly by: Extension }
  /** The slot's owner was deleted: another member of the group has it now. */
  | { readonly kind: 'moved'; readonly to: Extension }
  | { readonly kind: 'retrieved'; readonly by: Extension }
  | { readonly kind: 'returned'; readonly to: Extension }
  | { readonly kind: 'abandoned' }
  /** `to`: the ring group's name. */
  | { readonly kind: 'forwarded'; readonly to: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'lost' };

export interface JournalEvent extends JournalSubject {
  readonly at: EpochMs;
  readonly step: JournalStep;
}

export interface JournalQuery {
  readonly tenantId: TenantId;
  /** Only calls in the scope of this extension's present user: parked on it, parked by it, taken by it. Absent: the whole tenant. */
  readonly extension?: Extension;
  readonly parkId?: ParkId;
  /** Only events before this time, for paging. */
  readonly before?: EpochMs;
  /** 1..1000, default 100. */
  readonly limit?: number;
}

/**
 * The record of every parked call's life. A recall that fails again as it failed before replaces the lines of the
 * attempt before: a parker who is away all night does not fill the journal. Writing is immediate: what `append` returned from survives `kill -9`. */
export interface Journal {
  append(event: JournalEvent): void;
  /** Newest first. */
  history(query: JournalQuery): readonly JournalEvent[];
}
