import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerConfigInput } from '../../../shared/config/server-config.ts';
import { silentLogger } from '../../../shared/server/log.ts';
import { createParkServer, type ParkServerOptions } from '../../../shared/server/main.ts';
import type { ParkServer } from '../../../shared/server/park-server.ts';
import { FakeMediaEngine } from '../../fakes/fake-media-engine.ts';

/** A directory of the test's own; remove it with `removeDirectory`. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'parkline-test-'));
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** UDP, WebSocket and HTTP on free ports of loopback. */
export function loopbackConfig(dataDir: string): ServerConfigInput {
  return {
    dataDir,
    listen: [
      { transport: 'udp', address: '127.0.0.1', port: 0 },
      { transport: 'ws', address: '127.0.0.1', port: 0 },
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
    ],
    http: { address: '127.0.0.1', port: 0 },
    logLevel: 'silent',
  };
}

/** A server that listens for real and whose media is fake. */
export function startServer(
  config: ServerConfigInput,
  options: ParkServerOptions = {},
): Promise<ParkServer> {
  return createParkServer(config, {
    loggers: () => silentLogger,
    media: new FakeMediaEngine(),
    ...options,
  });
}

/** Adds extensions of the only tenant, each with the password `secret-<extension>`. */
export function addUsers(server: ParkServer, ...extensions: readonly string[]): void {
  const tenant = server.provisioning.tenant();
  if (!tenant.ok) throw new Error('no tenant');
  for (const extension of extensions) {
    const account = {
      extension,
      password: `secret-${extension}`,
      displayName: `User ${extension}`,
    };
    const added = server.provisioning.addUser(tenant.value, account);
    if (!added.ok) throw new Error(added.error.kind);
  }
}

/** The port of the first listener of that transport. */
export function portOf(server: ParkServer, transport: string): number {
  const listener = server.listeners.find((candidate) => candidate.transport === transport);
  if (listener === undefined) throw new Error(`no ${transport} listener`);
  return listener.port;
}
