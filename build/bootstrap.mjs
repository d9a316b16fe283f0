/**
 * The door of `npm start`, `npm test`, `npm run check`, `npm run bench`, `npm run package` and `npm run parkline`.
 *
 * Plain JavaScript that Node 20 understands, with no imports from node_modules: it installs what the lock file names when that is
 * missing or has changed, then runs the command's own TypeScript file under the Node 24 that the lock file pins. It prints nothing
 * on standard output, which belongs to the command (`npm run -s parkline -- park list --json` is read by programs).
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledFolder } from '../shared/server/compiled-folder.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wantedMajor = 24;

/**
 * The young generation grows to three times this many MiB and stays so; Node's own 16 cost the server 66 MB and gain it nothing. One
 * thread collects it: little of it is alive, and waking helpers costs more than they do (a registration over TCP takes 0.92 × without).
 */
const nodeFlags = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8',
  '--no-parallel-scavenge',
];

const entries = {
  start: 'build/start.ts',
  test: 'build/test.ts',
  check: 'build/check.ts',
  bench: 'build/bench.ts',
  package: 'build/package.ts',
  parkline: 'shared/server/cli.ts',
};

/** Says one sentence and ends. */
function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function pinnedNode() {
  const windows = process.platform === 'win32';
  return windows
    ? join(root, 'node_modules', 'node', 'bin', 'node.exe')
    : join(root, 'node_modules', '.bin', 'node');
}

/** What an installation depends on; written beside it when it is complete. */
function fingerprint() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

function isInstalled(stamp) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

/**
 * npm without a shell: npm says where its own program is, and the Node it runs on, when it started us. Not the Node we run on:
 * npm puts node_modules/.bin first in PATH, and "npm ci" takes that one away.
 */
function npmCommand() {
  const { npm_execpath: program, npm_node_execpath: node } = process.env;
  if (program !== undefined && /npm-cli\.c?js$/.test(program)) {
    return { command: node ?? process.execPath, args: [program], shell: false };
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/** Standard output is the command's own; what npm prints goes where messages go. */
function npm(args) {
  const { command, args: first, shell } = npmCommand();
  const result = spawnSync(command, [...first, ...args, '--loglevel=error'], {
    cwd: root,
    shell,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  });
  return result.status === 0;
}

function install() {
  const stamp = join(root, 'node_modules', '.parkline-installed');
  if (isInstalled(stamp)) return;
  process.stderr.write('Installing dependencies (npm ci) …\n');
  if (!npm(['ci'])) {
    stop('The dependencies could not be installed: "npm ci" failed, its messages stand above.');
  }
  // .npmrc lets no package run a script of its own. One must: "node" fetches the binary for this machine.
  if (!npm(['rebuild', 'node', '--ignore-scripts=false'])) {
    stop(
      `Node ${wantedMajor} could not be fetched: "npm rebuild node" failed, its messages stand above.`,
    );
  }
  writeFileSync(stamp, fingerprint());
}

function checkedNode() {
  const node = pinnedNode();
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const version = answer.status === 0 ? answer.stdout.trim() : 'none';
  if (!version.startsWith(`v${wantedMajor}.`)) {
    stop(
      `Parkline runs on Node ${wantedMajor}, which "npm ci" installs as the package "node", but found ${version} there. ` +
        `Remove node_modules and try again; with npm 12, package.json's "allowScripts" must name "node".`,
    );
  }
  return node;
}

/** `npm run parkline -- user import staff.csv` means the file where the user stands, not where package.json stands. */
function workingDirectory() {
  const asked = process.env.npm_lifecycle_event === 'parkline' ? process.env.INIT_CWD : undefined;
  return asked ?? process.cwd();
}

/** Where the command line keeps what it compiled: told before it starts, it need not compile its first file, nor keep what compiles. */
function environment(command) {
  if (command !== 'parkline') return process.env;
  const compiled = compiledFolder();
  return compiled === undefined ? process.env : { NODE_COMPILE_CACHE: compiled, ...process.env };
}

function run(node, entry, args) {
  // A terminal sends Ctrl-C to the whole group; we wait for the child to finish its own good-bye.
  const child = spawn(node, [...nodeFlags, join(root, entry), ...args], {
    stdio: 'inherit',
    cwd: workingDirectory(),
    env: environment(command),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => stop(`Node ${wantedMajor} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 1));
  });
}

const [command = '', ...args] = process.argv.slice(2);
const entry = Object.hasOwn(entries, command) ? entries[command] : undefined;
if (entry === undefined) {
  stop(`Unknown command "${command}". Known: ${Object.keys(entries).join(', ')}.`);
} else {
  install();
  run(checkedNode(), entry, args);
}
