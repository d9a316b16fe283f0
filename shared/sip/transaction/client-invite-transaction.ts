import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import {
  startClientInvite,
  stepClientInvite,
  type ClientInviteAction,
  type ClientInviteInput,
  type ClientInviteState,
  type ClientInviteTimer,
} from './client-invite.ts';
import { makeCancel, makeFailureAck } from './client-requests.ts';
import {
  OutcomeOnce,
  type ClientTransactionParts,
  type LiveClientTransaction,
} from './client-transaction.ts';
import type { Disposable } from './disposable.ts';
import type { Flow, SendResult } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import { MachineRunner, TimerSet } from './machine-runner.ts';
import { assertNever } from './machine.ts';
import { guarded, type StackContext } from './stack-context.ts';
import { timersFor } from './timers.ts';
import type { ExtraHeaders, RequestEvents } from './transaction-user.ts';

export interface ClientInviteParts extends ClientTransactionParts {
  /** Sends the CANCEL in a client transaction of its own. */
  readonly sendCancel: (cancel: SipRequest, flow: Flow) => void;
  /** A 2xx of a fork was seen for the first time. */
  readonly onAnswer: (response: SipResponse) => void;
  /** A 2xx came again: its ACK was lost. */
  readonly onAnswerAgain: (response: SipResponse) => void;
}

/** An INVITE under way: the machine of RFC 3261 §17.1.1 with its timers, its path, its CANCEL and its failure ACKs. */
export class ClientInviteTransaction implements LiveClientTransaction {
  readonly request: SipRequest;
  readonly #context: StackContext;
  readonly #parts: ClientInviteParts;
  readonly #events: RequestEvents;
  readonly #bytes: Uint8Array;
  readonly #path: FlowPath;
  readonly #outcome: OutcomeOnce;
  readonly #timers: TimerSet<ClientInviteTimer>;
  readonly #machine: MachineRunner<ClientInviteState, ClientInviteInput, ClientInviteAction>;
  /** To tags of the 2xx seen. */
  readonly #answers = new Set<string>();
  #cancelHeaders: ExtraHeaders = [];
  readonly #first: readonly ClientInviteAction[];
  #watch: Disposable | undefined;

  constructor(parts: ClientInviteParts) {
    const { context, request, bytes, flow, events } = parts;
    const timers = timersFor(flow.reliable, context.timers);
    const first = startClientInvite(timers);
    this.request = request;
    this.#context = context;
    this.#parts = parts;
    this.#events = events;
    this.#bytes = bytes;
    this.#path = new FlowPath(flow, context.successorOf);
    this.#outcome = new OutcomeOnce(context, events);
    this.#timers = new TimerSet(context.clock, (timer) => this.#feed({ kind: 'timer', timer }));
    this.#machine = new MachineRunner(
      first.state,
      (state: ClientInviteState, input: ClientInviteInput) =>
        stepClientInvite(state, input, timers),
      (action: ClientInviteAction) => this.#perform(action),
    );
    this.#first = first.actions;
  }

  get flow(): Flow {
    return this.#path.flow;
  }

  get pending(): boolean {
    return !this.#outcome.given;
  }

  cancel(headers: ExtraHeaders = []): void {
    this.#cancelHeaders = headers;
    this.#feed({ kind: 'cancel' });
  }

  receive(response: SipResponse): void {
    const { status } = response;
    const kind = status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure';
    this.#feed({ kind, response });
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

  #feed(input: ClientInviteInput): void {
    this.#machine.feed(input);
    this.#cleanUp();
  }

  #perform(action: ClientInviteAction): void {
    switch (action.kind) {
      case 'send-request':
        return this.#sent(this.#path.send(this.#bytes));
      case 'send-ack':
        return this.#sent(
          this.#path.send(serializeMessage(makeFailureAck(this.request, action.response))),
        );
      case 'send-cancel':
        return this.#parts.sendCancel(
          makeCancel(this.request, this.#cancelHeaders),
          this.#path.flow,
        );
      case 'arm':
        return this.#timers.arm(action.timer, action.delayMs);
      case 'disarm':
        return this.#timers.disarm(action.timer);
      case 'deliver-provisional':
        return this.#outcome.provisional(action.response);
      case 'deliver-answer':
        return this.#answered(action.response);
      case 'deliver-outcome':
        return this.#outcome.give(action.outcome);
      default:
        return assertNever(action);
    }
  }

  #sent(result: SendResult): void {
    if (result !== 'sent') this.#feed({ kind: 'unreachable', reason: result });
  }

  #answered(response: SipResponse): void {
    const tag = response.toTag ?? '';
    if (this.#answers.has(tag)) return this.#parts.onAnswerAgain(response);
    this.#answers.add(tag);
    this.#parts.onAnswer(response);
    if (this.#outcome.given) guarded(this.#context, () => this.#events.onExtraAnswer?.(response));
    else this.#outcome.give({ kind: 'response', response });
  }

  #cleanUp(): void {
    if (this.#machine.state.kind === 'terminated') this.#release();
  }

  #release(): void {
    this.#timers.dispose();
    this.#watch?.dispose();
    this.#watch = undefined;
    this.#parts.onGone();
  }
}
