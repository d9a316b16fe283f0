import { makeResponse } from '../message/builders.ts';
import type { SipRequest } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { findRefusal, type AdmissionRules, type Refusal } from './admission.ts';
import type { Flow } from './flow.ts';
import type { DropReason } from './ports.ts';
import { ServerInviteTransaction } from './server-invite-transaction.ts';
import { Lingering } from './lingering.ts';
import {
  ServerRequestTransaction,
  type LiveServerTransaction,
  type Rest,
  type ServerTransactionParts,
} from './server-transaction.ts';
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

/** Where a request goes that came again. */
type Known = Pick<LiveServerTransaction, 'localTag' | 'receiveAgain' | 'stop'>;

/** What the messages of one transaction are found by, as long as any may come. */
interface Keys {
  readonly key: string;
  readonly merging: string | undefined;
  /** INVITE: of its 2xx. */
  readonly answers: Set<string> | undefined;
}

/** An answered request whose retransmissions get the same answer, if it had one. */
class Remembered implements Known {
  readonly localTag: string;
  readonly #answer: Rest['answer'];

  constructor({ localTag, answer }: Rest) {
    this.localTag = localTag;
    this.#answer = answer;
  }

  receiveAgain(): void {
    this.#answer?.path.send(this.#answer.bytes);
  }

  stop(): void {}
}

/** All requests that came in and are not over yet: matching, CANCEL, ACK, and the first checks on what is new. */
export class ServerSide {
  readonly #options: ServerSideOptions;
  readonly #live = new Map<string, Known>();
  /** INVITE transactions only, by the same keys. */
  readonly #invites = new Map<string, ServerInviteTransaction>();
  /** INVITEs answered with 2xx, by dialog and CSeq; undefined once they are acknowledged. */
  readonly #answered = new Map<string, ServerInviteTransaction | undefined>();
  /** Requests outside dialogs, to notice the same one arriving by two paths. */
  readonly #merging = new Map<string, Keys>();
  readonly #lingering: Lingering<Keys>;

  constructor(options: ServerSideOptions) {
    this.#options = options;
    this.#lingering = new Lingering(options.context.clock, (keys) => this.#forget(keys));
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
    this.#lingering.clear();
  }

  #acknowledge(ack: SipRequest, flow: Flow): void {
    const key = serverKey(ack, 'INVITE');
    const invite = this.#invites.get(key);
    if (invite) return invite.receiveAck(ack);
    const answer = answerKey(ack);
    const answered = this.#answered.get(answer);
    if (answered) return answered.receiveAckTo2xx(ack);
    // One that comes again after the first is nothing to tell of.
    if (!this.#live.has(key) && !this.#answered.has(answer)) this.#drop('stray-ack', ack, flow);
  }

  /** RFC 3261 §9.2: the CANCEL is a transaction of its own and gets its own answer. */
  #cancel(arrival: Arrival): void {
    const key = serverKey(arrival.request, 'INVITE');
    const known = this.#live.get(key);
    const transaction = this.#open(arrival);
    if (known === undefined) {
      transaction.reply(481);
      return;
    }
    transaction.reply(200, { toTag: known.localTag });
    this.#invites.get(key)?.receiveCancel(arrival.request);
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
    const merging = request.method === 'CANCEL' ? undefined : mergeKey(request);
    const invite = request.method === 'INVITE';
    const keys: Keys = { key, merging, answers: invite ? new Set() : undefined };
    const parts = {
      context: this.#options.context,
      request,
      flow,
      onGone: () => this.#forget(keys),
      onSettled: (rest: Rest) => this.#settle(keys, rest),
    };
    const transaction: LiveServerTransaction = invite
      ? this.#openInvite(parts, keys)
      : new ServerRequestTransaction(parts);
    this.#live.set(key, transaction);
    if (merging !== undefined && !this.#merging.has(merging)) this.#merging.set(merging, keys);
    this.#options.changed();
    return transaction;
  }

  #openInvite(parts: ServerTransactionParts, keys: Keys): ServerInviteTransaction {
    const invite: ServerInviteTransaction = new ServerInviteTransaction({
      ...parts,
      onAccepted: (response) => {
        const answer = answerKey(response);
        keys.answers?.add(answer);
        this.#answered.set(answer, invite);
      },
      onAcknowledged: (ack) => this.#options.onAck(ack, parts.flow),
    });
    this.#invites.set(keys.key, invite);
    return invite;
  }

  #settle(keys: Keys, rest: Rest): void {
    this.#live.set(keys.key, new Remembered(rest));
    this.#invites.delete(keys.key);
    for (const key of keys.answers ?? []) this.#answered.set(key, undefined);
    this.#lingering.keep(keys, rest.forMs);
  }

  #forget(keys: Keys): void {
    const { key, merging, answers } = keys;
    this.#live.delete(key);
    this.#invites.delete(key);
    for (const answer of answers ?? []) this.#answered.delete(answer);
    if (merging !== undefined && this.#merging.get(merging) === keys) this.#merging.delete(merging);
    this.#options.changed();
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
