/** Makes recordings ready for every codec in a thread of their own: ten minutes of music take many seconds, which neither calls nor packets wait for. */
import { Worker } from 'node:worker_threads';
import { assertNever } from '../../domain/assert-never.ts';
import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { AudioRefusal } from '../engine.ts';

export interface ClipOrder {
  readonly job: number;
  readonly wav: Uint8Array;
}

/** A recording, as `packAudio` made it. */
export interface MadeClip {
  readonly packed: Uint8Array;
  readonly durationMs: number;
}

export type ClipAnswer =
  | ({ readonly kind: 'made'; readonly job: number } & MadeClip)
  | { readonly kind: 'refused'; readonly job: number; readonly refusal: AudioRefusal };

interface Job {
  readonly resolve: (made: Result<MadeClip, AudioRefusal>) => void;
  readonly reject: (reason: Error) => void;
}

/** The thread ends when it had nothing to do for so long. */
const IDLE_MS = 2_000;

export class ClipMaker {
  readonly #jobs = new Map<number, Job>();
  #next = 1;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  /** Rejects when the maker is closed meanwhile. */
  make(wav: Uint8Array): Promise<Result<MadeClip, AudioRefusal>> {
    if (this.#closed) return Promise.reject(new Error('the media engine is closed'));
    clearTimeout(this.#idle);
    const job = this.#next++;
    const made = new Promise<Result<MadeClip, AudioRefusal>>((resolve, reject) => {
      this.#jobs.set(job, { resolve, reject });
    });
    this.#thread().postMessage({ job, wav } satisfies ClipOrder);
    return made;
  }

  /** Harmless twice. */
  close(): void {
    this.#closed = true;
    this.#end(new Error('the media engine is closed'));
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./clip-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (answer: ClipAnswer) => this.#take(answer));
    worker.on('error', (error) =>
      this.#end(new Error('a recording was not made', { cause: error })),
    );
    this.#worker = worker;
    return worker;
  }

  #take(answer: ClipAnswer): void {
    const job = this.#jobs.get(answer.job);
    this.#jobs.delete(answer.job);
    job?.resolve(resultOf(answer));
    if (this.#jobs.size > 0) return;
    this.#idle = setTimeout(() => this.#end(new Error('idle')), IDLE_MS);
    this.#idle.unref();
  }

  #end(reason: Error): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#jobs.values()) reject(reason);
    this.#jobs.clear();
  }
}

function resultOf(answer: ClipAnswer): Result<MadeClip, AudioRefusal> {
  switch (answer.kind) {
    case 'made':
      return ok({ packed: answer.packed, durationMs: answer.durationMs });
    case 'refused':
      return err(answer.refusal);
    default:
      return assertNever(answer);
  }
}
