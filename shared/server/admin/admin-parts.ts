import type { Context } from 'hono';
import type { Clock } from '../../domain/clock.ts';
import type { TenantId, UserId } from '../../domain/ids.ts';
import { addressOf } from '../http/request-context.ts';
import type { Logger } from '../log.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Registrar } from '../ports/registrar.ts';
import type { GroupProvisioning } from '../provisioning/group-provisioning.ts';
import type { Provisioning } from '../provisioning/provisioning.ts';
import type { StoreDirectory } from '../provisioning/store-directory.ts';
import type { Store } from '../store/store.ts';
import type { AdminAccounts } from './admin-accounts.ts';
import type { AdminSessions } from './admin-sessions.ts';
import type { LiveEvents } from './live-events.ts';
import type { AdminEnv } from './route-kit.ts';
import type { SetupToken } from './setup-token.ts';
import type { TenantMusic } from './tenant-music.ts';

/** Devices that are signed in, and a way to sign one out. */
export interface Devices extends Pick<
  Registrar,
  'all' | 'bindingsOf' | 'reachableDevices' | 'onChanged'
> {
  /** Signs one device of a user out. @returns false when it is not signed in */
  removeBinding(userId: UserId, bindingId: string): boolean;
}

/** All that the Admin API stands on. */
export interface AdminParts {
  readonly directory: StoreDirectory;
  readonly provisioning: Provisioning;
  readonly groups: GroupProvisioning;
  readonly store: Pick<Store, 'tenants' | 'journal' | 'audit' | 'admins'>;
  readonly accounts: AdminAccounts;
  readonly sessions: AdminSessions;
  readonly setup: SetupToken;
  readonly devices: Devices;
  readonly calls: Pick<CallControl, 'parkedCalls'>;
  readonly live: LiveEvents;
  readonly music: TenantMusic;
  readonly clock: Clock;
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Origin by which the server is reached through a proxy. */
  readonly publicUrl: string | undefined;
  readonly log: Logger;
}

/** One thing that was done, for the audit log. */
export interface Deed {
  /** `park-group.changed` … */
  readonly action: string;
  readonly subject: string;
  /** Default: the tenant of the address, if there is one. */
  readonly tenantId?: TenantId | null;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Writes down who did what, from where. Never give it a secret. */
export function record(context: Context<AdminEnv>, parts: AdminParts, deed: Deed): void {
  const session: AdminEnv['Variables']['session'] | undefined = context.get('session');
  const tenant: AdminEnv['Variables']['tenant'] | undefined = context.get('tenant');
  parts.store.audit.append({
    tenantId: tenant?.id ?? null,
    ...deed,
    at: parts.clock.now(),
    admin: session?.admin.name ?? '',
    address: addressOf(context, parts.trustedProxies),
  });
  const { action, tenantId = tenant?.id } = deed;
  parts.log.info({ action, tenant: tenantId, admin: session?.admin.id }, 'changed by an admin');
}
