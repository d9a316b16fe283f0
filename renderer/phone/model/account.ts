import { z } from 'zod';
import type { ServerDescription } from '../../../shared/bridge/server-description.ts';
import { accountKey } from '../../../shared/phone/account.ts';
import { ACCOUNT_COLOURS, LONGEST_LABEL } from '../../../shared/phone/account-mark.ts';
import { networkName } from '../../../shared/phone/network-text.ts';
import {
  parklineChoice,
  PBX_KINDS,
  profileOf,
  type PbxChoice,
  type PbxProfile,
} from '../../../shared/phone/pbx-profile.ts';

const pbxChoiceSchema = z.object({
  kind: z.enum(PBX_KINDS),
  slots: z.string().default(''),
  parkCode: z.string().default(''),
});

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
  /** Which telephone system it is; absent: Parkline. */
  pbx: pbxChoiceSchema.optional(),
  /** What the user calls it; absent: what its server is called. */
  label: z.string().max(LONGEST_LABEL).optional().catch(undefined),
  colour: z.literal(ACCOUNT_COLOURS).optional().catch(undefined),
  /** Comes up at start; absent, in records of older versions: if it was the one used last. */
  used: z.boolean().optional(),
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

/** How the phone behaves with this account's PBX. */
export function profileOfAccount(account: Pick<Account, 'pbx'>): PbxProfile {
  return profileOf(account.pbx ?? parklineChoice);
}

export interface AccountInput {
  readonly server: string;
  readonly extension: string;
  readonly endpoint: Endpoint;
  readonly instanceId: string;
  readonly pbx: PbxChoice;
}

export function makeAccount(input: AccountInput): Account {
  const { server, extension, endpoint, instanceId, pbx } = input;
  return {
    key: accountKey(extension, endpoint.domain),
    server,
    extension,
    domain: endpoint.domain,
    webSocketUrl: endpoint.webSocketUrl,
    serverName: networkName(endpoint.displayName) ?? '',
    apiBaseUrl: endpoint.apiBaseUrl,
    demo: endpoint.demo,
    instanceId,
    pbx,
  };
}
