import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

type Kind = { readonly kind: string };

export interface ChildOptions {
  /** Who died, should it die, e.g. `the server`. */
  readonly name: string;
  /** Its script. */
  readonly program: URL;
  /** Of Node, besides the quiet about what is experimental. */
  readonly flags?: readonly string[];
  /** Besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A script of ours in a process of its own, which answers one question at a time and ends when it is let go. */
export class AskedChild<Question extends Kind & Serializable, Answer extends Kind> {
  readonly #name: string;
  readonly #child: ChildProcess;

  constructor({ name, program, flags = [], env = {} }: ChildOptions) {
    this.#name = name;
    this.#child = fork(fileURLToPath(program), {
      execArgv: ['--disable-warning=ExperimentalWarning', ...flags],
      env: { ...process.env, ...env },
    });
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it says next without being asked, of this kind. @throws Error when it says something else, or dies */
  async hear<K extends Answer['kind']>(kind: K): Promise<Extract<Answer, { readonly kind: K }>> {
    return expectKind(await this.#next(), kind);
  }

  /** @throws Error when the answer is of another kind than this, or the child dies */
  async ask<K extends Answer['kind']>(
    question: Question,
    kind: K,
  ): Promise<Extract<Answer, { readonly kind: K }>> {
    const answer = this.#next();
    this.#child.send(question);
    return expectKind(await answer, kind);
  }

  /** Tells it that nobody will ask any more; it ends by itself. Twice is harmless. */
  async letGo(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    if (this.alive) await once(this.#child, 'exit');
  }

  async #next(): Promise<Answer> {
    const over = new AbortController();
    const { signal } = over;
    try {
      const gone = once(this.#child, 'exit', { signal }).then(() => {
        throw new Error(`${this.#name} died`);
      });
      const [answer] = await Promise.race([once(this.#child, 'message', { signal }), gone]);
      return answer;
    } finally {
      over.abort();
    }
  }
}

function expectKind<Answer extends Kind, K extends Answer['kind']>(
  answer: Answer,
  kind: K,
): Extract<Answer, { readonly kind: K }> {
  if (!isOf(answer, kind)) throw new Error(`wanted ${kind}, got ${answer.kind}`);
  return answer;
}

const isOf = <Answer extends Kind, K extends Answer['kind']>(
  answer: Answer,
  kind: K,
): answer is Extract<Answer, { readonly kind: K }> => answer.kind === kind;
