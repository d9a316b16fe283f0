import { makeResponse } from '../message/builders.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
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
import { timersFor } from './timers.ts';
import type { ReplyOptions, ServerTransaction, ServerTransactionEnd } from './transaction-user.ts';
import { responseFlow } from './via-rules.ts';

const TAG_BITS = 64;

export interface ServerTransactionParts {
  readonly context: StackContext;
  /** With the source noted in its Via. */
  readonly request: SipRequest;
  readonly flow: Flow;
  /** Runs once when nothing more can come. */
  readonly onGone: () => void;
  /** Runs once instead, when only late messages can come: all that they need is in `rest`. */
  readonly onSettled: (rest: Rest) => void;
}

/** What is left of an answered request: retransmissions of it get the same answer, or none. */
export interface Rest {
  readonly localTag: string;
  readonly answer: { readonly bytes: Uint8Array; readonly path: FlowPath } | undefined;
  /** How long it is to be remembered, ms. */
  readonly forMs: number;
}

/** What both kinds of server transaction share: replies, their path back, and the end. */
export abstract class LiveServerTransaction implements ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly localTag: string;
  protected readonly context: StackContext;
  readonly #path: FlowPath;
  readonly #onGone: () => void;
  readonly #onSettled: (rest: Rest) => void;
  readonly #endListeners = new Set<(end: ServerTransactionEnd) => void>();
  #finalStatus: number | undefined;
  #end: ServerTransactionEnd | undefined;
  /** The last response with its bytes: it is what gets retransmitted. */
  #sent: { readonly response: SipResponse; readonly bytes: Uint8Array } | undefined;

  constructor({ context, request, flow, onGone, onSettled }: ServerTransactionParts) {
    this.context = context;
    this.request = request;
    this.flow = flow;
    this.localTag = request.toTag ?? context.random.token(TAG_BITS);
    this.#path = new FlowPath(responseFlow(request, flow), context.successorOf);
    this.#onGone = onGone;
    this.#onSettled = onSettled;
  }

  abstract receiveAgain(): void;
  abstract onCancel(run: (cancel: SipRequest) => void): Disposable;
  abstract onAck(run: (ack: SipRequest) => void): Disposable;
  protected abstract feedReply(response: SipResponse): void;
  protected abstract feedUnreachable(): void;
  protected abstract stopTimers(): void;

  get answerable(): boolean {
    return this.#finalStatus === undefined && this.#end === undefined;
  }

  get finalStatus(): number | undefined {
    return this.#finalStatus;
  }

  reply(status: number, options: ReplyOptions = {}): SipResponse | undefined {
    if (!this.answerable) return undefined;
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
    return subscribe(this.#endListeners, run);
  }

  /** Ends the transaction without another word. */
  stop(): void {
    this.finish({ kind: 'stopped' });
  }

  protected build(status: number, options: ReplyOptions): SipResponse {
    const { toTag = this.localTag, ...rest } = options;
    const response = makeResponse(this.request, status, { ...rest, toTag });
    const { product } = this.context;
    if (product !== undefined && !response.headers.has('Server')) {
      response.headers.append('Server', product);
    }
    return response;
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
    const bytes = how === 'repeat' ? this.#sent?.bytes : undefined;
    const answer = bytes && { bytes, path: this.#path };
    this.#end = { kind: 'answered' };
    this.stopTimers();
    this.#onSettled({ localTag: this.localTag, answer, forMs });
    this.#tell(this.#end);
  }

  protected finish(end: ServerTransactionEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.stopTimers();
    this.#onGone();
    this.#tell(end);
  }

  #tell(end: ServerTransactionEnd): void {
    const listeners = [...this.#endListeners];
    this.#endListeners.clear();
    for (const run of listeners) guarded(this.context, () => run(end));
  }
}

/** A request other than INVITE that came in: the machine of RFC 3261 §17.2.2 with its timers. */
export class ServerRequestTransaction extends LiveServerTransaction {
  readonly #timers: TimerSet<ServerRequestTimer>;
  readonly #machine: MachineRunner<ServerRequestState, ServerRequestInput, ServerRequestAction>;
  readonly #absorbMs: number;

  constructor(parts: ServerTransactionParts) {
    super(parts);
    const timers = timersFor(parts.flow.reliable, parts.context.timers);
    this.#absorbMs = timers.absorbRequestsMs;
    const first = startServerRequest(timers);
    this.#timers = new TimerSet(parts.context.clock, (timer) =>
      this.#machine.feed({ kind: 'timer', timer }),
    );
    this.#machine = new MachineRunner(
      first.state,
      (state: ServerRequestState, input: ServerRequestInput) =>
        stepServerRequest(state, input, timers),
      (action: ServerRequestAction) => this.#perform(action),
    );
    this.#machine.start(first.actions);
  }

  /** The request came again. */
  receiveAgain(): void {
    this.#machine.feed({ kind: 'request' });
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
    this.#machine.feed({ kind: 'reply', response });
    if (this.#machine.state.kind === 'completed') this.settle('repeat', this.#absorbMs);
  }

  protected feedUnreachable(): void {
    this.#machine.feed({ kind: 'unreachable' });
  }

  protected stopTimers(): void {
    this.#timers.dispose();
  }

  #perform(action: ServerRequestAction): void {
    switch (action.kind) {
      case 'send':
        return this.send(action.response);
      case 'arm':
        // Timer J: what it waits for is remembered without this transaction.
        if (action.timer === 'J') return;
        return this.#timers.arm(action.timer, action.delayMs);
      case 'disarm':
        return this.#timers.disarm(action.timer);
      case 'end':
        return this.finish(action.end);
      default:
        return assertNever(action);
    }
  }
}

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
