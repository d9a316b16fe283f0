import { assertNever } from '../../domain/assert-never.ts';
import { describeStoreRefusal, type StoreRefusal } from '../store/store-refusal.ts';

/** Why a change of users or tenants was not made. */
export type ProvisioningRefusal =
  | { readonly kind: 'not-an-extension'; readonly text: string }
  | { readonly kind: 'bad-account'; readonly problem: string }
  | { readonly kind: 'extension-exists'; readonly extension: string; readonly tenant: string }
  | { readonly kind: 'no-such-extension'; readonly extension: string; readonly tenant: string }
  | { readonly kind: 'name-of-a-trunk'; readonly extension: string }
  | {
      readonly kind: 'number-of-a-ring-group';
      readonly extension: string;
      readonly group: string;
    }
  | { readonly kind: 'bad-tenant-name'; readonly text: string }
  | { readonly kind: 'tenant-exists'; readonly name: string }
  | { readonly kind: 'bad-domain'; readonly text: string }
  | { readonly kind: 'domain-taken'; readonly domain: string; readonly tenant: string }
  | { readonly kind: 'last-tenant' }
  /** Several tenants are told apart by their domains alone (WIRE.md §10a). */
  | { readonly kind: 'domains-needed'; readonly tenants: readonly string[] }
  | { readonly kind: 'no-such-tenant'; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: 'which-tenant'; readonly known: readonly string[] }
  | { readonly kind: 'store'; readonly refusal: StoreRefusal };

/** The refusal as a sentence for whoever asked. */
export function describeProvisioningRefusal(refusal: ProvisioningRefusal): string {
  switch (refusal.kind) {
    case 'not-an-extension':
      return `"${refusal.text}" is not an extension: 1 to 15 digits are needed.`;
    case 'bad-account':
      return `${refusal.problem.charAt(0).toUpperCase()}${refusal.problem.slice(1)}.`;
    case 'extension-exists':
      return `Extension ${refusal.extension} exists already in tenant ${refusal.tenant}.`;
    case 'no-such-extension':
      return `There is no extension ${refusal.extension} in tenant ${refusal.tenant}.`;
    case 'name-of-a-trunk':
      return `${refusal.extension} is the user name of a trunk and cannot be an extension too.`;
    case 'number-of-a-ring-group':
      return `${refusal.extension} is the number of the ring group "${refusal.group}" and cannot be an extension too.`;
    case 'bad-tenant-name':
      return `"${refusal.text}" is not a tenant's name: lower-case letters, digits and dashes, 1 to 63.`;
    case 'tenant-exists':
      return `There is a tenant ${refusal.name} already.`;
    case 'bad-domain':
      return `"${refusal.text}" is not a domain: a host name is needed, like sip.example.org.`;
    case 'domain-taken':
      return `The domain ${refusal.domain} belongs to tenant ${refusal.tenant}.`;
    case 'domains-needed':
      return `Several tenants are told apart by their domains, and ${refusal.tenants.join(', ')} would have none. Give each its domains first: parkline tenant domains NAME DOMAIN…, and --domain for a new one.`;
    case 'no-such-tenant':
      return `There is no tenant ${refusal.name}; there is: ${refusal.known.join(', ')}.`;
    case 'which-tenant':
      return `There are several tenants: say which with --tenant (${refusal.known.join(', ')}).`;
    case 'last-tenant':
      return 'This is the only tenant; a server has at least one.';
    case 'store':
      return describeStoreRefusal(refusal.refusal);
    default:
      return assertNever(refusal);
  }
}
