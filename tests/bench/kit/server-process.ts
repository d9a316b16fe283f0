import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AskedChild } from '../../interop/kit/asked-child.ts';

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

type Child = AskedChild<ServerQuestion, ServerAnswer>;

/** The real server, with its own media, in a process of its own: its CPU time and memory are nobody else's. UDP and TCP on loopback. */
export class ServerProcess {
  readonly #child: Child;
  readonly udpPort: number;
  readonly tcpPort: number;

  static async start(): Promise<ServerProcess> {
    const child: Child = new AskedChild({
      name: 'the server',
      program: new URL('./server-child.ts', import.meta.url),
      // As the command line is started: its memory settings, and programs compiled before.
      flags: ['--max-semi-space-size=8', '--no-parallel-scavenge', '--expose-gc'],
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'parkline-bench-compiled') },
    });
    return new ServerProcess(child, await child.hear('ready'));
  }

  private constructor(child: Child, ports: { udpPort: number; tcpPort: number }) {
    this.#child = child;
    this.udpPort = ports.udpPort;
    this.tcpPort = ports.tcpPort;
  }

  /** Users with the password `secret-<extension>`. */
  async addUsers(extensions: readonly string[]): Promise<void> {
    await this.#child.ask({ kind: 'add-users', extensions }, 'done');
  }

  /** A Call Park group of these users; a user is in one group at most. */
  async addParkGroup(members: readonly string[]): Promise<void> {
    await this.#child.ask({ kind: 'add-park-group', members }, 'done');
  }

  async cpuSeconds(): Promise<number> {
    return (await this.#child.ask({ kind: 'cpu' }, 'cpu')).seconds;
  }

  async memory(): Promise<ServerMemory> {
    return (await this.#child.ask({ kind: 'memory' }, 'memory')).memory;
  }

  async close(): Promise<void> {
    if (!this.#child.alive) return;
    await this.#child.ask({ kind: 'close' }, 'done');
    await this.#child.letGo();
  }
}
