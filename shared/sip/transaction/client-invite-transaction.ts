import type { SipRequest, SipResponse } from '../message/message.ts';
import { ownText } from '../message/own-text.ts';
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
  MachineClientTransaction,
  type AnswerTaker,
  type ClientRest,
  type ClientTransactionParts,
} from './client-transaction.ts';
import type { Flow } from './flow.ts';
import type { FlowPath } from './flow-path.ts';
import { guarded, type StackContext } from './stack-context.ts';
import type { ExtraHeaders, RequestEvents } from './transaction-user.ts';

export interface ClientInviteParts extends ClientTransactionParts {
  /** Sends the CANCEL in a client transaction of its own. */
  readonly sendCancel: (cancel: SipRequest, flow: Flow) => void;
  readonly answers: AnswerWatcher;
}

/** Told of the 2xx to an INVITE, whose ACKs are not the transaction's. */
export interface AnswerWatcher {
  /** A 2xx of a fork was seen for the first time. */
  onAnswer(response: SipResponse): void;
  /** A 2xx came again: its ACK was lost. */
  onAnswerAgain(response: SipResponse): void;
}

/** An INVITE under way: the machine of RFC 3261 §17.1.1 with its CANCEL, its failure ACKs and its forks. */
export class ClientInviteTransaction extends MachineClientTransaction<
  ClientInviteState,
  ClientInviteInput,
  ClientInviteAction,
  ClientInviteTimer
> {
  readonly #parts: ClientInviteParts;
  #answer: SipResponse | undefined;
  #failureAck: Uint8Array | undefined;
  #cancelHeaders: ExtraHeaders = [];

  constructor(parts: ClientInviteParts) {
    super(parts, { start: startClientInvite, step: stepClientInvite });
    this.#parts = parts;
  }

  cancel(headers: ExtraHeaders = []): void {
    this.#cancelHeaders = headers;
    this.feed({ kind: 'cancel' });
  }

  receive(response: SipResponse): void {
    const { status } = response;
    const kind = status < 200 ? 'provisional' : status < 300 ? 'success' : 'failure';
    this.feed({ kind, response });
  }

  protected perform(action: ClientInviteAction): void {
    switch (action.kind) {
      case 'send-ack':
        this.#failureAck = serializeMessage(makeFailureAck(this.request, action.response));
        return this.send(this.#failureAck);
      case 'send-cancel':
        return this.#parts.sendCancel(makeCancel(this.request, this.#cancelHeaders), this.flow);
      case 'deliver-answer':
        return this.#answered(action.response);
      case 'arm':
        // Timers D and M: what they wait for is taken without this transaction.
        if (action.timer !== 'D' && action.timer !== 'M') this.performCommon(action);
        return;
      default:
        return this.performCommon(action);
    }
  }

  protected restIn(state: ClientInviteState): ClientRest | undefined {
    if (state.kind === 'completed') {
      const late = new LateFailures(this.path, this.#failureAck);
      return { late, forMs: this.lengths.absorbFailuresMs };
    }
    if (state.kind !== 'accepted') return undefined;
    const { context, events } = this;
    const late = new LateAnswers(this.#parts.answers, { context, onExtra: events.onExtraAnswer });
    late.seen(this.#answer?.toTag);
    return { late, forMs: this.lengths.giveUpMs };
  }

  #answered(response: SipResponse): void {
    this.#answer = response;
    this.#parts.answers.onAnswer(response);
    this.outcome.give({ kind: 'response', response });
  }
}

/** What is left of an INVITE that was answered with 2xx: the same answer again, and those of other forks. */
class LateAnswers implements AnswerTaker {
  readonly #watcher: AnswerWatcher;
  readonly #context: StackContext;
  readonly #onExtra: RequestEvents['onExtraAnswer'];
  /** To tags of the 2xx seen. */
  readonly #tags = new Set<string>();

  constructor(
    watcher: AnswerWatcher,
    user: { readonly context: StackContext; readonly onExtra: RequestEvents['onExtraAnswer'] },
  ) {
    this.#watcher = watcher;
    this.#context = user.context;
    this.#onExtra = user.onExtra;
  }

  seen(tag = ''): void {
    this.#tags.add(ownText(tag));
  }

  receive(response: SipResponse): void {
    if (response.status < 200 || response.status >= 300) return;
    const tag = response.toTag ?? '';
    if (this.#tags.has(tag)) return this.#watcher.onAnswerAgain(response);
    this.seen(tag);
    this.#watcher.onAnswer(response);
    guarded(this.#context, () => this.#onExtra?.(response));
  }

  stop(): void {}
}

/** What is left of an INVITE that was refused: whoever says so again has not got the ACK. */
class LateFailures implements AnswerTaker {
  readonly #path: FlowPath;
  readonly #ack: Uint8Array | undefined;

  constructor(path: FlowPath, ack: Uint8Array | undefined) {
    this.#path = path;
    this.#ack = ack;
  }

  receive({ status }: SipResponse): void {
    if (status >= 300 && this.#ack !== undefined) this.#path.send(this.#ack);
  }

  stop(): void {}
}
