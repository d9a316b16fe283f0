import { makeResponse } from '../message/builders.ts';
import type { SipRequest } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { findRefusal, type AdmissionRules, type Refusal } from './admission.ts';
import type { Flow } from './flow.ts';
import type { DropReason } from './ports.ts';
import { ServerInviteTransaction } from './server-invite-transaction.ts';
import { ServerRequestTransaction, type LiveServerTransaction } from './server-transaction.ts';
import type { StackContext } from './stack-context.ts';
import { answerKey, mergeKey, serverKey } from './transaction-key.ts';
import type { ServerTransaction } from './transaction-user.ts';
import { responseFlow, stampSource } from './via-rules.ts';

export interface ServerSideOptions {
  readonly context: StackContext;
  readonly rules: AdmissionRules;
  readonly maxTransactions: number;
  /** A new request that passed the first checks. */
  readonly onRequest: (transaction: ServerTransaction) => void;
  /** The first ACK to a 2xx of ours. */
  readonly onAck: (ack: SipRequest, flow: Flow) => void;
  readonly changed: () => void;
}

interface Arrival {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly key: string;
}

/** All requests that came in and are not over yet: matching, CANCEL, ACK, and the first checks on what is new. */
export class ServerSide {
  readonly #options: ServerSideOptions;
  readonly #live = new Map<string, LiveServerTransaction>();
  /** INVITE transactions only, by the same keys. */
  readonly #invites = new Map<string, ServerInviteTransaction>();
  /** INVITEs answered with 2xx, by dialog and CSeq. */
  readonly #answered = new Map<string, ServerInviteTransaction>();
  /** Requests outside dialogs, to notice the same one arriving by two paths. */
  readonly #merging = new Map<string, LiveServerTransaction>();

  constructor(options: ServerSideOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#live.size;
  }

  receive(request: SipRequest, flow: Flow): void {
    stampSource(request, flow);
    if (request.method === 'ACK') return this.#acknowledge(request, flow);
    const key = serverKey(request, request.method);
    const known = this.#live.get(key);
    if (known) return known.receiveAgain();
    const arrival = { request, flow, key };
    if (this.#live.size >= this.#options.maxTransactions) return this.#turnAway(arrival);
    if (request.method === 'CANCEL') return this.#cancel(arrival);
    this.#admit(arrival);
  }

  close(): void {
    for (const transaction of [...this.#live.values()]) transaction.stop();
  }

  #acknowledge(ack: SipRequest, flow: Flow): void {
    const invite = this.#invites.get(serverKey(ack, 'INVITE'));
    if (invite) return invite.receiveAck(ack);
    const answered = this.#answered.get(answerKey(ack));
    if (answered) return answered.receiveAckTo2xx(ack);
    this.#drop('stray-ack', ack, flow);
  }

  /** RFC 3261 §9.2: the CANCEL is a transaction of its own and gets its own answer. */
  #cancel(arrival: Arrival): void {
    const invite = this.#invites.get(serverKey(arrival.request, 'INVITE'));
    const transaction = this.#open(arrival);
    if (invite === undefined) {
      transaction.reply(481);
      return;
    }
    transaction.reply(200, { toTag: invite.localTag });
    invite.receiveCancel(arrival.request);
  }

  #admit(arrival: Arrival): void {
    const refusal = this.#findRefusal(arrival.request);
    const transaction = this.#open(arrival);
    if (refusal) transaction.reply(refusal.status, refusal.options);
    else this.#options.onRequest(transaction);
  }

  #findRefusal(request: SipRequest): Refusal | undefined {
    const merging = mergeKey(request);
    if (merging !== undefined && this.#merging.has(merging)) {
      return { status: 482, options: { reason: 'Merged Request' } };
    }
    return findRefusal(request, this.#options.rules);
  }

  #open({ request, flow, key }: Arrival): LiveServerTransaction {
    const { context } = this.#options;
    const merging = request.method === 'CANCEL' ? undefined : mergeKey(request);
    const onGone = () => {
      this.#live.delete(key);
      this.#invites.delete(key);
      if (merging !== undefined && this.#merging.get(merging) === transaction) {
        this.#merging.delete(merging);
      }
      this.#options.changed();
    };
    const parts = { context, request, flow, onGone };
    const transaction: LiveServerTransaction =
      request.method === 'INVITE'
        ? this.#openInvite(parts, key)
        : new ServerRequestTransaction(parts);
    this.#live.set(key, transaction);
    if (merging !== undefined && !this.#merging.has(merging)) {
      this.#merging.set(merging, transaction);
    }
    this.#options.changed();
    return transaction;
  }

  #openInvite(
    parts: ConstructorParameters<typeof ServerRequestTransaction>[0],
    key: string,
  ): ServerInviteTransaction {
    const answers = new Set<string>();
    const onGone = () => {
      for (const answer of answers) this.#answered.delete(answer);
      parts.onGone();
    };
    const invite: ServerInviteTransaction = new ServerInviteTransaction({
      ...parts,
      onGone,
      onAccepted: (response) => {
        const answer = answerKey(response);
        answers.add(answer);
        this.#answered.set(answer, invite);
      },
      onAcknowledged: (ack) => this.#options.onAck(ack, parts.flow),
    });
    this.#invites.set(key, invite);
    return invite;
  }

  /** Too many at once: one stateless answer, so that being overloaded costs nothing more. */
  #turnAway({ request, flow }: Arrival): void {
    this.#drop('overload', request, flow);
    const response = makeResponse(request, 503, {
      toTag: this.#options.context.random.token(64),
      headers: [['Retry-After', '10']],
    });
    responseFlow(request, flow).send(serializeMessage(response));
  }

  #drop(why: DropReason, request: SipRequest, flow: Flow): void {
    this.#options.context.observer.dropped?.(why, { flowId: flow.id, summary: request.method });
  }
}
