import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packedExecutable } from '../../../build/electron/pack-paths.ts';
import { TestServer } from '../../e2e/kit/test-server.ts';
import type { Bench, BenchPart } from '../frame/part.ts';
import { atMost, type Reading } from '../frame/reading.ts';
import { median } from '../frame/statistics.ts';
import { blankExecutable } from '../kit/packed-app.ts';
import { processTree, treeMemory, type TreeMemory } from '../kit/process-tree.ts';

const ROUNDS = 5;
/** After this nothing starts up any more, ms. */
const REST_MS = 8_000;
const LIMIT_MS = 30_000;
const START_TIMES = 3;
const MEMORY_TIMES = 1.3;

interface Start {
  readonly startMs: number;
  readonly memory: TreeMemory;
}

/** Starts a program, waits until `ready`, lets it rest, weighs it and ends it. */
async function weigh(
  program: { readonly file: string; readonly args: readonly string[]; readonly home: string },
  ready: (child: ChildProcess) => Promise<void>,
): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(program.file, program.args, {
    env: { ...process.env, XDG_CONFIG_HOME: program.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (piece: Buffer) => (printed = (printed + String(piece)).slice(-2_000)));
  try {
    const late = pause(LIMIT_MS).then(() => Promise.reject(new Error(`not ready: ${printed}`)));
    await Promise.race([ready(child), late]);
    const startMs = performance.now() - startedAt;
    await pause(REST_MS);
    return { startMs, memory: treeMemory(child.pid ?? 0) };
  } finally {
    await endTree(child);
  }
}

async function endTree(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (const pid of child.pid === undefined ? [] : processTree(child.pid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
  await ended;
}

/** The window of the blank app stands. */
const blankReady = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.stdout?.on('data', (piece: Buffer) => {
      if (String(piece).includes('BLANK WINDOW READY')) resolve();
    });
  });

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
  const blank = (): Promise<Start> =>
    weigh({ file: blankExecutable(), args: [], home: join(folder, 'blank') }, blankReady);

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
  const words = ({ startMs, memory }: Start): string => {
    const kinds = [...memory.byKind].map(([kind, mb]) => `${kind} ${Math.round(mb)}`).join(', ');
    const unread = memory.unread.length === 0 ? '' : `, unread ${memory.unread.length}`;
    return `${Math.round(startMs)} ms, ${Math.round(memory.pssMb)} MB (${kinds}${unread})`;
  };
  return `blank ${words(round.blank)}; phone ${words(round.phone)}`;
}

function readings(rounds: readonly Round[]): readonly Reading[] {
  const unread = rounds.flatMap(({ blank, phone }) => [
    ...blank.memory.unread,
    ...phone.memory.unread,
  ]);
  if (unread.length > 0) throw new Error(`memory of ${unread.length} processes could not be read`);
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

const NEEDED = [
  'dbus-run-session',
  'Xvfb',
  'openbox',
  'dunst',
  'gnome-keyring-daemon',
  'pulseaudio',
];

function unavailable(): string | null {
  if (process.platform !== 'linux') return 'memory is read from Linux’s /proc';
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const missing = NEEDED.filter((name) => !folders.some((each) => existsSync(join(each, name))));
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** The packed phone, remembered and signed in, beside a blank window of the same Electron, in turns. */
export const app: BenchPart = {
  name: 'app',
  about: 'the packed app’s start and memory, beside a blank sandboxed window of the same Electron',
  where: 'desktop',
  unavailable,
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
