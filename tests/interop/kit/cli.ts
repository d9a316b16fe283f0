import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Terminal } from '../../../shared/server/cli/command.ts';
import { runCli } from '../../../shared/server/cli/run-cli.ts';

/** What one command line printed and how it ended. */
export interface CliRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. */
export async function cli(args: readonly string[], input = ''): Promise<CliRun> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    readInput: () => Promise.resolve(input),
    onStop: () => undefined,
  };
  const status = await runCli(args, terminal);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

const PROGRAM = fileURLToPath(new URL('../../../shared/server/cli.ts', import.meta.url));

/** A command in a process of its own. */
export class CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #out = '';
  #err = '';

  /** @param stderr where its log goes; default: it is kept in `err` */
  constructor(args: readonly string[], stderr: number | 'pipe' = 'pipe') {
    this.child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', stderr] });
    this.child.stdout?.on('data', (data) => (this.#out += String(data)));
    this.child.stderr?.on('data', (data) => (this.#err += String(data)));
    this.ended = new Promise((resolve) =>
      this.child.on('close', (code, signal) => resolve({ code, signal })),
    );
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  /** The first match in what it printed on stdout so far, at most 20 s away. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const until = performance.now() + 20_000;
    for (;;) {
      const match = pattern.exec(this.#out);
      if (match !== null) return match;
      if (this.child.exitCode !== null || performance.now() > until) {
        throw new Error(`it did not say ${pattern}: ${this.#out}${this.#err}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** `serve` on free loopback ports. */
export async function serveProcess(
  dataDir: string,
  extra: readonly string[] = [],
): Promise<{ readonly server: CliProcess; readonly udpPort: number; readonly http: string }> {
  const doors = [
    '--listen',
    'udp:127.0.0.1:0',
    '--listen',
    'ws:127.0.0.1:0',
    '--http',
    '127.0.0.1:0',
  ];
  const server = new CliProcess(['serve', '--data', dataDir, ...doors, '--json', ...extra]);
  const [, udp = '', http = ''] = await server.says(/"udp:127\.0\.0\.1:(\d+)".*"http":"([^"]+)"/);
  return { server, udpPort: Number(udp), http };
}
