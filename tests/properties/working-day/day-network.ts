import type { Clock } from '../../../shared/domain/clock.ts';
import type { Disposable } from '../../../shared/domain/disposable.ts';
import { UNDER_WAY_MS, type Connection, type DayOffice, type Watcher } from './day-office.ts';

type Run = (...values: unknown[]) => void;

/** A connection that nobody answers is given up after this, ms: as `signalling-socket.ts` does. */
const CONNECT_LIMIT_MS = 6_000;
/** Between two tries to connect, ms: as `jssip-configuration.ts` has it. */
const RETRY_MS = 2_000;
/** A subscription is refreshed well before its end, ms. */
const REFRESH_MS = 400_000;
/** A request without an answer, ms (RFC 3261 timer F). */
const UNANSWERED_MS = 32_000;

/**
 * What the phone's line uses of JsSIP and its socket, over the network of the day: it connects, registers, subscribes, asks and
 * waits; nothing arrives over a connection that is dead, and neither end is told so.
 */
export class DayNetwork {
  readonly url = 'wss://pbx.test/';
  readonly transport = { connect: () => this.connect() };
  readonly #clock: Clock;
  readonly #phoneClock: Clock;
  readonly #office: DayOffice;
  readonly #listeners = new Map<string, Run>();
  #connection: Connection | null = null;
  #connectingSince: number | null = null;
  #again: Disposable | null = null;
  #limit: Disposable | null = null;
  heardAt = 0;

  /** @param phoneClock for what JsSIP times in the phone, `clock` for the way there and back */
  constructor(office: DayOffice, clock: Clock, phoneClock: Clock) {
    this.#clock = clock;
    this.#phoneClock = phoneClock;
    this.#office = office;
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  get connectingForMs(): number {
    return this.#connectingSince === null ? 0 : this.#clock.now() - this.#connectingSince;
  }

  on(type: string, run: Run): void {
    this.#listeners.set(type, run);
  }

  isConnected(): boolean {
    return this.#connection !== null;
  }

  isConnecting(): boolean {
    return this.#connectingSince !== null;
  }

  connect(): void {
    if (this.#connection !== null || this.#connectingSince !== null) return;
    this.#again?.dispose();
    this.#connectingSince = this.#clock.now();
    this.#emit('connecting');
    const reach = this.#office.reach;
    this.#limit = this.#clock.after(reach === 'away' ? CONNECT_LIMIT_MS : UNDER_WAY_MS, () => {
      if (reach === 'there' && this.#office.reach === 'there') this.#connected();
      else this.#disconnected();
    });
  }

  /** The phone itself gives a connection up. */
  drop(_why: string): void {
    if (this.#connection !== null) this.#connection.state = 'closed';
    this.#disconnected();
  }

  /** The network or the server closes it, and the phone is told. */
  cut(): void {
    if (this.#connection === null) return;
    this.#connection.state = 'closed';
    this.#office.forget(this.#connection);
    this.#disconnected();
  }

  /** Nothing passes any more, and nobody is told. */
  die(): void {
    if (this.#connection === null) return;
    this.#connection.state = 'dead';
    this.#office.forget(this.#connection);
  }

  register(): void {
    this.ask(() => this.#emit('registered', { response: null }));
  }

  stop(): void {
    this.#again?.dispose();
    this.#limit?.dispose();
    this.#connection = null;
  }

  sendOptions(): void {
    this.ask(() => undefined);
  }

  subscribe(): DaySubscriber {
    return new DaySubscriber(this, this.#office, this.#phoneClock);
  }

  /** One way to the server and back: what `answer` says comes only if the connection still carries it. */
  ask(answer: () => void, there: () => void = () => undefined): void {
    const over = this.#connection;
    this.#clock.after(UNDER_WAY_MS, () => {
      if (over?.state !== 'alive' || this.#office.reach !== 'there') return;
      there();
      this.deliver(over, answer);
    });
  }

  deliver(over: Connection, run: () => void): void {
    this.#clock.after(UNDER_WAY_MS, () => {
      if (over.state !== 'alive' || over !== this.#connection) return;
      this.heardAt = this.#clock.now();
      run();
    });
  }

  #connected(): void {
    this.#connectingSince = null;
    this.#connection = { state: 'alive' };
    this.heardAt = this.#clock.now();
    this.#emit('connected');
    this.register();
  }

  #disconnected(): void {
    this.#connection = null;
    this.#connectingSince = null;
    this.#limit?.dispose();
    this.#emit('disconnected');
    this.#again?.dispose();
    this.#again = this.#clock.after(RETRY_MS, () => this.connect());
  }

  #emit(type: string, ...values: unknown[]): void {
    this.#listeners.get(type)?.(...values);
  }
}

/** What `park-subscription.ts` uses of JsSIP's Subscriber: it refreshes itself until it is ended. */
export class DaySubscriber {
  id: object | null = null;
  readonly #network: DayNetwork;
  readonly #office: DayOffice;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Run>();
  #watcher: Watcher | null = null;
  #timer: Disposable | null = null;
  #over = false;

  constructor(network: DayNetwork, office: DayOffice, clock: Clock) {
    this.#network = network;
    this.#office = office;
    this.#clock = clock;
  }

  on(type: string, run: Run): void {
    this.#listeners.set(type, run);
  }

  subscribe(): void {
    const { connection } = this.#network;
    if (connection === null) return this._terminateDialog();
    const watcher: Watcher = {
      connection,
      hear: (body) =>
        this.#network.deliver(connection, () => this.#emit('notify', false, {}, body)),
    };
    this.#timer = this.#clock.after(UNANSWERED_MS, () => this._terminateDialog());
    this.#network.ask(
      () => this.#accepted(),
      () => {
        // The answer leaves before the first NOTIFY does.
        this.#watcher = watcher;
        queueMicrotask(() => this.#office.watch(watcher));
      },
    );
  }

  terminate(): void {
    const watcher = this.#watcher;
    this.#end();
    if (watcher === null) return;
    this.#network.ask(
      () => undefined,
      () => this.#office.unwatch(watcher),
    );
  }

  /** JsSIP's own way of ending one without a word. */
  _terminateDialog(): void {
    if (this.#over) return;
    this.#end();
    this.#emit('terminated', 0, undefined, undefined);
  }

  #accepted(): void {
    this.id = {};
    if (this.#over) return this.terminate();
    this.#emit('accepted');
    this.#refreshLater();
  }

  #refreshLater(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(REFRESH_MS, () => {
      const watcher = this.#watcher;
      if (watcher === null) return;
      this.#timer = this.#clock.after(UNANSWERED_MS, () => this._terminateDialog());
      let known = false;
      this.#network.ask(
        () => (known ? this.#refreshLater() : this._terminateDialog()),
        () => (known = this.#office.refresh(watcher)),
      );
    });
  }

  #end(): void {
    this.#over = true;
    this.#timer?.dispose();
  }

  #emit(type: string, ...values: unknown[]): void {
    this.#listeners.get(type)?.(...values);
  }
}
