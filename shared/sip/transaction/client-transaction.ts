import type { SipRequest, SipResponse } from '../message/message.ts';
import {
  startClientRequest,
  stepClientRequest,
  type ClientRequestAction,
  type ClientRequestInput,
  type ClientRequestState,
  type ClientRequestTimer,
} from './client-non-invite.ts';
import type { Disposable } from './disposable.ts';
import type { Flow } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import { MachineRunner, TimerSet } from './machine-runner.ts';
import { assertNever } from './machine.ts';
import { guarded, type StackContext } from './stack-context.ts';
import { timersFor } from './timers.ts';
import type { ClientOutcome, ClientTransaction, RequestEvents } from './transaction-user.ts';

/** A client transaction as its table sees it. */
export interface LiveClientTransaction extends ClientTransaction {
  /** Sends the request. Called once, when the table knows the transaction. */
  start(): void;
  receive(response: SipResponse): void;
  stop(): void;
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

/** A request other than INVITE and ACK under way: the machine of RFC 3261 §17.1.2 with its timers and its path. */
export class ClientRequestTransaction implements LiveClientTransaction {
  readonly request: SipRequest;
  readonly #bytes: Uint8Array;
  readonly #path: FlowPath;
  readonly #outcome: OutcomeOnce;
  readonly #onGone: () => void;
  readonly #timers: TimerSet<ClientRequestTimer>;
  readonly #machine: MachineRunner<ClientRequestState, ClientRequestInput, ClientRequestAction>;
  readonly #first: readonly ClientRequestAction[];
  #watch: Disposable | undefined;

  constructor({ context, request, bytes, flow, events, onGone }: ClientTransactionParts) {
    const timers = timersFor(flow.reliable, context.timers);
    const first = startClientRequest(timers);
    this.request = request;
    this.#bytes = bytes;
    this.#path = new FlowPath(flow, context.successorOf);
    this.#outcome = new OutcomeOnce(context, events);
    this.#onGone = onGone;
    this.#timers = new TimerSet(context.clock, (timer) => this.#feed({ kind: 'timer', timer }));
    this.#machine = new MachineRunner(
      first.state,
      (state: ClientRequestState, input: ClientRequestInput) =>
        stepClientRequest(state, input, timers),
      (action: ClientRequestAction) => this.#perform(action),
    );
    this.#first = first.actions;
  }

  get flow(): Flow {
    return this.#path.flow;
  }

  get pending(): boolean {
    return !this.#outcome.given;
  }

  /** Nothing: only an INVITE can be cancelled (RFC 3261 §9.1). */
  cancel(): void {}

  receive(response: SipResponse): void {
    this.#feed({ kind: response.status < 200 ? 'provisional' : 'final', response });
  }

  start(): void {
    this.#machine.start(this.#first);
    this.#watch = this.#path.watch({
      moved: () => this.#feed({ kind: 'moved' }),
      lost: () => this.#feed({ kind: 'unreachable', reason: 'closed' }),
    });
    this.#outcome.started();
    this.#cleanUp();
  }

  stop(): void {
    this.#outcome.give({ kind: 'stopped' });
    this.#release();
  }

  #feed(input: ClientRequestInput): void {
    this.#machine.feed(input);
    this.#cleanUp();
  }

  #perform(action: ClientRequestAction): void {
    switch (action.kind) {
      case 'send-request': {
        const result = this.#path.send(this.#bytes);
        if (result !== 'sent') this.#feed({ kind: 'unreachable', reason: result });
        return;
      }
      case 'arm':
        return this.#timers.arm(action.timer, action.delayMs);
      case 'disarm':
        return this.#timers.disarm(action.timer);
      case 'deliver-provisional':
        return this.#outcome.provisional(action.response);
      case 'deliver-outcome':
        return this.#outcome.give(action.outcome);
      default:
        return assertNever(action);
    }
  }

  #cleanUp(): void {
    if (this.#machine.state.kind === 'terminated') this.#release();
  }

  #release(): void {
    this.#timers.dispose();
    this.#watch?.dispose();
    this.#watch = undefined;
    this.#onGone();
  }
}
