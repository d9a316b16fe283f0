/**
 * A media loop in a thread of its own: its packets wait for no garbage collection and no database of call control's, and call control waits
 * for no packets. Commands of one turn go together. Only two questions are waited for, and rarely: ports, when none is in store, and statistics.
 */
import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../../../domain/assert-never.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { LegStats } from '../../engine.ts';
import type { NetworkProblem } from '../local-network.ts';
import type { LoopSite, PacketLoopOptions } from './build-packet-loop.ts';
import type {
  CertificateHandle,
  LoopCommand,
  LoopEvent,
  LoopLegId,
  MediaLoop,
} from './media-loop.ts';
import { PairStore } from './pair-store.ts';
import type {
  FromLoop,
  LoopAnswer,
  LoopQuestion,
  LoopThreadData,
  ToLoop,
} from './thread-messages.ts';

/** A loop that does not answer for so long is broken. */
const PATIENCE_MS = 10_000;
/** Commands that nobody hears may wait so long for company: waking the thread costs more than what it then does. */
const COMPANY_MS = 2;
/** Little young garbage at a time: short pauses count here, and hardly anything lives long. */
const YOUNG_GENERATION_MB = 8;

export class LoopThread implements MediaLoop {
  readonly #worker: Worker;
  readonly #answers: MessagePort;
  readonly #answered: Int32Array;
  readonly #pairs = new PairStore({
    order: (bind, count) => this.#ask({ kind: 'pairs', bind, count }),
    collect: ({ wait }) => this.#collect(wait),
  });
  readonly #certificateRuns: ((certificate: CertificateHandle) => void)[] = [];
  #commands: LoopCommand[] = [];
  /** They go at the end of this turn. */
  #flushing = false;
  #tell: (event: LoopEvent) => void = () => undefined;
  #closing: Promise<void> | undefined;
  /** Questions that are not answered yet. */
  #open = 0;
  #stats: LegStats | undefined;

  static async start(
    options: PacketLoopOptions,
  ): Promise<Result<LoopSite & { readonly loop: LoopThread }, NetworkProblem>> {
    const { port1, port2 } = new MessageChannel();
    const signal = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const worker = new Worker(new URL('./loop-worker.ts', import.meta.url), {
      workerData: { options, answers: port2, signal } satisfies LoopThreadData,
      transferList: [port2],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const [first]: FromLoop[] = await once(worker, 'message');
    if (first?.kind === 'ready') {
      return ok({ ...first.site, loop: new LoopThread(worker, port1, new Int32Array(signal)) });
    }
    port1.close();
    await worker.terminate();
    if (first?.kind === 'refused') return err(first.problem);
    throw new Error(`the media loop began with ${first?.kind}`);
  }

  private constructor(worker: Worker, answers: MessagePort, answered: Int32Array) {
    this.#worker = worker;
    this.#answers = answers;
    this.#answered = answered;
    worker.on('message', (message: FromLoop) => this.#take(message));
    // A bug there is a bug of this process: what it would have done, had it happened here.
    worker.on('error', (error) => {
      throw new Error('the media loop failed', { cause: error });
    });
    worker.on('exit', () => {
      if (this.#closing === undefined) throw new Error('the media loop ended');
    });
  }

  post(command: LoopCommand): void {
    if (this.#closing) return;
    this.#commands.push(command);
    const haste = hasteOf(command);
    if (haste === 'now') this.#flush();
    else if (haste === 'this-turn') {
      if (!this.#flushing) queueMicrotask(() => this.#flush());
      this.#flushing = true;
    } else if (this.#commands.length === 1) setTimeout(() => this.#flush(), COMPANY_MS);
  }

  listen(run: (event: LoopEvent) => void): void {
    this.#tell = run;
  }

  takePair(bind: string): number | undefined {
    return this.#pairs.take(bind);
  }

  newCertificate(): Promise<CertificateHandle> {
    return new Promise((resolve) => {
      this.#certificateRuns.push(resolve);
      this.#send({ kind: 'want-certificate' });
    });
  }

  stats(leg: LoopLegId): LegStats | undefined {
    this.#ask({ kind: 'stats', leg });
    this.#collect(true);
    return this.#stats;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const ended = once(this.#worker, 'exit');
    this.#send({ kind: 'close' });
    await ended;
    this.#answers.close();
  }

  #send(message: ToLoop): void {
    this.#flush();
    this.#worker.postMessage(message);
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#commands.length === 0) return;
    const commands = this.#commands;
    this.#commands = [];
    // Recordings are handed over, not copied: the longest has 20 MB.
    const recordings = commands.flatMap((command) =>
      command.kind === 'add-clip' && command.packed.buffer instanceof ArrayBuffer
        ? [command.packed.buffer]
        : [],
    );
    this.#worker.postMessage({ kind: 'commands', commands } satisfies ToLoop, recordings);
  }

  #take(message: FromLoop): void {
    switch (message.kind) {
      case 'events':
        for (const event of message.events) this.#tell(event);
        return;
      case 'certificate':
        return this.#certificateRuns.shift()?.(message.certificate);
      case 'ready':
      case 'refused':
        throw new Error(`the media loop is ${message.kind} again`);
      default:
        return assertNever(message);
    }
  }

  #ask(question: LoopQuestion): void {
    this.#open += 1;
    this.#send({ kind: 'question', question });
  }

  /** Takes the answers that are there; `wait` blocks this thread until all are. */
  #collect(wait: boolean): void {
    while (this.#open > 0) {
      const before = Atomics.load(this.#answered, 0);
      const received: { readonly message: LoopAnswer } | undefined = receiveMessageOnPort(
        this.#answers,
      );
      if (received) this.#takeAnswer(received.message);
      else if (!wait) return;
      else if (Atomics.wait(this.#answered, 0, before, PATIENCE_MS) === 'timed-out') {
        throw new Error('the media loop does not answer');
      }
    }
  }

  #takeAnswer(answer: LoopAnswer): void {
    this.#open -= 1;
    switch (answer.kind) {
      case 'pairs':
        return this.#pairs.put(answer.bind, answer.ports);
      case 'stats':
        this.#stats = answer.stats;
        return;
      default:
        return assertNever(answer);
    }
  }
}

/** How soon the loop must have a command. */
function hasteOf(command: LoopCommand): 'now' | 'this-turn' | 'with-company' {
  switch (command.kind) {
    case 'open':
    case 'close':
      return 'with-company';
    case 'prepare':
      // Whoever reads our SDP may check the path at once: the loop must be told before the SDP can leave.
      return command.local.kind === 'webrtc' ? 'now' : 'with-company';
    default:
      return 'this-turn';
  }
}
