import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  CSRF_HEADER,
  adminSessionSchema,
  setupStateSchema,
} from '../../shared/config/admin/sessions.ts';

const NAME = 'demo';
/** The group whose members try `*58`. */
const GROUP = { name: 'Demo', members: ['101', '102', '103'] };

const LOOK_EVERY_MS = 50;
const LOOKS = 60;

const adminFile = z.object({ name: z.string(), password: z.string() });

/** Who signs in to the demo's portal. */
export type DemoAdmin = z.infer<typeof adminFile>;

export interface DemoAdminPlace {
  /** The running server. */
  readonly url: string;
  readonly dataFolder: string;
  /** Where the server says how its first admin is made. */
  readonly logFile: string;
}

/**
 * The demo's admin, made on the first start with a Call Park group of the demo's users, its password kept in a file that
 * only its owner may read. `null` when somebody else has made the first admin.
 */
export async function ensureDemoAdmin(place: DemoAdminPlace): Promise<DemoAdmin | null> {
  const file = join(place.dataFolder, 'demo-admin.json');
  const state = setupStateSchema.parse(await (await fetch(api(place, '/setup'))).json());
  if (!state.needed) return readAdmin(file);
  const token = await setupToken(place.logFile);
  if (token === null) return null;
  const admin = { name: NAME, password: randomBytes(18).toString('base64url') };
  const made = await post(api(place, '/setup'), { token, ...admin });
  if (!made.ok) return null;
  writeFileSync(file, `${JSON.stringify(admin, null, 2)}\n`, { mode: 0o600 });
  await addGroup(place, made);
  return admin;
}

/** Where a browser signs in as this admin by itself; the part after # never leaves the browser. */
export function portalUrl(url: string, admin: DemoAdmin | null): string {
  const { name, password } = admin ?? { name: '', password: '' };
  const signIn = `#sign-in=${encodeURIComponent(name)}:${encodeURIComponent(password)}`;
  return `${url}/portal/${admin === null ? '' : signIn}`;
}

async function addGroup(place: DemoAdminPlace, made: Response): Promise<void> {
  const { csrf, tenants } = adminSessionSchema.parse(await made.json());
  const cookie = made.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  const [tenant] = tenants;
  if (tenant === undefined) return;
  const path = `/tenants/${encodeURIComponent(tenant.id)}/park-groups`;
  await post(api(place, path), GROUP, { Cookie: cookie, [CSRF_HEADER]: csrf });
}

function api({ url }: DemoAdminPlace, path: string): string {
  return `${url}/api/admin${path}`;
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** The server prints it once it is ready, a moment after it answers. */
async function setupToken(logFile: string): Promise<string | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    const token = /#setup=([\w-]+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
    if (token !== undefined) return token;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}

function readAdmin(file: string): DemoAdmin | null {
  try {
    const parsed = adminFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
