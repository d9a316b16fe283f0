import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerConfigInput } from '../../shared/config/server-config.ts';
import type { ServerTimes } from '../../shared/server/park-server-parts.ts';

export interface SoakServerOptions {
  /** Besides the listeners, which are UDP, TCP, WebSocket and HTTP on free ports of loopback. */
  readonly config?: Partial<ServerConfigInput>;
  /** Default: the protocols' own. */
  readonly times?: ServerTimes;
}

export type SoakQuestion =
  | ({ readonly kind: 'begin' } & SoakServerOptions)
  | { readonly kind: 'add-users'; readonly extensions: readonly string[] }
  | { readonly kind: 'look' }
  | { readonly kind: 'errors' }
  | { readonly kind: 'close' };

export type SoakAnswer =
  | { readonly kind: 'ready'; readonly ports: SoakPorts; readonly http: string }
  | { readonly kind: 'done' }
  | ({ readonly kind: 'look' } & ServerLook)
  | { readonly kind: 'errors'; readonly errors: readonly string[] };

export interface SoakPorts {
  readonly udp: number;
  readonly tcp: number;
  readonly ws: number;
}

/** What the process holds, after garbage collections. */
export interface ServerLook {
  readonly memory: {
    /** Resident memory without what is mapped from files (its share depends on who else runs Node), MB of a million bytes. */
    readonly ownMb: number;
    /** JavaScript's own part of it. */
    readonly heapMb: number;
  };
  /** Live timers, sockets and other asynchronous resources by Node's name of their kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** What the server logged as errors since it started, at most 20. */
  readonly errors: readonly string[];
}

const PROGRAM = fileURLToPath(new URL('./server-child.ts', import.meta.url));

/** The real server in a process of its own, whose memory, handles and timers are nobody else's. */
export class SoakServer {
  readonly ports: SoakPorts;
  readonly http: string;
  readonly #child: ChildProcess;

  static async start(options: SoakServerOptions = {}): Promise<SoakServer> {
    const child = fork(PROGRAM, {
      execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    });
    const answer = next(child);
    child.send({ kind: 'begin', ...options } satisfies SoakQuestion);
    const ready = await answer;
    if (ready.kind !== 'ready') throw new Error('the server did not get ready');
    return new SoakServer(child, ready);
  }

  private constructor(
    child: ChildProcess,
    { ports, http }: Extract<SoakAnswer, { kind: 'ready' }>,
  ) {
    this.#child = child;
    this.ports = ports;
    this.http = http;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Users with the password `secret-<extension>`. */
  async addUsers(extensions: readonly string[]): Promise<void> {
    await this.#ask({ kind: 'add-users', extensions });
  }

  async look(): Promise<ServerLook> {
    const answer = await this.#ask({ kind: 'look' });
    if (answer.kind !== 'look') throw new Error(`asked for a look, got ${answer.kind}`);
    return answer;
  }

  /** What it logged as errors so far, without a collection of garbage. */
  async errors(): Promise<readonly string[]> {
    const answer = await this.#ask({ kind: 'errors' });
    if (answer.kind !== 'errors') throw new Error(`asked for errors, got ${answer.kind}`);
    return answer.errors;
  }

  /** What `/metrics` says: values by name, labels included. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`${this.http}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line): [string, number] => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
    );
  }

  async close(): Promise<void> {
    if (!this.alive) return;
    await this.#ask({ kind: 'close' });
    if (this.alive) await once(this.#child, 'exit');
  }

  async #ask(question: SoakQuestion): Promise<SoakAnswer> {
    const answer = next(this.#child);
    this.#child.send(question);
    return answer;
  }
}

async function next(child: ChildProcess): Promise<SoakAnswer> {
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
