import { makeResponse } from '../message/builders.ts';
import type { SipRequest } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { findRefusal, type AdmissionRules, type Refusal } from './admission.ts';
import type { Flow } from './flow.ts';
import type { FlowPath } from './flow-path.ts';
import type { DropReason } from './ports.ts';
import { Lingering } from './lingering.ts';
import { ServerInviteTransaction } from './server-invite-transaction.ts';
import {
  ServerRequestTransaction,
  type LiveServerTransaction,
  type Rest,
  type ServerTransactionParts,
} from './server-transaction.ts';
import type { StackContext } from './stack-context.ts';
import { saltedTags } from './stateless-tag.ts';
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

/** An answered request whose retransmissions get the same answer, if it had one. There are tens of thousands of them: it is all there is. */
class Remembered implements Known, Keys {
  readonly key: string;
  readonly merging: string | undefined;
  readonly answers: Set<string> | undefined;
  readonly localTag: string;
  readonly #bytes: Uint8Array | undefined;
  readonly #path: FlowPath;

  constructor(keys: Keys, { localTag, answer, path }: Rest) {
    this.key = keys.key;
    this.merging = keys.merging;
    this.answers = keys.answers;
    this.localTag = localTag;
    this.#bytes = answer;
    this.#path = path;
  }

  receiveAgain(): void {
    if (this.#bytes !== undefined) this.#path.send(this.#bytes);
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
  readonly #statelessTag: (key: string) => string;

  constructor(options: ServerSideOptions) {
    this.#options = options;
    this.#statelessTag = saltedTags(options.context.random);
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
    if (!this.#hasRoom()) return this.#turnAway(arrival);
    if (request.method === 'CANCEL') return this.#cancel(arrival);
    this.#admit(arrival);
  }

  close(): void {
    for (const transaction of [...this.#live.values()]) transaction.stop();
    this.#lingering.clear();
  }

  /** What is answered already makes room for what is new: a retransmission of it is rare, and then handled anew. */
  #hasRoom(): boolean {
    return this.#live.size < this.#options.maxTransactions || this.#lingering.forgetFirst();
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
    this.#openRequest(arrival, undefined, (transaction) => {
      if (known === undefined) transaction.reply(481);
      else transaction.reply(200, { toTag: known.localTag });
    });
    this.#invites.get(key)?.receiveCancel(arrival.request);
  }

  #admit(arrival: Arrival): void {
    const merging = mergeKey(arrival.request);
    const refusal = this.#findRefusal(arrival.request, merging);
    const serve = (transaction: ServerTransaction): void => {
      if (refusal) transaction.reply(refusal.status, refusal.options);
      else this.#options.onRequest(transaction);
    };
    if (arrival.request.method === 'INVITE') serve(this.#openInvite(arrival, merging));
    else this.#openRequest(arrival, merging, serve);
  }

  #findRefusal(request: SipRequest, merging: string | undefined): Refusal | undefined {
    if (merging !== undefined && this.#merging.has(merging)) {
      return { status: 482, options: { reason: 'Merged Request' } };
    }
    return findRefusal(request, this.#options.rules);
  }

  /** A request that is answered while `serve` runs never gets among those that are under way. */
  #openRequest(
    arrival: Arrival,
    merging: string | undefined,
    serve: (transaction: ServerTransaction) => void,
  ): void {
    const keys: Keys = { key: arrival.key, merging, answers: undefined };
    const transaction = new ServerRequestTransaction(this.#partsOf(arrival, keys));
    serve(transaction);
    if (transaction.over) return;
    this.#enter(keys, transaction);
    transaction.begin();
  }

  #openInvite(arrival: Arrival, merging: string | undefined): ServerInviteTransaction {
    const keys: Keys = { key: arrival.key, merging, answers: new Set() };
    const invite: ServerInviteTransaction = new ServerInviteTransaction({
      ...this.#partsOf(arrival, keys),
      onAccepted: (response) => {
        const answer = answerKey(response);
        keys.answers?.add(answer);
        this.#answered.set(answer, invite);
      },
      onAcknowledged: (ack) => this.#options.onAck(ack, arrival.flow),
    });
    this.#invites.set(keys.key, invite);
    this.#enter(keys, invite);
    return invite;
  }

  #partsOf({ request, flow, key }: Arrival, keys: Keys): ServerTransactionParts {
    return {
      context: this.#options.context,
      request,
      flow,
      statelessTag: () => this.#statelessTag(key),
      onGone: () => this.#forget(keys),
      onSettled: (rest: Rest) => this.#settle(keys, rest),
    };
  }

  #enter(keys: Keys, known: Known): void {
    const { key, merging } = keys;
    this.#live.set(key, known);
    if (merging !== undefined && !this.#merging.has(merging)) this.#merging.set(merging, keys);
    this.#options.changed();
  }

  #settle(keys: Keys, rest: Rest): void {
    if (rest.forMs <= 0) return this.#forget(keys);
    const remembered = new Remembered(keys, rest);
    if (keys.merging !== undefined && this.#merging.get(keys.merging) === keys) {
      this.#merging.set(keys.merging, remembered);
    }
    this.#enter(remembered, remembered);
    if (keys.answers !== undefined) this.#settleInvite(keys.key, keys.answers);
    this.#lingering.keep(remembered, rest.forMs);
  }

  #settleInvite(key: string, answers: ReadonlySet<string>): void {
    this.#invites.delete(key);
    for (const answer of answers) this.#answered.set(answer, undefined);
  }

  #forget(keys: Keys): void {
    const { key, merging, answers } = keys;
    this.#live.delete(key);
    if (answers !== undefined) {
      this.#invites.delete(key);
      for (const answer of answers) this.#answered.delete(answer);
    }
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
