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
import { MachineClientTransaction, type ClientTransactionParts } from './client-transaction.ts';
import type { Flow } from './flow.ts';
import { guarded } from './stack-context.ts';
import type { ExtraHeaders } from './transaction-user.ts';

export interface ClientInviteParts extends ClientTransactionParts {
  /** Sends the CANCEL in a client transaction of its own. */
  readonly sendCancel: (cancel: SipRequest, flow: Flow) => void;
  /** A 2xx of a fork was seen for the first time. */
  readonly onAnswer: (response: SipResponse) => void;
  /** A 2xx came again: its ACK was lost. */
  readonly onAnswerAgain: (response: SipResponse) => void;
}

/** An INVITE under way: the machine of RFC 3261 §17.1.1 with its CANCEL, its failure ACKs and its forks. */
export class ClientInviteTransaction extends MachineClientTransaction<
  ClientInviteState,
  ClientInviteInput,
  ClientInviteAction,
  ClientInviteTimer
> {
  readonly #parts: ClientInviteParts;
  /** To tags of the 2xx seen. */
  readonly #answers = new Set<string>();
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
        return this.send(serializeMessage(makeFailureAck(this.request, action.response)));
      case 'send-cancel':
        return this.#parts.sendCancel(makeCancel(this.request, this.#cancelHeaders), this.flow);
      case 'deliver-answer':
        return this.#answered(action.response);
      default:
        return this.performCommon(action);
    }
  }

  #answered(response: SipResponse): void {
    const tag = response.toTag ?? '';
    if (this.#answers.has(tag)) return this.#parts.onAnswerAgain(response);
    this.#answers.add(tag);
    this.#parts.onAnswer(response);
    if (this.outcome.given) guarded(this.context, () => this.events.onExtraAnswer?.(response));
    else this.outcome.give({ kind: 'response', response });
  }
}
