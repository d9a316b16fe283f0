import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packedExecutable } from '../../../build/electron/pack-paths.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { medianReading, type Reading } from '../frame/reading.ts';
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
  const each = (of: (round: Round) => number): readonly number[] => rounds.map(of);
  return [
    medianReading(
      'phone started → registered, of a blank window’s start',
      each(({ phone, blank }) => phone.startMs / blank.startMs),
      { unit: '×', most: START_TIMES },
    ),
    medianReading(
      '… phone',
      each(({ phone }) => phone.startMs),
      { unit: 'ms' },
    ),
    medianReading(
      '… blank window',
      each(({ blank }) => blank.startMs),
      { unit: 'ms' },
    ),
    medianReading(
      'memory at rest, of a blank window’s',
      each(({ phone, blank }) => phone.memory.pssMb / blank.memory.pssMb),
      { unit: '×', most: MEMORY_TIMES },
    ),
    medianReading(
      '… phone, PSS of all its processes',
      each(({ phone }) => phone.memory.pssMb),
      { unit: 'MB' },
    ),
    medianReading(
      '… blank window',
      each(({ blank }) => blank.memory.pssMb),
      { unit: 'MB' },
    ),
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
