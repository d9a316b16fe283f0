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
  type TransactionOwner,
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

/** Where a request goes that came again. */
type Known = Pick<LiveServerTransaction, 'localTag' | 'receiveAgain' | 'stop'>;

/** What the messages of one transaction are found by, as long as any may come. */
interface Keys {
  readonly key: string;
  readonly merging: string | undefined;
  /** INVITE: of its 2xx. */
  readonly answers: Set<string> | undefined;
}

/** What an arrival asks for when its transaction is over. */
interface Ends {
  statelessTag(key: string): string;
  forget(keys: Keys): void;
  settle(arrival: Arrival, rest: Rest): void;
}

/** A new request on its way to become a transaction, which it then belongs to. */
class Arrival implements Keys, TransactionOwner {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly key: string;
  merging: string | undefined = undefined;
  answers: Set<string> | undefined = undefined;
  /** It is among those under way. One that is answered at once never is. */
  entered = false;
  readonly #ends: Ends;

  constructor(request: SipRequest, flow: Flow, { key, ends }: { key: string; ends: Ends }) {
    this.request = request;
    this.flow = flow;
    this.key = key;
    this.#ends = ends;
  }

  statelessTag(): string {
    return this.#ends.statelessTag(this.key);
  }

  gone(): void {
    if (this.entered) this.#ends.forget(this);
  }

  settled(rest: Rest): void {
    this.#ends.settle(this, rest);
  }
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

const MERGED: Refusal = { status: 482, options: { reason: 'Merged Request' } };

/** All requests that came in and are not over yet: matching, CANCEL, ACK, and the first checks on what is new. */
export class ServerSide {
  readonly #options: ServerSideOptions;
  readonly #live = new Map<string, Known>();
  /** INVITE transactions only, by the same keys. */
  readonly #invites = new Map<string, ServerInviteTransaction>();
  /** INVITEs answered with 2xx, by dialog and CSeq; undefined once they are acknowledged. */
  readonly #answered = new Map<string, ServerInviteTransaction | undefined>();
  /** Requests outside dialogs, to notice the same one arriving by two paths. */
  readonly #merging = new Set<string>();
  readonly #lingering: Lingering<Keys>;
  readonly #ends: Ends;

  constructor(options: ServerSideOptions) {
    this.#options = options;
    this.#ends = {
      statelessTag: saltedTags(options.context.random),
      forget: (keys) => this.#forget(keys),
      settle: (arrival, rest) => this.#settle(arrival, rest),
    };
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
    if (!this.#hasRoom()) return this.#turnAway(request, flow);
    const arrival = new Arrival(request, flow, { key, ends: this.#ends });
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
    const transaction = new ServerRequestTransaction(this.#partsOf(arrival));
    if (known === undefined) transaction.reply(481);
    else transaction.reply(200, { toTag: known.localTag });
    this.#begin(arrival, transaction);
    this.#invites.get(key)?.receiveCancel(arrival.request);
  }

  #admit(arrival: Arrival): void {
    const refusal = this.#claim(arrival) ?? findRefusal(arrival.request, this.#options.rules);
    if (arrival.request.method === 'INVITE') {
      return this.#serve(this.#openInvite(arrival), refusal);
    }
    const transaction = new ServerRequestTransaction(this.#partsOf(arrival));
    this.#serve(transaction, refusal);
    this.#begin(arrival, transaction);
  }

  /** Only the first of several that came by different paths is served, and stands for all of them. */
  #claim(arrival: Arrival): Refusal | undefined {
    const merging = mergeKey(arrival.request);
    if (merging !== undefined && this.#merging.has(merging)) return MERGED;
    arrival.merging = merging;
    return undefined;
  }

  #serve(transaction: ServerTransaction, refusal: Refusal | undefined): void {
    if (refusal) transaction.reply(refusal.status, refusal.options);
    else this.#options.onRequest(transaction);
  }

  /** A request that was answered at once never gets among those that are under way. */
  #begin(arrival: Arrival, transaction: ServerRequestTransaction): void {
    if (transaction.over) return;
    this.#enter(arrival, transaction);
    transaction.begin();
  }

  #openInvite(arrival: Arrival): ServerInviteTransaction {
    const answers = new Set<string>();
    arrival.answers = answers;
    const invite: ServerInviteTransaction = new ServerInviteTransaction({
      ...this.#partsOf(arrival),
      onAccepted: (response) => {
        const answer = answerKey(response);
        answers.add(answer);
        this.#answered.set(answer, invite);
      },
      onAcknowledged: (ack) => this.#options.onAck(ack, arrival.flow),
    });
    this.#invites.set(arrival.key, invite);
    this.#enter(arrival, invite);
    return invite;
  }

  #partsOf(arrival: Arrival): ServerTransactionParts {
    const { request, flow } = arrival;
    return { context: this.#options.context, request, flow, owner: arrival };
  }

  #enter(arrival: Arrival, known: Known): void {
    arrival.entered = true;
    this.#live.set(arrival.key, known);
    if (arrival.merging !== undefined) this.#merging.add(arrival.merging);
    this.#options.changed();
  }

  #settle(arrival: Arrival, rest: Rest): void {
    const remembered = new Remembered(arrival, rest);
    if (arrival.entered) this.#live.set(arrival.key, remembered);
    else this.#enter(arrival, remembered);
    if (arrival.answers !== undefined) this.#settleInvite(arrival.key, arrival.answers);
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
    if (merging !== undefined) this.#merging.delete(merging);
    this.#options.changed();
  }

  /** Too many at once: one stateless answer, so that being overloaded costs nothing more. */
  #turnAway(request: SipRequest, flow: Flow): void {
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
