import type { ServerConfigInput } from '../../shared/config/server-config.ts';
import type { ServerTimes } from '../../shared/server/park-server-parts.ts';
import { AskedChild } from '../interop/kit/asked-child.ts';

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

type Child = AskedChild<SoakQuestion, SoakAnswer>;

/** The real server in a process of its own, whose memory, handles and timers are nobody else's. */
export class SoakServer {
  readonly ports: SoakPorts;
  readonly http: string;
  readonly #child: Child;

  static async start(options: SoakServerOptions = {}): Promise<SoakServer> {
    const child: Child = new AskedChild({
      name: 'the server',
      program: new URL('./server-child.ts', import.meta.url),
      flags: ['--expose-gc'],
    });
    return new SoakServer(child, await child.ask({ kind: 'begin', ...options }, 'ready'));
  }

  private constructor(child: Child, { ports, http }: Extract<SoakAnswer, { kind: 'ready' }>) {
    this.#child = child;
    this.ports = ports;
    this.http = http;
  }

  get alive(): boolean {
    return this.#child.alive;
  }

  /** Users with the password `secret-<extension>`. */
  async addUsers(extensions: readonly string[]): Promise<void> {
    await this.#child.ask({ kind: 'add-users', extensions }, 'done');
  }

  look(): Promise<ServerLook> {
    return this.#child.ask({ kind: 'look' }, 'look');
  }

  /** What it logged as errors so far, without a collection of garbage. */
  async errors(): Promise<readonly string[]> {
    return (await this.#child.ask({ kind: 'errors' }, 'errors')).errors;
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
    await this.#child.ask({ kind: 'close' }, 'done');
    await this.#child.letGo();
  }
}
