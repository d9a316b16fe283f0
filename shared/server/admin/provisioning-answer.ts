import { assertNever } from '../../domain/assert-never.ts';
import {
  describeProvisioningRefusal,
  type ProvisioningRefusal,
} from '../provisioning/provisioning-refusal.ts';
import { describeAccountRefusal, type AccountRefusal } from './admin-accounts.ts';
import { notFound, type Refusal } from './admin-answer.ts';

/** Why users or tenants were not changed: with the field of the form that it is about. */
export function provisioningAnswer(refusal: ProvisioningRefusal): Refusal {
  const message = describeProvisioningRefusal(refusal);
  switch (refusal.kind) {
    case 'not-an-extension':
      return { error: 'not-an-extension', message, field: 'extension' };
    case 'bad-account':
      return refusal.problem.includes('password')
        ? { error: 'bad-password', message, field: 'password' }
        : { error: 'bad-value', message, field: 'displayName' };
    case 'extension-exists':
    case 'name-of-a-trunk':
    case 'number-of-a-ring-group':
      return { error: 'number-taken', message, field: 'extension' };
    case 'no-such-extension':
    case 'no-such-tenant':
    case 'which-tenant':
      return notFound;
    case 'bad-tenant-name':
      return { error: 'bad-value', message, field: 'name' };
    case 'tenant-exists':
      return { error: 'name-taken', message, field: 'name' };
    case 'bad-domain':
    case 'domain-taken':
    case 'domains-needed':
      return { error: refusal.kind, message, field: 'domains' };
    case 'last-tenant':
      return { error: refusal.kind, message };
    case 'store':
      return { error: 'unexpected', message };
    default:
      return assertNever(refusal);
  }
}

/** Why an admin was not changed. */
export function accountAnswer(refusal: AccountRefusal): Refusal {
  const message = describeAccountRefusal(refusal);
  switch (refusal.kind) {
    case 'bad-admin-name':
      return { error: 'bad-value', message, field: 'name' };
    case 'admin-exists':
      return { error: 'name-taken', message, field: 'name' };
    case 'bad-password':
      return { error: 'bad-password', message, field: 'password' };
    case 'no-such-admin':
      return notFound;
    case 'last-admin':
      return { error: 'last-admin', message };
    default:
      return assertNever(refusal);
  }
}
