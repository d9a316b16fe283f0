/** The demo's portal: an admin and a group, made once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureDemoAdmin, portalUrl } from '../../build/demo/demo-admin.ts';
import { parkGroupListSchema } from '../../shared/config/admin/park-groups.ts';
import type { ParkServer } from '../../shared/server/park-server.ts';
import { AdminClient } from './kit/admin-client.ts';
import {
  loopbackConfig,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from './kit/park-server.ts';

let dataFolder: string;
let server: ParkServer;

beforeEach(async () => {
  dataFolder = temporaryDirectory();
  server = await startServer(loopbackConfig(dataFolder), { demo: true });
});

afterEach(async () => {
  await server.close({ graceMs: 0 });
  removeDirectory(dataFolder);
});

/** As the demo calls it, with a log that says what the server prints. */
function ensure() {
  const logFile = join(dataFolder, 'server.log');
  writeFileSync(logFile, `Make the first one here, once: ${server.setupUrl ?? ''}\n`);
  return ensureDemoAdmin({ url: server.httpUrl ?? '', dataFolder, logFile });
}

describe('the demo’s admin', () => {
  it('is made once, signs in, and has a group in which *58 parks', async () => {
    const admin = await ensure();
    if (admin === null) throw new Error('there is none');
    expect(await ensure()).toEqual(admin);
    const client = new AdminClient(server.httpUrl ?? '');
    const { tenants } = await client.signIn(admin.name, admin.password);
    const path = `/tenants/${tenants[0]?.id}/park-groups`;
    const { groups } = await client.get(path, parkGroupListSchema);
    expect(groups).toMatchObject([{ name: 'Demo', memberCount: 3, warnings: [] }]);
    expect(portalUrl('http://127.0.0.1:8080', admin)).toBe(
      `http://127.0.0.1:8080/portal/#sign-in=demo:${admin.password}`,
    );
  });

  it('is nobody where somebody else made the first admin', async () => {
    await new AdminClient(server.httpUrl ?? '').setUp(server.setupUrl);
    expect(await ensure()).toBeNull();
    expect(portalUrl('http://127.0.0.1:8080', null)).toBe('http://127.0.0.1:8080/portal/');
  });
});
