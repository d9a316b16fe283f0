import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';

export interface ServiceOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
}

/** A program that runs as long as the session does. */
export class Service {
  readonly name: string;
  readonly child: ChildProcess;
  #printed = '';

  constructor(command: string, args: readonly string[], options: ServiceOptions = {}) {
    this.name = command;
    this.child = spawn(command, [...args], {
      stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
    });
    const keep = (piece: Buffer): void => {
      this.#printed = (this.#printed + piece.toString('utf8')).slice(-4000);
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
  }

  /** What it printed last, for a message about its failure. */
  get printed(): string {
    return this.#printed;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks it to end, and makes it end after two seconds. */
  async stop(): Promise<void> {
    if (!this.running || this.child.pid === undefined) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(force);
  }
}

/** A service starts in well under a second; a machine that others keep busy may stall for many. */
const START_LIMIT_MS = 60_000;

/** Waits until `probe` gives something else than `null`; a service that ended meanwhile is told with what it printed. */
export async function untilReady<T>(
  service: Service,
  probe: () => Promise<T | null>,
  limitMs = START_LIMIT_MS,
): Promise<T> {
  const giveUpAt = performance.now() + limitMs;
  while (performance.now() < giveUpAt) {
    const found = await probe();
    if (found !== null) return found;
    if (!service.running) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${service.name} did not get ready: ${service.printed}`);
}
