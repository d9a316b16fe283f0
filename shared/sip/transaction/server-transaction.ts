import { makeResponse } from '../message/builders.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { ownText } from '../message/own-text.ts';
import { serializeMessage } from '../message/serialize.ts';
import { disposable, type Disposable } from './disposable.ts';
import type { Flow } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import { MachineRunner, TimerSet } from './machine-runner.ts';
import { assertNever } from './machine.ts';
import {
  startServerRequest,
  stepServerRequest,
  type ServerRequestAction,
  type ServerRequestInput,
  type ServerRequestState,
  type ServerRequestTimer,
} from './server-non-invite.ts';
import { guarded, type StackContext } from './stack-context.ts';
import { timersFor, type TransactionTimers } from './timers.ts';
import type { ReplyOptions, ServerTransaction, ServerTransactionEnd } from './transaction-user.ts';
import { responseFlow } from './via-rules.ts';

const TAG_BITS = 64;

export interface ServerTransactionParts {
  readonly context: StackContext;
  /** With the source noted in its Via. */
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly owner: TransactionOwner;
}

/** Who finds the messages of one transaction. */
export interface TransactionOwner {
  /** The To tag of an answer that is not remembered: the same for the same request (RFC 3261 §8.2.7). */
  statelessTag(): string;
  /** Runs once when nothing more can come. */
  gone(): void;
  /** Runs once instead, when only late messages can come: all that they need is in `rest`. */
  settled(rest: Rest): void;
}

/** What is left of an answered request: retransmissions of it get the same answer, or none. */
export interface Rest {
  readonly localTag: string;
  readonly answer: Uint8Array | undefined;
  readonly path: FlowPath;
  /** How long it is to be remembered, ms; more than 0. */
  readonly forMs: number;
}

