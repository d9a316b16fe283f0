import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Flow } from '../../sip/transaction/flow.ts';
import type { Tenant, Trunk, User } from './directory.ts';

/** Who sent a request, once that is proven. The From header plays no part in it. */
export type Caller =
  | {
      readonly kind: 'user';
      readonly tenant: Tenant;
      readonly user: User;
      /** Same meaning as `Binding.deviceId`. */
      readonly deviceId: string;
      readonly flow: Flow;
    }
  | { readonly kind: 'trunk'; readonly tenant: Tenant; readonly trunk: Trunk; readonly flow: Flow };

export type AuthenticationResult =
  | { readonly kind: 'ok'; readonly caller: Caller }
  /** The challenge or the refusal has been sent already; the transaction needs nothing more. */
  | { readonly kind: 'answered' };

/**
 * Tells who sent a request, by digest (RFC 3261 §22, RFC 8760) or by the authenticated binding of its flow
 * (WIRE.md §10a). For requests outside dialogs, and REFER, SUBSCRIBE and INVITE inside them over UDP.
 * Never call it for ACK, CANCEL or BYE: those are never challenged and belong to whoever holds the dialog.
 */
export interface Authenticator {
  authenticate(tx: ServerTransaction): AuthenticationResult;
}
