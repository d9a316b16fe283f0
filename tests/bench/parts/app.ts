import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packedExecutable } from '../../../build/electron/pack-paths.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { desktopUnavailable } from '../kit/desktop-needs.ts';
import { checkAllRead, memoryWords, weigh, weighBlank, type Start } from '../kit/weigh.ts';

const ROUNDS = 5;
const START_TIMES = 3;
const MEMORY_TIMES = 1.3;

/** The server has taken the phone's REGISTER. */
function registered(server: TestServer): Promise<void> {
  return new Promise((resolve) => {
    const watching = server.running.registrar.onChanged((userId) => {
      // Bindings outlive the server; only a new one has a connection.
      const bindings = server.running.registrar.bindingsOf(userId);
      if (!bindings.some(({ flow }) => flow !== undefined && !flow.closed)) return;
      watching.dispose();
      resolve();
    });
  });
}

/** Forgets the phone that was killed: its next start must be a new registration. */
async function forgetPhones(server: TestServer): Promise<void> {
  await server.stop();
  await server.startAgain();
}

interface Round {
  readonly blank: Start;
  readonly phone: Start;
}

async function measure(
  server: TestServer,
  folder: string,
  bench: Bench,
): Promise<readonly Round[]> {
  const home = join(folder, 'phone');
  const signIn = join(folder, 'sign-in.json');
  const { extension, password } = server.user('101');
  writeFileSync(signIn, JSON.stringify({ server: server.address, extension, password }), {
    mode: 0o600,
  });
  const phone = (args: readonly string[]): Promise<Start> =>
    weigh(
      {
        file: packedExecutable('release'),
        args: ['--profile', 'bench', '--password-store=gnome-libsecret', ...args],
        home,
      },
      () => registered(server),
    );
  const blank = (): Promise<Start> => weighBlank(join(folder, 'blank'));

  // The first start of each reads its files from the disk, and the phone signs in; neither counts.
  await blank();
  await phone([`--sign-in-file=${signIn}`]);
  const rounds: Round[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await forgetPhones(server);
    rounds.push({ blank: await blank(), phone: await phone([]) });
    bench.say(`round ${round} of ${ROUNDS}: ${describe(rounds.at(-1))}`);
  }
  return rounds;
}

function describe(round: Round | undefined): string {
  if (round === undefined) return '';
  return `blank ${memoryWords(round.blank)}; phone ${memoryWords(round.phone)}`;
}

function readings(rounds: readonly Round[]): readonly Reading[] {
  checkAllRead(rounds.flatMap(({ blank, phone }) => [blank.memory, phone.memory]));
  const row = (
    name: string,
    unit: string,
    of: (round: Round) => number,
    most?: number,
  ): Reading => ({
    name,
    value: median(rounds.map(of)),
    unit,
    budget: most === undefined ? null : atMost(most),
    rounds: rounds.map(of),
  });
  return [
    row(
      'phone started → registered, of a blank window’s start',
      '×',
      ({ phone, blank }) => phone.startMs / blank.startMs,
      START_TIMES,
    ),
    row('… phone', 'ms', ({ phone }) => phone.startMs),
    row('… blank window', 'ms', ({ blank }) => blank.startMs),
    row(
      'memory at rest, of a blank window’s',
      '×',
      ({ phone, blank }) => phone.memory.pssMb / blank.memory.pssMb,
      MEMORY_TIMES,
    ),
    row('… phone, PSS of all its processes', 'MB', ({ phone }) => phone.memory.pssMb),
    row('… blank window', 'MB', ({ blank }) => blank.memory.pssMb),
  ];
}

/** The packed phone, remembered and signed in, beside a blank window of the same Electron, in turns. */
export const app: BenchPart = {
  name: 'app',
  about: 'the packed app’s start and memory, beside a blank sandboxed window of the same Electron',
  where: 'desktop',
  unavailable: desktopUnavailable,
  run: async (bench) => {
    const server = await TestServer.start();
    const folder = mkdtempSync(join(tmpdir(), 'parkline-app-'));
    try {
      return readings(await measure(server, folder, bench));
    } finally {
      await server.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
