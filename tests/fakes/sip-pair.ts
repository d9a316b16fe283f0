import { makeRequest } from '../../shared/sip/message/builders.ts';
import type { SipRequest } from '../../shared/sip/message/message.ts';
import { parseNameAddr, type NameAddr } from '../../shared/sip/message/name-addr.ts';
import type { TransportName } from '../../shared/sip/transaction/flow.ts';
import { Endpoint, type EndpointOptions } from '../../shared/sip/transaction/endpoint.ts';
import type {
  ClientOutcome,
  ClientTransaction,
  ServerTransaction,
} from '../../shared/sip/transaction/transaction-user.ts';
import type { SipResponse } from '../../shared/sip/message/message.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeNetwork, type FakeFlow, type FakeNetworkOptions } from './fake-network.ts';
import { FakeSipRandom, sipClockOf } from './fake-sip-ports.ts';

/** Two endpoints on one link in virtual time: `alice` asks, `bob` answers. */
export class SipPair {
  readonly clock = new FakeClock();
  readonly network: FakeNetwork;
  readonly alice: Endpoint;
  readonly bob: Endpoint;
  /** Alice's flow to Bob. */
  readonly out: FakeFlow;
  /** Bob's flow to Alice. */
  readonly back: FakeFlow;
  /** What Bob's transaction user got. */
  readonly received: ServerTransaction[] = [];
  readonly errors: unknown[] = [];

  constructor(
    transport: TransportName = 'udp',
    options: FakeNetworkOptions & { readonly bob?: Partial<EndpointOptions> } = {},
    alice: Partial<EndpointOptions> = {},
  ) {
    const clock = sipClockOf(this.clock);
    const observer = { callbackFailed: (error: unknown) => void this.errors.push(error) };
    this.network = new FakeNetwork(this.clock, options);
    this.alice = new Endpoint({ clock, random: new FakeSipRandom('a'), observer, ...alice });
    this.bob = new Endpoint({ clock, random: new FakeSipRandom('b'), observer, ...options.bob });
    this.bob.onRequest((transaction) => this.received.push(transaction));
    const link = this.network.link(this.alice, this.bob, transport);
    this.out = link.here;
    this.back = link.there;
  }

  /** Alice sends; what comes back is recorded. */
  ask(request: SipRequest): Asked {
    return new Asked(this, request);
  }

  /** The last request that Bob's transaction user got. */
  get last(): ServerTransaction {
    const transaction = this.received.at(-1);
    if (!transaction) throw new Error('nothing was received');
    return transaction;
  }
}

/** A request of Alice's with everything that came of it. */
export class Asked {
  readonly transaction: ClientTransaction;
  readonly provisional: SipResponse[] = [];
  readonly outcomes: ClientOutcome[] = [];
  readonly extra: SipResponse[] = [];

  constructor(pair: SipPair, request: SipRequest) {
    this.transaction = pair.alice.request(request, pair.out, {
      onProvisional: (response) => this.provisional.push(response),
      onFinal: (outcome) => this.outcomes.push(outcome),
      onExtraAnswer: (response) => this.extra.push(response),
    });
  }

  /** The outcome as text: a status or the kind of failure; undefined while there is none. */
  get result(): string | undefined {
    const [outcome] = this.outcomes;
    if (outcome?.kind === 'response') return String(outcome.response.status);
    return outcome?.kind;
  }
}

export interface SampleRequest {
  readonly method?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly toTag?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  /** Default text/plain. */
  readonly contentType?: string;
}

/** A request from Alice to Bob; an INVITE unless told otherwise. */
export function sampleRequest(options: SampleRequest = {}): SipRequest {
  const { method = 'INVITE', callId = 'call-1', cseq = 1, toTag, headers } = options;
  const { body, contentType = 'text/plain' } = options;
  return makeRequest({
    method,
    uri: address('<sip:bob@198.51.100.1>').uri,
    from: address('<sip:alice@192.0.2.1>;tag=alice'),
    to: address(`<sip:bob@198.51.100.1>${toTag === undefined ? '' : `;tag=${toTag}`}`),
    callId,
    cseq,
    contact: address('<sip:alice@192.0.2.1:5060>'),
    ...(headers && { headers }),
    ...(body !== undefined && { body, contentType }),
  });
}

export function address(text: string): NameAddr {
  const parsed = parseNameAddr(text);
  if (!parsed) throw new Error(`not an address: ${text}`);
  return parsed;
}
