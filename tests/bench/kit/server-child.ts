/** The server of a benchmark, alone in its process: see `server-process.ts`, which starts it and asks it questions. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../shared/server/log.ts';
import { createParkServer } from '../../../shared/server/main.ts';
import type { ParkServer } from '../../../shared/server/park-server.ts';
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
    listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
    tenantSettings: { parkedCallsPerExtension: 100 },
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
process.send?.({ kind: 'ready', udpPort: server.listeners[0]?.port ?? 0 } satisfies ServerAnswer);