/** What both kinds of server transaction share: replies, their path back, and the end. */
export abstract class LiveServerTransaction implements ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  protected readonly context: StackContext;
  readonly #path: FlowPath;
  readonly #owner: TransactionOwner;
  #localTag: string | undefined;
  #endListeners: Set<(end: ServerTransactionEnd) => void> | undefined;
  #finalStatus: number | undefined;
  #end: ServerTransactionEnd | undefined;
  /** The last response with its bytes: it is what gets retransmitted. */
  #sent: { readonly response: SipResponse; readonly bytes: Uint8Array } | undefined;

  constructor(parts: ServerTransactionParts) {
    const { context, request, flow, owner } = parts;
    this.context = context;
    this.request = request;
    this.flow = flow;
    this.#localTag = request.toTag;
    this.#path = new FlowPath(responseFlow(request, flow), context.successorOf);
    this.#owner = owner;
  }

  abstract receiveAgain(): void;
  abstract onCancel(run: (cancel: SipRequest) => void): Disposable;
  abstract onAck(run: (ack: SipRequest) => void): Disposable;
  protected abstract feedReply(response: SipResponse): void;
  protected abstract feedUnreachable(): void;
  protected abstract stopTimers(): void;

  get localTag(): string {
    this.#localTag ??= this.context.random.token(TAG_BITS);
    return this.#localTag;
  }

  /** Nothing is to be done about it any more, but for late messages. */
  get over(): boolean {
    return this.#end !== undefined;
  }

  get answerable(): boolean {
    return this.#finalStatus === undefined && this.#end === undefined;
  }

  get finalStatus(): number | undefined {
    return this.#finalStatus;
  }

  reply(status: number, options: ReplyOptions = {}): SipResponse | undefined {
    if (!this.answerable) return undefined;
    if (options.stateless === true) this.forgo();
    const response = this.build(status, options);
    if (status >= 200) this.#finalStatus = status;
    this.feedReply(response);
    return response;
  }

  onEnd(run: (end: ServerTransactionEnd) => void): Disposable {
    if (this.#end !== undefined) {
      const end = this.#end;
      guarded(this.context, () => run(end));
      return disposable(() => {});
    }
    this.#endListeners ??= new Set();
    return subscribe(this.#endListeners, run);
  }

  /** Ends the transaction without another word. */
  stop(): void {
    this.finish({ kind: 'stopped' });
  }

  protected build(status: number, options: ReplyOptions): SipResponse {
    const toTag = options.toTag ?? this.localTag;
    const response = makeResponse(this.request, status, { ...options, toTag });
    const { product } = this.context;
    if (product !== undefined && !response.headers.has('Server')) {
      response.headers.append('Server', product);
    }
    return response;
  }

  /** The answer that follows is not kept. */
  protected forgo(): void {
    this.#localTag ??= this.#owner.statelessTag();
  }

  protected send(response: SipResponse): void {
    if (this.#sent?.response !== response) {
      this.#sent = { response, bytes: serializeMessage(response) };
    }
    if (this.#path.send(this.#sent.bytes) !== 'sent') this.feedUnreachable();
  }

  /** Over, but for late messages of the peer: nobody has to keep this object for them. */
  protected settle(how: 'repeat' | 'absorb', forMs: number): void {
    if (this.#end !== undefined) return;
    const answer = how === 'repeat' ? this.#sent?.bytes : undefined;
    this.#end = { kind: 'answered' };
    this.stopTimers();
    if (forMs <= 0) this.#owner.gone();
    else this.#owner.settled({ localTag: ownText(this.localTag), answer, path: this.#path, forMs });
    this.#tell(this.#end);
  }

  protected finish(end: ServerTransactionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.stopTimers();
    this.#owner.gone();
    this.#tell(end);
  }

  #tell(end: ServerTransactionEnd): void {
    if (this.#endListeners === undefined) return;
    const listeners = [...this.#endListeners];
    this.#endListeners.clear();
    for (const run of listeners) guarded(this.context, () => run(end));
  }
}

interface Running {
  readonly timers: TimerSet<ServerRequestTimer>;
  readonly machine: MachineRunner<ServerRequestState, ServerRequestInput, ServerRequestAction>;
}

/**
 * A request other than INVITE that came in: the machine of RFC 3261 §17.2.2 with its timers. Most are answered before there is need of
 * either: to them the machine would say the same, and they are a busy server's daily bread.
 */
export class ServerRequestTransaction extends LiveServerTransaction {
  readonly #parts: ServerTransactionParts;
  #running: Running | undefined;
  #absorbs = true;

  constructor(parts: ServerTransactionParts) {
    super(parts);
    this.#parts = parts;
  }

  /** The answer takes time: the machine and its timers begin. */
  begin(): void {
    this.#run();
  }

  /** The request came again. */
  receiveAgain(): void {
    this.#running?.machine.feed({ kind: 'request' });
  }

  /** Never runs: only an INVITE can be cancelled. */
  onCancel(): Disposable {
    return disposable(() => {});
  }

  /** Never runs: only an INVITE is acknowledged. */
  onAck(): Disposable {
    return disposable(() => {});
  }

  protected feedReply(response: SipResponse): void {
    if (this.#running === undefined && response.status >= 200) {
      this.send(response);
      return this.#settle();
    }
    const { machine } = this.#run();
    machine.feed({ kind: 'reply', response });
    if (machine.state.kind === 'completed') this.#settle();
  }

  protected feedUnreachable(): void {
    if (this.#running === undefined) this.finish({ kind: 'unreachable' });
    else this.#running.machine.feed({ kind: 'unreachable' });
  }

  protected stopTimers(): void {
    this.#running?.timers.dispose();
  }

  protected override forgo(): void {
    super.forgo();
    this.#absorbs = false;
  }

  #settle(): void {
    const { absorbRequestsMs } = timersOf(this.#parts);
    this.settle('repeat', this.#absorbs ? absorbRequestsMs : 0);
  }

  #run(): Running {
    if (this.#running !== undefined) return this.#running;
    const lengths = timersOf(this.#parts);
    const first = startServerRequest(lengths);
    const machine: Running['machine'] = new MachineRunner(
      first.state,
      (state: ServerRequestState, input: ServerRequestInput) =>
        stepServerRequest(state, input, lengths),
      (action: ServerRequestAction) => this.#perform(action),
    );
    const timers = new TimerSet<ServerRequestTimer>(this.context.clock, (timer) =>
      machine.feed({ kind: 'timer', timer }),
    );
    this.#running = { timers, machine };
    machine.start(first.actions);
    return this.#running;
  }

  #perform(action: ServerRequestAction): void {
    switch (action.kind) {
      case 'send':
        return this.send(action.response);
      case 'arm':
        // Timer J: what it waits for is remembered without this transaction.
        if (action.timer === 'J') return;
        return this.#running?.timers.arm(action.timer, action.delayMs);
      case 'disarm':
        return this.#running?.timers.disarm(action.timer);
      case 'end':
        return this.finish(action.end);
      default:
        return assertNever(action);
    }
  }
}

const timersOf = ({ flow, context }: ServerTransactionParts): TransactionTimers =>
  timersFor(flow.reliable, context.timers);

/** Adds a listener; dispose to remove it. */
export function subscribe<T>(
  listeners: Set<(value: T) => void>,
  run: (value: T) => void,
): Disposable {
  // A wrapper per subscription, so that the same function may listen twice and leave once.
  const listener = (value: T) => run(value);
  listeners.add(listener);
  return disposable(() => listeners.delete(listener));
}
