import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { branchOf } from '../message/via.ts';
import { ClientInviteTransaction } from './client-invite-transaction.ts';
import { addressed } from './client-requests.ts';
import { ClientRequestTransaction } from './client-request-transaction.ts';
import type {
  AnswerTaker,
  ClientTransactionParts,
  LiveClientTransaction,
} from './client-transaction.ts';
import type { Flow, SendResult, SocketAddress } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import { Lingering } from './lingering.ts';
import type { StackContext } from './stack-context.ts';
import { MAX_DATAGRAM_REQUEST_BYTES, StreamFirstRequest } from './stream-first.ts';
import { answerKey, branchKey, clientKey } from './transaction-key.ts';
import type { ClientTransaction, RequestEvents } from './transaction-user.ts';
import { isOwnVia, newBranch } from './via-rules.ts';

/** A 2xx to an INVITE of ours, and the ACK to send again when it comes again. */
interface Answer {
  ack: { readonly bytes: Uint8Array; readonly path: FlowPath } | undefined;
}

/** A request as it goes out by a flow. */
interface Prepared {
  readonly request: SipRequest;
  readonly bytes: Uint8Array;
  readonly flow: Flow;
  /** Where its Via says that it comes from. */
  readonly from: SocketAddress;
  /** Its answers have it, too. */
  readonly key: string;
}

/** What the messages about one request are found by, as long as any may come. */
interface Keys {
  readonly key: string;
  /** Of its 2xx, if it is an INVITE. */
  readonly answers: string[] | undefined;
}

/** Who takes the answers to a request that went out from that address. */
interface Waiting {
  readonly from: SocketAddress;
  readonly taker: AnswerTaker;
}

const prepared = (request: SipRequest, flow: Flow, branch: string): Prepared => ({
  request,
  bytes: serializeMessage(request),
  flow,
  from: flow.local,
  key: branchKey(branch, request.method),
});

/** All requests of ours that are under way, and the ACKs to their 2xx. */
export class ClientSide {
  readonly #context: StackContext;
  readonly #waiting = new Map<string, Waiting>();
  readonly #answers = new Map<string, Answer>();
  readonly #lingering: Lingering<Keys>;
  readonly #changed: () => void;

  constructor(context: StackContext, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
    this.#lingering = new Lingering(context.clock, (keys) => this.#forget(keys));
  }

  get size(): number {
    return this.#waiting.size;
  }

  request(request: SipRequest, flow: Flow, events: RequestEvents): ClientTransaction {
    const first = this.#prepare(request, flow);
    const tooLarge = !flow.reliable && first.bytes.length > MAX_DATAGRAM_REQUEST_BYTES;
    const stream = tooLarge ? this.#context.streamFor(flow) : undefined;
    if (stream === undefined || stream.closed) return this.#begin(first, events);
    const begin = (path: Flow, told: RequestEvents) =>
      this.#begin(path === flow ? first : this.#prepare(request, path), told);
    return new StreamFirstRequest({ stream, datagram: flow, events, begin });
  }

  sendAck(ack: SipRequest, flow: Flow): SendResult {
    const { random, product, successorOf } = this.#context;
    const bytes = serializeMessage(addressed(ack, { flow, branch: newBranch(random), product }));
    const path = new FlowPath(flow, successorOf);
    const answer = this.#answers.get(answerKey(ack));
    if (answer) answer.ack = { bytes, path };
    return path.send(bytes);
  }

  receive(response: SipResponse, flow: Flow): void {
    const waiting = this.#waiting.get(clientKey(response) ?? '');
    if (waiting === undefined) return this.#drop('stray-response', response, flow);
    if (!isOwnVia(response.vias, waiting.from)) return this.#drop('foreign-via', response, flow);
    waiting.taker.receive(response);
  }

  close(): void {
    for (const { taker } of [...this.#waiting.values()]) taker.stop();
    this.#lingering.clear();
  }

  #prepare(request: SipRequest, flow: Flow): Prepared {
    const { random, product } = this.#context;
    const branch = newBranch(random);
    return prepared(addressed(request, { flow, branch, product }), flow, branch);
  }

  #begin(what: Prepared, events: RequestEvents): LiveClientTransaction {
    const { request, bytes, flow, from, key } = what;
    const invite = request.method === 'INVITE';
    const keys: Keys = { key, answers: invite ? [] : undefined };
    const parts: ClientTransactionParts = {
      context: this.#context,
      request,
      bytes,
      flow,
      events,
      onGone: () => this.#forget(keys),
      onSettled: ({ late, forMs }) => {
        this.#waiting.set(key, { from, taker: late });
        this.#lingering.keep(keys, forMs);
      },
    };
    const transaction = invite ? this.#invite(parts, keys) : new ClientRequestTransaction(parts);
    this.#waiting.set(key, { from, taker: transaction });
    this.#changed();
    transaction.start();
    return transaction;
  }

  #invite(parts: ClientTransactionParts, { answers }: Keys): ClientInviteTransaction {
    return new ClientInviteTransaction({
      ...parts,
      sendCancel: (cancel, flow) => {
        const { local: from } = parts.flow;
        // It has the Via of its INVITE, by whatever flow it goes (RFC 3261 §9.1).
        const out = { ...prepared(cancel, flow, branchOf(cancel.via) ?? ''), from };
        this.#begin(out, { onFinal: () => undefined });
      },
      answers: {
        onAnswer: (response) => {
          const key = answerKey(response);
          answers?.push(key);
          this.#answers.set(key, { ack: undefined });
        },
        onAnswerAgain: (response) => {
          const ack = this.#answers.get(answerKey(response))?.ack;
          ack?.path.send(ack.bytes);
        },
      },
    });
  }

  #forget({ key, answers }: Keys): void {
    if (this.#waiting.delete(key)) this.#changed();
    for (const answer of answers ?? []) this.#answers.delete(answer);
  }

  #drop(why: 'stray-response' | 'foreign-via', response: SipResponse, flow: Flow): void {
    const summary = `${response.status} to ${response.cseq.method}`;
    this.#context.observer.dropped?.(why, { flowId: flow.id, summary });
  }
}
