import { serveProcess } from '../../interop/kit/cli.ts';
import { removeDirectory, temporaryDirectory } from '../../interop/kit/park-server.ts';
import type { BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { fillLargeOffice, LARGE_OFFICE } from '../kit/large-office.ts';

const ROUNDS = 5;
const BUDGET_MS = 1500;

/** From the start of the process to the line that says it is ready, in ms. */
async function startOnce(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const { server } = await serveProcess(dataDir);
  const took = performance.now() - startedAt;
  server.kill('SIGTERM');
  await server.ended;
  return took;
}

async function measure(): Promise<readonly Reading[]> {
  const [large, empty] = [temporaryDirectory(), temporaryDirectory()];
  fillLargeOffice(large);
  try {
    // The first start of a fresh checkout compiles, and prepares the music.
    await startOnce(empty);
    await startOnce(large);
    const rounds = { large: [] as number[], empty: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.large.push(await startOnce(large));
      rounds.empty.push(await startOnce(empty));
    }
    return [
      {
        name: `parkline serve → ready, with ${LARGE_OFFICE.users} users and ${LARGE_OFFICE.groups} groups`,
        value: median(rounds.large),
        unit: 'ms',
        budget: atMost(BUDGET_MS),
        rounds: rounds.large,
      },
      {
        name: '… with none',
        value: median(rounds.empty),
        unit: 'ms',
        budget: null,
        rounds: rounds.empty,
      },
    ];
  } finally {
    removeDirectory(large);
    removeDirectory(empty);
  }
}

/** How long nobody can call after the server was started anew. */
export const serverStart: BenchPart = {
  name: 'server-start',
  about: 'start of the server with a large office in its database',
  where: 'here',
  unavailable: () => null,
  run: () => measure(),
};
