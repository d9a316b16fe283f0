import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bridge } from './bridge.ts';

export type MediaQuestion = { readonly id: number } & (
  | { readonly kind: 'connect'; readonly offers: readonly [string, string] }
  | { readonly kind: 'cpu' }
);

export type MediaAnswer = { readonly id: number } & (
  | { readonly kind: 'ready' }
  | { readonly kind: 'connected'; readonly answers: readonly [string, string] }
  /** User and system time of all threads, seconds. */
  | { readonly kind: 'cpu'; readonly seconds: number }
);

type Asked =
  | { readonly kind: 'connect'; readonly offers: readonly [string, string] }
  | { readonly kind: 'cpu' };

const PROGRAM = fileURLToPath(new URL('./media-child.ts', import.meta.url));

/** Our own engine in a process of its own. */
export class OwnBridge implements Bridge {
  readonly name = 'Parkline';
  readonly ice = true;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: MediaAnswer) => void>();
  #nextId = 1;

  static async start(): Promise<OwnBridge> {
    const child = fork(PROGRAM, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    const bridge = new OwnBridge(child);
    await new Promise<void>((resolve, reject) => {
      bridge.#waiting.set(0, () => resolve());
      child.once('exit', () => reject(new Error('the media engine died')));
    });
    return bridge;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: MediaAnswer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  async connect(
    _callId: string,
    offers: readonly [string, string],
  ): Promise<readonly [string, string]> {
    const answer = await this.#ask({ kind: 'connect', offers });
    if (answer.kind !== 'connected') throw new Error(`asked to connect, got ${answer.kind}`);
    return answer.answers;
  }

  async cpuSeconds(): Promise<number> {
    const answer = await this.#ask({ kind: 'cpu' });
    if (answer.kind !== 'cpu') throw new Error(`asked for CPU time, got ${answer.kind}`);
    return answer.seconds;
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  #ask(asked: Asked): Promise<MediaAnswer> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, ...asked });
    });
  }
}
