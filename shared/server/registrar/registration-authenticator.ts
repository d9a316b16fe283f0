import type { ServerTransaction } from '../../sip/transaction/transaction-user.ts';
import type { Tenant, User } from '../ports/directory.ts';

/** Whether a REGISTER comes from the user it names. */
export interface RegistrationAuthenticator {
  /** The proven user, or `answered` when a challenge or a refusal was sent. */
  authenticateRegistration(
    tx: ServerTransaction,
    tenant: Tenant,
  ): { readonly kind: 'ok'; readonly user: User } | { readonly kind: 'answered' };
}
