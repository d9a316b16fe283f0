import type { Disposable } from '../../domain/disposable.ts';
import type { EpochMs, TenantId, UserId } from '../../domain/ids.ts';
import type { NameAddr } from '../../sip/message/name-addr.ts';
import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Flow } from '../../sip/transaction/flow.ts';

/** One device's registration (RFC 3261 §10, RFC 5626). While it is live, `expiresAt` and `registeredAt` move with each refresh. */
export interface Binding {
  /** Stable over refreshes and over restarts of the server. */
  readonly id: string;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** The device's own Contact; a host under `.invalid` is reachable by `flow` alone. */
  readonly contact: NameAddr;
  /** `+sip.instance`, without its quotes and angle brackets. */
  readonly instanceId?: string;
  /** `reg-id` of RFC 5626, when the device sent one. */
  readonly regId?: number;
  /** What "the same device" means: `+sip.instance`, else the flow, else Contact and source address. */
  readonly deviceId: string;
  /**
   * The connection that the device registered on. Absent from the moment it closed (or the server restarted)
   * until the device registers again: then the device cannot be reached. Never absent for a live UDP binding.
   */
  readonly flow?: Flow;
  readonly userAgent?: string;
  /** Wall-clock time at which the binding ends if not refreshed. */
  readonly expiresAt: EpochMs;
  /** Wall-clock time of the last successful REGISTER; of several bindings of one device the newest counts. */
  readonly registeredAt: EpochMs;
  /** Path header values (RFC 3327), topmost first; they become Route headers of requests to the device. */
  readonly path: readonly string[];
}

/** Keeps who is signed in where. Registrations survive a restart of the server. */
export interface Registrar {
  /** Answers one REGISTER: authenticates, then queries, adds, refreshes or removes bindings. */
  handle(tx: ServerTransaction): void;
  /** Live bindings of a user, newest first; includes bindings whose flow is gone. */
  bindingsOf(userId: UserId): readonly Binding[];
  /** Live bindings of a user that can be reached now, one per device (its newest flow), newest first. */
  reachableDevices(userId: UserId): readonly Binding[];
  /** The newest reachable binding of one device: where requests inside its dialogs go (WIRE.md §10). */
  device(userId: UserId, deviceId: string): Binding | undefined;
  /**
   * The newest open connection of the device that registered on this one, which may be closed: what it is bound to, else what it
   * registered on last. A device that was signed out has calls to end there. Undefined: nobody registered on it, or there is none.
   */
  successorOf(flow: Flow): Flow | undefined;
  /** The live authenticated binding of a flow, if any. On WS, TCP and TLS it vouches for the flow's user. */
  bindingOfFlow(flow: Flow): Binding | undefined;
  /** All live bindings, of one tenant or of all. */
  all(tenantId?: TenantId): readonly Binding[];
  /** Signs one user out everywhere (removed user, changed password). Dialogs are not touched. */
  removeAll(userId: UserId): void;
  /** Told after a user's set of bindings, or the reachability of one, changed. A plain refresh is no change. */
  onChanged(run: (userId: UserId) => void): Disposable;
}
