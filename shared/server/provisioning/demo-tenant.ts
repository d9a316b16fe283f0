import { z } from 'zod';
import { ok, type Result } from '../../domain/result.ts';
import { randomPassword } from '../auth/node-hash.ts';
import type { Tenant } from '../ports/directory.ts';
import { readJsonFile, writePrivateFile } from '../private-file.ts';
import type { DataDirectory } from '../store/data-directory.ts';
import type { Provisioning } from './provisioning.ts';
import type { ProvisioningRefusal } from './provisioning-refusal.ts';

/** Who is in the demo. */
const DEMO_USERS = [
  { extension: '101', name: 'Bob' },
  { extension: '102', name: 'Alice' },
  { extension: '103', name: 'Carol' },
] as const;

/** The user name by which the demo caller is known to the server. */
const DEMO_TRUNK = 'demo-caller';

const trunkSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });
const usersSchema = z.object({
  users: z.array(
    z.object({ extension: z.string(), name: z.string(), password: z.string().min(1) }),
  ),
});

/** Digest credentials of the demo caller's trunk. */
export type DemoTrunk = z.output<typeof trunkSchema>;

export interface DemoUser {
  readonly extension: string;
  readonly name: string;
  readonly password: string;
}

export interface DemoCredentials {
  readonly tenant: string;
  readonly users: readonly DemoUser[];
  readonly trunk: DemoTrunk;
}

export interface DemoPlace {
  readonly provisioning: Provisioning;
  readonly data: DataDirectory;
  readonly tenant: Tenant;
}

/**
 * The demo tenant's three users and its caller, with random passwords that are made once and kept in files only their
 * owner may read. Doing it again changes nothing; a user whose password was lost gets a new one.
 */
export function ensureDemo(place: DemoPlace): Result<DemoCredentials, ProvisioningRefusal> {
  const known = usersSchema.safeParse(readJsonFile(place.data.demo));
  const passwords = new Map(
    known.success ? known.data.users.map((user) => [user.extension, user.password]) : [],
  );
  const users: DemoUser[] = DEMO_USERS.map((user) => ({
    ...user,
    password: passwords.get(user.extension) ?? randomPassword(),
  }));
  for (const { extension, name, password } of users) {
    const { provisioning, tenant } = place;
    const account = { extension, displayName: name, password };
    const added = provisioning.addUser(tenant, account);
    const saved =
      !added.ok && added.error.kind === 'extension-exists'
        ? provisioning.setPassword(tenant, extension, password)
        : added;
    if (!saved.ok) return saved;
  }
  const trunk = ensureDemoTrunk(place);
  return trunk.ok ? ok({ tenant: place.tenant.name, users, trunk: trunk.value }) : trunk;
}

/** Tells people and programs on this machine how to sign in: where the server is, and the demo's passwords. */
export function writeDemoFile(
  data: DataDirectory,
  demo: DemoCredentials,
  server: string | undefined,
): void {
  const { tenant, users } = demo;
  const content = { ...(server === undefined ? {} : { server }), tenant, users };
  writePrivateFile(data.demo, `${JSON.stringify(content, null, 2)}\n`);
}

/** The demo caller's trunk: the one whose credentials are in the data directory, or a new one. */
export function ensureDemoTrunk(place: DemoPlace): Result<DemoTrunk, ProvisioningRefusal> {
  const { provisioning, data, tenant } = place;
  const known = trunkSchema.safeParse(readJsonFile(data.demoTrunk));
  const trunk = known.success ? known.data : { username: DEMO_TRUNK, password: randomPassword() };
  const saved = provisioning.saveTrunk(tenant, { name: 'Demo caller', ...trunk });
  if (!saved.ok) return saved;
  if (!known.success) writePrivateFile(data.demoTrunk, `${JSON.stringify(trunk, null, 2)}\n`);
  return ok(trunk);
}
