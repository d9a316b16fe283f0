import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type EarsQuestion =
  | {
      readonly kind: 'sign-in';
      readonly udpPort: number;
      readonly caller: string;
      readonly parker: string;
    }
  /** Parks so many calls of the caller's on the parker. */
  | { readonly kind: 'park'; readonly count: number }
  /** Forgets what was heard. */
  | { readonly kind: 'listen' }
  | { readonly kind: 'heard' };

export interface Heard {
  /** The longest time between two packets of one call. */
  readonly longestGapMs: number;
  /** Of all calls. */
  readonly packets: number;
}

export type EarsAnswer = { readonly kind: 'done' } | ({ readonly kind: 'heard' } & Heard);

const PROGRAM = fileURLToPath(new URL('./music-ears-child.ts', import.meta.url));

/** Callers who listen to music, alone in a process. */
export class MusicEars {
  readonly #child: ChildProcess;

  static async signedIn(who: Omit<EarsQuestion & { kind: 'sign-in' }, 'kind'>): Promise<MusicEars> {
    const ears = new MusicEars();
    await ears.#ask({ kind: 'sign-in', ...who });
    return ears;
  }

  private constructor() {
    this.#child = fork(PROGRAM, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  }

  async park(count: number): Promise<void> {
    await this.#ask({ kind: 'park', count });
  }

  async listen(): Promise<void> {
    await this.#ask({ kind: 'listen' });
  }

  async heard(): Promise<Heard> {
    const answer = await this.#ask({ kind: 'heard' });
    if (answer.kind !== 'heard') throw new Error(`asked what was heard, got ${answer.kind}`);
    return answer;
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #ask(question: EarsQuestion): Promise<EarsAnswer> {
    const over = new AbortController();
    const { signal } = over;
    try {
      const gone = once(this.#child, 'exit', { signal }).then(() => {
        throw new Error('the listeners died');
      });
      const answer = once(this.#child, 'message', { signal });
      this.#child.send(question);
      const [said] = await Promise.race([answer, gone]);
      return said;
    } finally {
      over.abort();
    }
  }
}
