/** The server of a benchmark, alone in its process: see `server-process.ts`, which starts it and asks it questions. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExtension } from '../../../shared/domain/ids.ts';
import { Foundation } from '../../../shared/server/foundation.ts';
import { silentLogger } from '../../../shared/server/log.ts';
import { createParkServer } from '../../../shared/server/main.ts';
import type { ParkServer } from '../../../shared/server/park-server.ts';
import { SystemClock } from '../../../shared/server/system-clock.ts';
import type { ServerAnswer, ServerMemory, ServerQuestion } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'parkline-bench-server-'));

function addUsers(server: ParkServer, extensions: readonly string[]): void {
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

function addParkGroup(server: ParkServer, members: readonly string[]): void {
  const [tenant] = server.directory.tenants();
  const clock = new SystemClock();
  const opened = Foundation.open({ dataDir: folder, clock, role: 'tool' });
  if (tenant === undefined || !opened.ok) throw new Error('no tenant, or no data');
  const draft = {
    name: `Group of ${members[0] ?? 'nobody'}`,
    members: members.filter(isExtension),
    recall: tenant.settings.recall,
  };
  const how = { target: { kind: 'new' }, by: 'bench' } as const;
  const saved = opened.value.groups.saveParkGroup(tenant, draft, how);
  opened.value.dispose();
  if (!saved.ok) throw new Error(saved.error.kind);
  server.directory.reload();
}

function memory(): ServerMemory {
  globalThis.gc?.();
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const pssKb = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  return { pssMb: (pssKb * 1_024) / 1e6, heapMb: process.memoryUsage().heapUsed / 1e6 };
}

async function answer(server: ParkServer, question: ServerQuestion): Promise<ServerAnswer> {
  switch (question.kind) {
    case 'add-users':
      addUsers(server, question.extensions);
      return { kind: 'done' };
    case 'add-park-group':
      addParkGroup(server, question.members);
      return { kind: 'done' };
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return { kind: 'cpu', seconds: (user + system) / 1e6 };
    }
    case 'memory':
      return { kind: 'memory', memory: memory() };
    case 'close':
      await server.close({ graceMs: 0 });
      rmSync(folder, { recursive: true, force: true });
      return { kind: 'done' };
  }
}

const server = await createParkServer(
  {
    dataDir: folder,
    listen: [
      { transport: 'udp', address: '127.0.0.1', port: 0 },
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
    ],
    tenantSettings: { parkedCallsPerExtension: 100 },
    // Where a load comes over one connection, that connection is a proxy's.
    limits: { connectionMessagesPerSecond: 1_000_000 },
  },
  { loggers: () => silentLogger },
);
process.on('message', (question: ServerQuestion) => {
  void answer(server, question).then((said) => {
    process.send?.(said);
    if (question.kind === 'close') process.disconnect();
  });
});
process.on('disconnect', () => process.exit(0));
const portOf = (transport: 'udp' | 'tcp') =>
  server.listeners.find((listener) => listener.transport === transport)?.port ?? 0;
process.send?.({
  kind: 'ready',
  udpPort: portOf('udp'),
  tcpPort: portOf('tcp'),
} satisfies ServerAnswer);
