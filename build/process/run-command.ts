import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { inProject, projectRoot } from '../project-root.ts';

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `show` hands the terminal on, `keep` collects what is printed into the result, `both` prints it as it comes too. Default `keep`. */
  readonly output?: 'show' | 'keep' | 'both';
  /** Ends the command when it takes longer, in milliseconds. Default: no limit. */
  readonly limitMs?: number;
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string;
}

export interface CommandResult {
  /** Exit code; 128 or more when a signal ended it; 127 when it could not be started. */
  readonly code: number;
  readonly durationMs: number;
  /** Standard output and error together, in the order they came; empty with `show`. */
  readonly output: string;
}

/** The environment in which `node`, `tsc`, `vitest` … are the project's own. */
export function projectEnvironment(more: CommandOptions['env'] = {}): NodeJS.ProcessEnv {
  const path = `${inProject('node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return { ...process.env, PATH: path, ...more };
}

/** What a program left behind may hold its output open: so long after its end we still read, ms. */
const LAST_WORDS_MS = 1_000;

/** As shells tell it: 128 and the signal's number. */
export const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/** Runs a program to its end. Never rejects: a program that cannot be started is a result with code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const startedAt = performance.now();
  const showing = options.output === 'show';
  const child = spawn(command, args, {
    cwd: options.cwd ?? projectRoot,
    env: projectEnvironment(options.env),
    stdio: [
      options.input === undefined ? 'ignore' : 'pipe',
      showing ? 1 : 'pipe',
      showing ? 2 : 'pipe',
    ],
    shell: process.platform === 'win32',
    ...(options.limitMs === undefined
      ? {}
      : { timeout: options.limitMs, killSignal: 'SIGKILL' as const }),
  });
  const pieces: Buffer[] = [];
  const take = (onward: NodeJS.WriteStream, piece: Buffer): void => {
    pieces.push(piece);
    if (options.output === 'both') onward.write(piece);
  };
  child.stdout?.on('data', (piece: Buffer) => take(process.stdout, piece));
  child.stderr?.on('data', (piece: Buffer) => take(process.stderr, piece));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  return new Promise((resolve) => {
    const finish = (code: number, note = ''): void => {
      const output = Buffer.concat(pieces).toString('utf8') + note;
      resolve({ code, durationMs: performance.now() - startedAt, output });
    };
    child.on('error', (error) => finish(127, `${command}: ${error.message}\n`));
    child.on('close', (code, signal) => finish(exitCodeOf(code, signal)));
    child.on('exit', () => {
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LAST_WORDS_MS).unref();
    });
  });
}
