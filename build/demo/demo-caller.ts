import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { projectEnvironment } from '../process/run-command.ts';
import { stopChild } from './children.ts';
import { serverProgram } from './demo-server.ts';

/** The demo's client, who calls 101 when asked; one call at a time. */
export class DemoCaller {
  readonly #dataFolder: string;
  #call: ChildProcess | null = null;

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
  }

  ring(): void {
    if (this.#call !== null) {
      console.log('The client is calling already; h hangs up.');
      return;
    }
    const call = spawn(
      process.execPath,
      [serverProgram(), 'demo', 'call', '101', '--data', this.#dataFolder],
      { stdio: ['ignore', 'inherit', 'inherit'], env: projectEnvironment() },
    );
    call.once('exit', () => (this.#call = null));
    call.once('error', () => (this.#call = null));
    this.#call = call;
  }

  async hangUp(): Promise<void> {
    if (this.#call !== null) await stopChild(this.#call);
  }
}
