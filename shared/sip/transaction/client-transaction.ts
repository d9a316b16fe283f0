import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Disposable } from './disposable.ts';
import type { Flow } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import { MachineRunner, TimerSet } from './machine-runner.ts';
import { assertNever, type Step } from './machine.ts';
import { guarded, type StackContext } from './stack-context.ts';
import { timersFor, type TransactionTimers } from './timers.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ExtraHeaders,
  RequestEvents,
} from './transaction-user.ts';

/** Where the answers to one request go, as long as any may come. */
export interface AnswerTaker {
  receive(response: SipResponse): void;
  stop(): void;
}

/** A client transaction as its table sees it. */
export interface LiveClientTransaction extends ClientTransaction, AnswerTaker {
  /** Sends the request. Called once, when the table knows the transaction. */
  start(): void;
}

/** What is left to do for an answered request. */
export interface ClientRest {
  readonly late: AnswerTaker;
  /** How long answers may still come, ms. */
  readonly forMs: number;
}

export interface ClientTransactionParts {
  readonly context: StackContext;
  /** With our Via. */
  readonly request: SipRequest;
  /** The same, serialised. */
  readonly bytes: Uint8Array;
  readonly flow: Flow;
  readonly events: RequestEvents;
  /** Runs once when nothing more can come. */
  readonly onGone: () => void;
  /** Runs once instead, when only late answers can come: all that they need is in `rest`. */
  readonly onSettled: (rest: ClientRest) => void;
}

/** Hands the outcome over once, and never from inside the call that started the transaction. */
export class OutcomeOnce {
  readonly #context: StackContext;
  readonly #events: RequestEvents;
  #started = false;
  #given = false;

  constructor(context: StackContext, events: RequestEvents) {
    this.#context = context;
    this.#events = events;
  }

  get given(): boolean {
    return this.#given;
  }

  started(): void {
    this.#started = true;
  }

  give(outcome: ClientOutcome): void {
    if (this.#given) return;
    this.#given = true;
    const deliver = () => void guarded(this.#context, () => this.#events.onFinal(outcome));
    if (this.#started) deliver();
    else this.#context.clock.setTimer(0, deliver);
  }

  provisional(response: SipResponse): void {
    guarded(this.#context, () => this.#events.onProvisional?.(response));
  }
}

/** What both machines hear of the world around them. */
export type CommonInput<Timer> =
  | { readonly kind: 'timer'; readonly timer: Timer }
  /** Another flow took over from a closed one. */
  | { readonly kind: 'moved' }
  /** A send failed, or the flow closed and nothing succeeded it. */
  | { readonly kind: 'unreachable'; readonly reason: 'closed' | 'too-large' };

/** What both machines ask for. */
export type CommonAction<Timer> =
  | { readonly kind: 'send-request' }
  | { readonly kind: 'arm'; readonly timer: Timer; readonly delayMs: number }
  | { readonly kind: 'disarm'; readonly timer: Timer }
  | { readonly kind: 'deliver-provisional'; readonly response: SipResponse }
  | { readonly kind: 'deliver-outcome'; readonly outcome: ClientOutcome };

/** One of the two client machines: its first step, and every other. */
export interface ClientRules<State, Input, Action> {
  readonly start: (timers: TransactionTimers) => Step<State, Action>;
  readonly step: (state: State, input: Input, timers: TransactionTimers) => Step<State, Action>;
}

/** A request under way, whatever its machine: timers, path, outcome and end. */
export abstract class MachineClientTransaction<
  State extends { readonly kind: string },
  Input,
  Action,
  Timer extends string,
> implements LiveClientTransaction {
  readonly request: SipRequest;
  protected readonly context: StackContext;
  protected readonly events: RequestEvents;
  protected readonly path: FlowPath;
  protected readonly outcome: OutcomeOnce;
  protected readonly lengths: TransactionTimers;
  readonly #bytes: Uint8Array;
  readonly #onGone: () => void;
  readonly #onSettled: ClientTransactionParts['onSettled'];
  readonly #timers: TimerSet<Timer>;
  readonly #machine: MachineRunner<State, Input | CommonInput<Timer>, Action>;
  readonly #first: readonly Action[];
  #watch: Disposable | undefined;
  #over = false;

  constructor(
    { context, request, bytes, flow, events, onGone, onSettled }: ClientTransactionParts,
    rules: ClientRules<State, Input | CommonInput<Timer>, Action>,
  ) {
    const timers = timersFor(flow.reliable, context.timers);
    const first = rules.start(timers);
    this.request = request;
    this.context = context;
    this.events = events;
    this.lengths = timers;
    this.path = new FlowPath(flow, context.successorOf);
    this.outcome = new OutcomeOnce(context, events);
    this.#bytes = bytes;
    this.#onGone = onGone;
    this.#onSettled = onSettled;
    this.#timers = new TimerSet(context.clock, (timer) => this.feed({ kind: 'timer', timer }));
    this.#machine = new MachineRunner(
      first.state,
      (state: State, input: Input | CommonInput<Timer>) => rules.step(state, input, timers),
      (action: Action) => this.perform(action),
    );
    this.#first = first.actions;
  }

  get flow(): Flow {
    return this.path.flow;
  }

  get pending(): boolean {
    return !this.outcome.given;
  }

  abstract cancel(headers?: ExtraHeaders): void;
  abstract receive(response: SipResponse): void;
  /** Does what its machine asks for; what both ask for goes to `performCommon`. */
  protected abstract perform(action: Action): void;
  /** Answered, so that nobody has to keep this object for what is left; undefined in every other state. */
  protected abstract restIn(state: State): ClientRest | undefined;

  start(): void {
    this.#machine.start(this.#first);
    this.#watch = this.path.watch({
      moved: () => this.feed({ kind: 'moved' }),
      lost: () => this.feed({ kind: 'unreachable', reason: 'closed' }),
    });
    // A flow that is closed already says so before there is a watch to end.
    if (this.#over) this.#letGo();
    this.outcome.started();
    this.#cleanUp();
  }

  /** Begins in the middle: `start` of an earlier object has returned. */
  resume(): void {
    this.outcome.started();
    this.start();
  }

  stop(): void {
    this.outcome.give({ kind: 'stopped' });
    this.#release();
  }

  protected feed(input: Input | CommonInput<Timer>): void {
    this.#machine.feed(input);
    this.#cleanUp();
  }

  protected send(bytes: Uint8Array): void {
    const result = this.path.send(bytes);
    if (result !== 'sent') this.feed({ kind: 'unreachable', reason: result });
  }

  protected performCommon(action: CommonAction<Timer>): void {
    switch (action.kind) {
      case 'send-request':
        return this.send(this.#bytes);
      case 'arm':
        return this.#timers.arm(action.timer, action.delayMs);
      case 'disarm':
        return this.#timers.disarm(action.timer);
      case 'deliver-provisional':
        return this.outcome.provisional(action.response);
      case 'deliver-outcome':
        return this.outcome.give(action.outcome);
      default:
        return assertNever(action);
    }
  }

  #cleanUp(): void {
    const { state } = this.#machine;
    if (this.#over) return;
    if (state.kind === 'terminated') return this.#release();
    const rest = this.restIn(state);
    if (rest === undefined) return;
    this.#letGo();
    this.#onSettled(rest);
  }

  #release(): void {
    if (this.#over) return;
    this.#letGo();
    this.#onGone();
  }

  #letGo(): void {
    this.#over = true;
    this.#timers.dispose();
    this.#watch?.dispose();
    this.#watch = undefined;
  }
}
