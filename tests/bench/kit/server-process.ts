import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ServerQuestion =
  | { readonly kind: 'add-users'; readonly extensions: readonly string[] }
  | { readonly kind: 'add-park-group'; readonly members: readonly string[] }
  | { readonly kind: 'cpu' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'close' };

export type ServerAnswer =
  | { readonly kind: 'ready'; readonly udpPort: number; readonly tcpPort: number }
  | { readonly kind: 'done' }
  /** User and system time of the process since it started, seconds. */
  | { readonly kind: 'cpu'; readonly seconds: number }
  | { readonly kind: 'memory'; readonly memory: ServerMemory };

/** After a garbage collection; MB of a million bytes. */
export interface ServerMemory {
  /** Proportional set size: what the system has given to the process and not got back. */
  readonly pssMb: number;
  /** What JavaScript still needs of it. */
  readonly heapMb: number;
}

const PROGRAM = fileURLToPath(new URL('./server-child.ts', import.meta.url));

/** The real server, with its own media, in a process of its own: its CPU time and memory are nobody else's. UDP and TCP on loopback. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly udpPort: number;
  readonly tcpPort: number;

  static async start(): Promise<ServerProcess> {
    const child = fork(PROGRAM, {
      // As the command line is started: its memory settings, and programs compiled before.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8', '--expose-gc'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'parkline-bench-compiled') },
    });
    const ready = await next(child);
    if (ready.kind !== 'ready') throw new Error('the server did not get ready');
    return new ServerProcess(child, ready);
  }

  private constructor(child: ChildProcess, ports: { udpPort: number; tcpPort: number }) {
    this.#child = child;
    this.udpPort = ports.udpPort;
    this.tcpPort = ports.tcpPort;
  }

  /** Users with the password `secret-<extension>`. */
  async addUsers(extensions: readonly string[]): Promise<void> {
    await this.#ask({ kind: 'add-users', extensions });
  }

  /** A Call Park group of these users; a user is in one group at most. */
  async addParkGroup(members: readonly string[]): Promise<void> {
    await this.#ask({ kind: 'add-park-group', members });
  }

  async cpuSeconds(): Promise<number> {
    const answer = await this.#ask({ kind: 'cpu' });
    if (answer.kind !== 'cpu') throw new Error(`asked for CPU time, got ${answer.kind}`);
    return answer.seconds;
  }

  async memory(): Promise<ServerMemory> {
    const answer = await this.#ask({ kind: 'memory' });
    if (answer.kind !== 'memory') throw new Error(`asked for memory, got ${answer.kind}`);
    return answer.memory;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    await this.#ask({ kind: 'close' });
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  async #ask(question: ServerQuestion): Promise<ServerAnswer> {
    const answer = next(this.#child);
    this.#child.send(question);
    return answer;
  }
}

async function next(child: ChildProcess): Promise<ServerAnswer> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const gone = once(child, 'exit', { signal }).then(() => {
      throw new Error('the server died');
    });
    const [answer] = await Promise.race([once(child, 'message', { signal }), gone]);
    return answer;
  } finally {
    over.abort();
  }
}
