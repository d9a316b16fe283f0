/** The server of a soak, alone in its process, with its own media: see `soak-server.ts`, which starts it and asks it questions. */
import { createHook } from 'node:async_hooks';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What lives outside JavaScript or waits to be called: sockets, timers, requests. Watched before anything of the server is loaded. */
const live = new Map<number, string>();
createHook({
  init: (id, type) => void live.set(id, type),
  destroy: (id) => void live.delete(id),
  trackPromises: false,
}).enable();

const { silentLogger } = await import('../../shared/server/log.ts');
const { createParkServer } = await import('../../shared/server/main.ts');
const { freePages } = await import('../../shared/server/cli/free-pages.ts');
const { addUsers } = await import('../interop/kit/park-server.ts');

import type { ParkServer } from '../../shared/server/park-server.ts';
import type { SoakAnswer, SoakQuestion } from './soak-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'parkline-soak-'));

function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const type of live.values()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** What the server itself calls an error: none is expected, whatever the network sends. */
const errors: string[] = [];
const loggers = () => ({
  ...silentLogger,
  error: (fields: object, text: string) => {
    const { err, error = err } = fields as { err?: unknown; error?: unknown };
    if (errors.length < 20) errors.push(`${text}: ${error instanceof Error ? error.stack : ''}`);
  },
});

const giveBack = freePages();

/**
 * What the server does by itself in a quiet minute, and as thorough as V8 can: an ordinary collection keeps pages in hand for the next load. What a finalizer lets go is found by the next one,
 * what a handle still held is let go a turn later.
 */
async function collect(server: ParkServer): Promise<void> {
  server.releaseMemory();
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await pause(50);
  }
  await giveBack();
}

async function look(server: ParkServer): Promise<SoakAnswer> {
  await collect(server);
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const ownKb = Number(/^Pss_Anon:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  const { heapUsed } = process.memoryUsage();
  const memory = { ownMb: (ownKb * 1_024) / 1e6, heapMb: heapUsed / 1e6 };
  return { kind: 'look', memory, resources: resources(), errors: [...errors] };
}

async function answer(server: ParkServer, question: SoakQuestion): Promise<SoakAnswer> {
  switch (question.kind) {
    case 'add-users':
      addUsers(server, ...question.extensions);
      return { kind: 'done' };
    case 'look':
      return look(server);
    case 'close':
      await server.close({ graceMs: 0 });
      rmSync(folder, { recursive: true, force: true });
      return { kind: 'done' };
    case 'errors':
      return { kind: 'errors', errors: [...errors] };
    case 'begin':
      throw new Error('it has begun');
  }
}

async function begin(question: Extract<SoakQuestion, { kind: 'begin' }>): Promise<ParkServer> {
  const address = '127.0.0.1';
  const transports = ['udp', 'tcp', 'ws'] as const;
  const server = await createParkServer(
    {
      dataDir: folder,
      listen: transports.map((transport) => ({ transport, address, port: 0 })),
      http: { address, port: 0 },
      ...question.config,
    },
    { loggers, ...(question.times && { times: question.times }) },
  );
  const portOf = (wanted: string) =>
    server.listeners.find(({ transport }) => transport === wanted)?.port ?? 0;
  const ports = { udp: portOf('udp'), tcp: portOf('tcp'), ws: portOf('ws') };
  process.send?.({ kind: 'ready', ports, http: server.httpUrl ?? '' } satisfies SoakAnswer);
  return server;
}

process.once('message', (first: Extract<SoakQuestion, { kind: 'begin' }>) => {
  void begin(first).then((server) => {
    process.on('message', (question: SoakQuestion) => {
      void answer(server, question).then((said) => {
        process.send?.(said);
        if (question.kind === 'close') process.disconnect();
      });
    });
  });
});
process.on('disconnect', () => process.exit(0));
