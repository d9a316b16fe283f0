import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DropReason } from '../sip/transaction/ports.ts';
import type { AuthCounter } from './auth/sip-authenticator.ts';
import type { BlockReason } from './defence/audit.ts';
import type { CallMetrics } from './calls/call-metrics.ts';

/** What a server has done since it started: numbers that only grow. */
export interface ServerActivity {
  /** SIP transactions of either side that began. */
  readonly transactions: number;
  /** Calls that began, ended, were parked, retrieved or recalled. */
  readonly callEvents: number;
}

/** Values that are read when Prometheus asks. */
export interface MetricSources {
  readonly registrations: () => number;
  readonly reachableRegistrations: () => number;
  readonly dialogs: () => number;
  /** Open media legs by kind. */
  readonly legs: () => Readonly<Record<string, number>>;
  /** Connections, and for datagrams peers heard of lately, by transport. */
  readonly flows: () => Readonly<Record<string, number>>;
}

/**
 * How often the event loop's lag is looked at, ms. The default, 10, wakes an idle server a hundred times a second; and its mean, extremes
 * and percentiles are never told smaller than this, so that it has to be no more than a gap in the music may be.
 */
const LOOP_PRECISION_MS = 40;

/** Everything the server counts, in Prometheus' text form. One registry per server: nothing is shared in the process. */
export class Metrics {
  readonly #registry = new Registry();
  #transactions = 0;
  #transactionsBegun = 0;
  #callEvents = 0;
  readonly countAuthentication: AuthCounter;
  readonly countBlock: (reason: BlockReason) => void;
  readonly countRefusal: (reason: BlockReason) => void;
  readonly dropped: (reason: DropReason) => void;
  /** What call control counts. */
  readonly calls: CallMetrics;

  constructor(sources: MetricSources) {
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: LOOP_PRECISION_MS,
    });
    this.countAuthentication = this.#countsOf(
      'parkline_authentications_total',
      'SIP requests by how their sender was proven',
      'outcome',
    );
    this.dropped = this.#countsOf(
      'parkline_sip_dropped_total',
      'SIP messages dropped on purpose',
      'reason',
    );
    this.countBlock = this.#countsOf(
      'parkline_blocks_total',
      'Times that somebody began to be turned away',
      'reason',
    );
    this.countRefusal = this.#countsOf(
      'parkline_refusals_total',
      'Requests refused or ignored, and answers held back, in defence',
      'reason',
    );
    this.#gaugeOf(
      'parkline_sip_transactions',
      'SIP transactions under way',
      () => this.#transactions,
    );
    this.#gaugeOf('parkline_registrations', 'Live registrations', sources.registrations);
    this.#gaugeOf(
      'parkline_registrations_reachable',
      'Live registrations that can be reached now',
      sources.reachableRegistrations,
    );
    this.#gaugeOf('parkline_dialogs', 'SIP dialogs of calls and subscriptions', sources.dialogs);
    this.#gaugesOf('parkline_legs', 'Open media legs', { label: 'kind', read: sources.legs });
    this.#gaugesOf('parkline_flows', 'Connections, and UDP peers heard of lately', {
      label: 'transport',
      read: sources.flows,
    });
    this.calls = callMetrics(this.#registry, () => (this.#callEvents += 1));
  }

  /** Told at every change. */
  transactions(live: number): void {
    this.#transactionsBegun += Math.max(0, live - this.#transactions);
    this.#transactions = live;
  }

  get activity(): ServerActivity {
    return { transactions: this.#transactionsBegun, callEvents: this.#callEvents };
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** A counter by label that costs next to nothing until Prometheus asks: some of these count every message. */
  #countsOf(name: string, help: string, label: string): (value: string) => void {
    const counts = new Map<string, number>();
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, count] of counts) this.inc({ [label]: value }, count);
      },
    });
    return (value) => void counts.set(value, (counts.get(value) ?? 0) + 1);
  }

  #gaugesOf(
    name: string,
    help: string,
    { label, read }: { label: string; read: () => Readonly<Record<string, number>> },
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
      },
    });
  }

  #gaugeOf(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}

function callMetrics(registry: Registry, happened: () => void): CallMetrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const calls = counter('parkline_calls_total', 'Calls that ended', ['how']);
  const active = gauge('parkline_calls', 'Calls under way');
  const parks = counter('parkline_parks_total', 'Parks by final status', ['by', 'status']);
  const retrieves = counter('parkline_retrieves_total', 'Retrieves by final status', ['status']);
  const retrieveSeconds = new Histogram({
    name: 'parkline_retrieve_seconds',
    help: 'From the INVITE of a retrieve to the bridge',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const recalls = counter('parkline_recalls_total', 'Recalls by outcome', ['outcome']);
  const parked = gauge('parkline_parked_calls', 'Calls that are parked now');
  const subscriptions = gauge('parkline_subscriptions', 'Live subscriptions');
  return {
    callStarted: () => {
      happened();
      active.inc();
    },
    callEnded: (how) => {
      happened();
      active.dec();
      calls.inc({ how });
    },
    park: (by, status) => {
      happened();
      parks.inc({ by, status: String(status) });
    },
    retrieve: (status, ms) => {
      happened();
      retrieves.inc({ status: String(status) });
      if (status === 200) retrieveSeconds.observe(ms / 1000);
    },
    recall: (outcome) => {
      happened();
      recalls.inc({ outcome });
    },
    parkedNow: (count) => parked.set(count),
    subscriptionsNow: (count) => subscriptions.set(count),
  };
}
