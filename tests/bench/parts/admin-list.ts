import { AdminClient } from '../../interop/kit/admin-client.ts';
import {
  loopbackConfig,
  removeDirectory,
  startServer,
  temporaryDirectory,
} from '../../interop/kit/park-server.ts';
import type { BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { fillLargeOffice, LARGE_OFFICE } from '../kit/large-office.ts';

const ROUNDS = 15;
const { users, groups } = LARGE_OFFICE;

/** Questions that an admin's page asks, by what the table calls them. */
const QUESTIONS = [
  { name: `all ${users} users in one answer`, path: 'users?limit=10000', budgetMs: 50 },
  { name: `one page of ${users} users, searched by name`, path: 'users?search=999', budgetMs: 50 },
  { name: `all ${groups} Call Park groups`, path: 'park-groups?limit=1000', budgetMs: null },
  {
    name: `Call Park groups, searched by a member`,
    path: 'park-groups?search=19999',
    budgetMs: null,
  },
] as const;

/** How long one change keeps the server's thread, with as many users: calls wait for it. */
const CHANGES = [
  {
    name: 'a user is renamed',
    path: 'users/15000',
    body: (n: number) => ({ displayName: `N${n}` }),
  },
] as const;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function measure(say: (line: string) => void): Promise<readonly Reading[]> {
  const dataDir = temporaryDirectory();
  fillLargeOffice(dataDir);
  say('filled');
  const server = await startServer(loopbackConfig(dataDir));
  try {
    const admin = new AdminClient(server.httpUrl ?? '');
    await admin.setUp(server.setupUrl);
    const base = `/tenants/${server.directory.tenants()[0]?.id}`;
    const readings: Reading[] = [];
    for (const { name, path, budgetMs } of QUESTIONS) {
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push(await timed(() => admin.ask('GET', `${base}/${path}`)));
      }
      const budget = budgetMs === null ? null : atMost(budgetMs);
      readings.push({ name, value: median(rounds), unit: 'ms', budget, rounds });
    }
    for (const { name, path, body } of CHANGES) {
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push(await timed(() => admin.ask('PATCH', `${base}/${path}`, body(round))));
      }
      const about = `${name}, among ${users}`;
      readings.push({ name: about, value: median(rounds), unit: 'ms', budget: null, rounds });
    }
    return readings;
  } finally {
    await server.close({ graceMs: 0 });
    removeDirectory(dataDir);
  }
}

/** What an admin of a large office waits for. */
export const adminList: BenchPart = {
  name: 'admin-list',
  about: `the Admin API with ${users} users and ${groups} groups, asked over HTTP`,
  where: 'here',
  unavailable: () => null,
  run: (bench) => measure((line) => bench.say(line)),
};
