import { z } from 'zod';
import type { ServerDescription } from '../../../shared/bridge/contract.ts';
import { accountKey } from '../../../shared/phone/account.ts';

/** An account that signed in on this machine; the password is kept elsewhere or not at all. */
export const accountSchema = z.object({
  /** `ext@domain`, lower case: everything that is stored is keyed by it. */
  key: z.string().min(1),
  /** As the user typed it, for the form. */
  server: z.string(),
  extension: z.string().min(1),
  domain: z.string().min(1),
  webSocketUrl: z.string().min(1),
  /** The server's name for people, '' with another PBX. */
  serverName: z.string().default(''),
  apiBaseUrl: z.string().nullable().default(null),
  demo: z.boolean().default(false),
  /** UUID of this device for this account (RFC 5626). */
  instanceId: z.string().min(1),
});
export type Account = z.infer<typeof accountSchema>;

/** Where a line connects to, found by asking the server or given by hand. */
export type Endpoint = Pick<
  ServerDescription,
  'webSocketUrl' | 'domain' | 'displayName' | 'demo'
> & {
  /** `null`: not one of our servers. */
  readonly apiBaseUrl: string | null;
};

export interface AccountInput {
  readonly server: string;
  readonly extension: string;
  readonly endpoint: Endpoint;
  readonly instanceId: string;
}

export function makeAccount({ server, extension, endpoint, instanceId }: AccountInput): Account {
  return {
    key: accountKey(extension, endpoint.domain),
    server,
    extension,
    domain: endpoint.domain,
    webSocketUrl: endpoint.webSocketUrl,
    serverName: endpoint.displayName,
    apiBaseUrl: endpoint.apiBaseUrl,
    demo: endpoint.demo,
    instanceId,
  };
}
