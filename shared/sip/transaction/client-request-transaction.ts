import type { SipRequest, SipResponse } from '../message/message.ts';
import {
  resumeClientRequest,
  stepClientRequest,
  type ClientRequestAction,
  type ClientRequestInput,
  type ClientRequestState,
  type ClientRequestTimer,
} from './client-non-invite.ts';
import {
  MachineClientTransaction,
  OutcomeOnce,
  type AnswerTaker,
  type ClientRest,
  type ClientTransactionParts,
  type LiveClientTransaction,
} from './client-transaction.ts';
import type { Disposable } from './disposable.ts';
import type { Flow } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import { timersFor, type TransactionTimers } from './timers.ts';

/**
 * A request other than INVITE and ACK under way. Nearly all are answered at once: to them the machine of RFC 3261 §17.1.2 would say the
 * same, and it begins only when something else happens first, with the time that has passed.
 */
export class ClientRequestTransaction implements LiveClientTransaction {
  readonly request: SipRequest;
  readonly #parts: ClientTransactionParts;
  readonly #lengths: TransactionTimers;
  readonly #path: FlowPath;
  readonly #outcome: OutcomeOnce;
  readonly #startedAt: number;
  #stopTimer: (() => void) | undefined;
  #watch: Disposable | undefined;
  #machine: RequestMachine | undefined;
  #over = false;

  constructor(parts: ClientTransactionParts) {
    const { context, flow, events } = parts;
    this.request = parts.request;
    this.#parts = parts;
    this.#lengths = timersFor(flow.reliable, context.timers);
    this.#path = new FlowPath(flow, context.successorOf);
    this.#outcome = new OutcomeOnce(context, events);
    this.#startedAt = context.clock.now();
  }

  get flow(): Flow {
    return this.#machine?.flow ?? this.#path.flow;
  }

  get pending(): boolean {
    return this.#machine?.pending ?? !this.#outcome.given;
  }

  /** Nothing: only an INVITE can be cancelled (RFC 3261 §9.1). */
  cancel(): void {}

  start(): void {
    const { context, bytes, onGone } = this.#parts;
    const result = this.#path.send(bytes);
    if (result !== 'sent') {
      this.#over = true;
      this.#outcome.give({ kind: 'transport-error', reason: result });
      return onGone();
    }
    const { reliable, giveUpMs, t1 } = this.#lengths;
    this.#stopTimer = context.clock.setTimer(reliable ? giveUpMs : t1, () =>
      this.#run().feedTimer(reliable ? 'F' : 'E'),
    );
    this.#watch = this.#path.flow.onClose(() => void this.#run());
    this.#outcome.started();
  }

  receive(response: SipResponse): void {
    if (this.#over) return;
    if (this.#machine !== undefined || response.status < 200) return this.#run().receive(response);
    this.#letGo();
    this.#outcome.give({ kind: 'response', response });
    if (this.#over) return;
    this.#over = true;
    this.#parts.onSettled({ late: absorbed, forMs: this.#lengths.lingerMs });
  }

  stop(): void {
    if (this.#machine !== undefined) return this.#machine.stop();
    if (this.#over) return;
    this.#over = true;
    this.#letGo();
    this.#outcome.give({ kind: 'stopped' });
    this.#parts.onGone();
  }

  /** From here on the machine says what happens. It looks at the flow by itself. */
  #run(): RequestMachine {
    if (this.#machine !== undefined) return this.#machine;
    this.#letGo();
    const goneMs = this.#parts.context.clock.now() - this.#startedAt;
    this.#machine = new RequestMachine({ ...this.#parts, flow: this.#path.flow }, goneMs);
    this.#machine.resume();
    return this.#machine;
  }

  #letGo(): void {
    this.#stopTimer?.();
    this.#watch?.dispose();
  }
}

/** The machine of RFC 3261 §17.1.2 with its timers, for a request that was sent some time ago. */
class RequestMachine extends MachineClientTransaction<
  ClientRequestState,
  ClientRequestInput,
  ClientRequestAction,
  ClientRequestTimer
> {
  constructor(parts: ClientTransactionParts, goneMs: number) {
    super(parts, {
      start: (timers) => resumeClientRequest(timers, goneMs),
      step: stepClientRequest,
    });
  }

  /** Only an INVITE can be cancelled. */
  cancel(): void {}

  receive(response: SipResponse): void {
    this.feed({ kind: response.status < 200 ? 'provisional' : 'final', response });
  }

  feedTimer(timer: ClientRequestTimer): void {
    this.feed({ kind: 'timer', timer });
  }

  protected perform(action: ClientRequestAction): void {
    // Timer K: what it waits for is absorbed without this transaction.
    if (action.kind !== 'arm' || action.timer !== 'K') this.performCommon(action);
  }

  protected restIn(state: ClientRequestState): ClientRest | undefined {
    return state.kind === 'completed'
      ? { late: absorbed, forMs: this.lengths.lingerMs }
      : undefined;
  }
}

/** The answer came again. */
const absorbed: AnswerTaker = { receive() {}, stop() {} };
