import type { SipRequest, SipResponse } from '../message/message.ts';
import { serializeMessage } from '../message/serialize.ts';
import { ClientInviteTransaction } from './client-invite-transaction.ts';
import { addressed } from './client-requests.ts';
import {
  ClientRequestTransaction,
  type ClientTransactionParts,
  type LiveClientTransaction,
} from './client-transaction.ts';
import type { Flow, SendResult } from './flow.ts';
import { FlowPath } from './flow-path.ts';
import type { StackContext } from './stack-context.ts';
import { MAX_DATAGRAM_REQUEST_BYTES, StreamFirstRequest } from './stream-first.ts';
import { answerKey, clientKey } from './transaction-key.ts';
import type { ClientTransaction, RequestEvents } from './transaction-user.ts';
import { isOwnVia } from './via-rules.ts';

/** A 2xx to an INVITE of ours, and the ACK to send again when it comes again. */
interface Answer {
  ack: { readonly bytes: Uint8Array; readonly path: FlowPath } | undefined;
}

/** A request as it goes out by a flow. */
interface Prepared {
  readonly request: SipRequest;
  readonly bytes: Uint8Array;
  readonly flow: Flow;
}

const prepared = (request: SipRequest, flow: Flow): Prepared => ({
  request,
  bytes: serializeMessage(request),
  flow,
});

/** All requests of ours that are under way, and the ACKs to their 2xx. */
export class ClientSide {
  readonly #context: StackContext;
  readonly #live = new Map<string, LiveClientTransaction>();
  readonly #answers = new Map<string, Answer>();
  readonly #changed: () => void;

  constructor(context: StackContext, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
  }

  get size(): number {
    return this.#live.size;
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
    const bytes = serializeMessage(addressed(ack, { flow, random, product }));
    const path = new FlowPath(flow, successorOf);
    const answer = this.#answers.get(answerKey(ack));
    if (answer) answer.ack = { bytes, path };
    return path.send(bytes);
  }

  receive(response: SipResponse, flow: Flow): void {
    const transaction = this.#live.get(clientKey(response) ?? '');
    if (transaction === undefined) return this.#drop('stray-response', response, flow);
    if (!isOwnVia(response.vias, transaction.request.via)) {
      return this.#drop('foreign-via', response, flow);
    }
    transaction.receive(response);
  }

  close(): void {
    for (const transaction of [...this.#live.values()]) transaction.stop();
  }

  #prepare(request: SipRequest, flow: Flow): Prepared {
    const { random, product } = this.#context;
    return prepared(addressed(request, { flow, random, product }), flow);
  }

  #begin({ request, bytes, flow }: Prepared, events: RequestEvents): LiveClientTransaction {
    const key = clientKey(request) ?? '';
    const answers: string[] = [];
    const onGone = () => {
      if (this.#live.delete(key)) this.#changed();
      for (const answer of answers) this.#answers.delete(answer);
    };
    const parts = { context: this.#context, request, bytes, flow, events, onGone };
    const transaction =
      request.method === 'INVITE'
        ? this.#invite(parts, answers)
        : new ClientRequestTransaction(parts);
    this.#live.set(key, transaction);
    this.#changed();
    transaction.start();
    return transaction;
  }

  #invite(parts: ClientTransactionParts, answers: string[]): ClientInviteTransaction {
    return new ClientInviteTransaction({
      ...parts,
      sendCancel: (cancel, flow) => void this.#begin(prepared(cancel, flow), { onFinal: () => {} }),
      onAnswer: (response) => {
        const key = answerKey(response);
        answers.push(key);
        this.#answers.set(key, { ack: undefined });
      },
      onAnswerAgain: (response) => {
        const ack = this.#answers.get(answerKey(response))?.ack;
        ack?.path.send(ack.bytes);
      },
    });
  }

  #drop(why: 'stray-response' | 'foreign-via', response: SipResponse, flow: Flow): void {
    const summary = `${response.status} to ${response.cseq.method}`;
    this.#context.observer.dropped?.(why, { flowId: flow.id, summary });
  }
}
