import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';
import { runCommand } from '../process/run-command.ts';

/** Whom the desktop tests run as when the tests are started by root. */
const USER = 'parkline-test';

/** How to run something as somebody who is not root, in a copy of the project that they may read. */
export interface OrdinaryUser {
  /** The project as this user sees it. */
  readonly root: string;
  /** Folder that this user may write to. */
  readonly scratch: string;
  /** Put before a command line. */
  readonly prefix: readonly string[];
  /** Removes scratch and copy. */
  dispose(): void;
}

/**
 * Root has no sandbox to test, so the tests become an ordinary user, who is made if need be. Anybody else stays who they are.
 * Throws when the user cannot be made.
 */
export async function ordinaryUser(): Promise<OrdinaryUser> {
  const scratch = mkdtempSync(join(tmpdir(), 'parkline-e2e-'));
  const dispose = (): void => rmSync(scratch, { recursive: true, force: true });
  if (process.getuid?.() !== 0) return { root: projectRoot, scratch, prefix: [], dispose };
  await ensureUser();
  chmodSync(scratch, 0o755);
  const prefix = [
    'setpriv',
    `--reuid=${USER}`,
    `--regid=${USER}`,
    '--init-groups',
    '--inh-caps=-all',
  ];
  const root = (await mayRead(prefix)) ? projectRoot : await copyInto(scratch);
  const own = join(scratch, 'own');
  await must('install', ['-d', '-o', USER, '-g', USER, '-m', '700', own]);
  return { root, scratch: own, prefix, dispose };
}

async function ensureUser(): Promise<void> {
  const known = await runCommand('id', [USER]);
  if (known.code !== 0) await must('useradd', ['--create-home', '--shell', '/bin/bash', USER]);
}

async function mayRead(prefix: readonly string[]): Promise<boolean> {
  const [command = '', ...args] = prefix;
  const files = ['package.json', 'node_modules/.bin/node', 'out/packed'].map((file) =>
    join(projectRoot, file),
  );
  const tests = files.filter((file) => existsSync(file)).map((file) => `test -r '${file}'`);
  return (await runCommand(command, [...args, 'sh', '-c', tests.join(' && ')])).code === 0;
}

/** What the tests do not need, or what is nobody else's business. */
const NOT_COPIED = new Set(['.git', '.cache', 'parkline-data', 'test-results', 'coverage']);

/** Hard links where the disk allows them: a copy of half a gigabyte in no time, without the folders above that shut us out. */
async function copyInto(scratch: string): Promise<string> {
  const copy = join(scratch, 'project');
  mkdirSync(copy);
  const names = readdirSync(projectRoot).filter((name) => !NOT_COPIED.has(name));
  const sources = names.map((name) => join(projectRoot, name));
  const linked = await runCommand('cp', ['-al', ...sources, copy]);
  if (linked.code !== 0) await must('cp', ['-a', '--remove-destination', ...sources, copy]);
  await must('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const result = await runCommand(command, args);
  if (result.code !== 0) throw new Error(`${command} failed: ${result.output.trim()}`);
}
