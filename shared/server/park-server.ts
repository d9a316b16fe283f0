import { randomBytes } from 'node:crypto';
import { formatListenAddress, type ListenAddress } from '../config/listen-address.ts';
import { mediaAddressesOf } from '../config/media-config.ts';
import { ok, type Result } from '../domain/result.ts';
import { Endpoint } from '../sip/transaction/endpoint.ts';
import type { Flow, MessageReceiver } from '../sip/transaction/flow.ts';
import type { StackObserver } from '../sip/transaction/ports.ts';
import type { ServerTransaction } from '../sip/transaction/transaction-user.ts';
import { systemSipClock, systemSipRandom } from '../sip/transport/system-ports.ts';
import { attachWs } from '../sip/transport/ws.ts';
import { answerOptions } from './answer-options.ts';
import { DigestVerifier } from './auth/digest-verifier.ts';
import { SipAuthenticator } from './auth/sip-authenticator.ts';
import { Defence } from './defence/defence.ts';
import type { Foundation } from './foundation.ts';
import { Housekeeping } from './housekeeping.ts';
import { HttpSide } from './http-side.ts';
import { HTTP_WEBSOCKET_PATH } from './http/discovery.ts';
import { Metrics, type ServerActivity } from './metrics.ts';
import type { ParkServerParts } from './park-server-parts.ts';
import type { CallControl } from './ports/call-control.ts';
import { SipRegistrar } from './registrar/sip-registrar.ts';
import { SipDoors } from './sip-doors.ts';
import type { StartRefusal } from './start-refusal.ts';
import { stackObserver } from './stack-observer.ts';
import { patientJournal, patientParkedCalls } from './store/patient-writes.ts';
import { wireCallControl } from './wire-call-control.ts';

/** Option tags that a Require header may name (RFC 3261 §8.2.2.3). */
const SUPPORTED_TAGS = ['path', 'outbound', 'replaces', 'timer', 'norefersub'];

/** One server: everything wired, from sockets to the database. */
export class ParkServer {
  readonly #parts: ParkServerParts;
  readonly #housekeeping: Housekeeping;
  readonly #metrics: Metrics;
  readonly #observer: StackObserver;
  readonly #endpoint: Endpoint;
  readonly #defence: Defence;
  readonly #receiver: MessageReceiver;
  readonly #doors: SipDoors;
  readonly #registrar: SipRegistrar;
  readonly #calls: CallControl;
  readonly #verifier: DigestVerifier;
  readonly #http: HttpSide;
  #phase: 'starting' | 'ready' | 'stopping' = 'starting';
  #closing: Promise<void> | undefined;

  constructor(parts: ParkServerParts) {
    this.#parts = parts;
    const { clock } = parts;
    const { directory, store } = parts.foundation;
    this.#housekeeping = new Housekeeping(parts);
    this.#metrics = new Metrics({
      registrations: () => this.#registrar.size,
      reachableRegistrations: () => this.#registrar.all().filter(({ flow }) => flow).length,
      dialogs: () => this.#calls.dialogs,
      legs: () => parts.media.legCounts(),
      flows: () => this.#doors.flowCounts(),
    });
    this.#observer = stackObserver(this.#metrics, parts.loggers);
    this.#endpoint = this.#makeEndpoint();
    const { countBlock, countRefusal } = this.#metrics;
    this.#defence = new Defence({
      config: parts.config,
      clock,
      log: parts.loggers('defence'),
      countBlock,
      countRefusal,
      isRegistered: (flow) => this.#registrar.isBound(flow),
    });
    this.#receiver = this.#defence.receiver(this.#endpoint);
    this.#doors = new SipDoors({
      receiver: this.#receiver,
      guard: this.#defence.gatekeeper,
      clientAddress: this.#defence.clientAddress,
      observer: this.#observer,
      addresses: mediaAddressesOf(parts.config),
      certificates: parts.certificates,
      connectionLimits: {
        messagesPerSecond: parts.config.limits.connectionMessagesPerSecond,
        ...parts.times?.connections,
      },
      pingEveryMs: parts.times?.pingEveryMs,
    });
    const { attempts, capacity } = this.#defence;
    const keys = { accounts: directory, nonceKey: store.secret('nonce') };
    this.#verifier = new DigestVerifier({ directory, ...keys, attempts, clock });
    const authenticator = this.#makeAuthenticator();
    this.#registrar = this.#makeRegistrar(authenticator);
    this.#calls = wireCallControl({
      endpoint: this.#endpoint,
      media: parts.media,
      directory,
      registrar: this.#registrar,
      authenticator,
      journal: patientJournal(store.journal, store.patientWrites),
      parkedCalls: patientParkedCalls(store.parkedCalls, store.patientWrites),
      clock,
      metrics: this.#metrics.calls,
      admission: capacity,
      doNotDisturb: (userId) => this.#http.isOnDoNotDisturb(userId),
      forwardingOf: (userId) => store.forwarding.of(userId),
      loggers: parts.loggers,
      times: parts.times?.calls,
    });
    this.#http = this.#makeHttp();
  }

  /** SIP listeners as they really are: port 0 is resolved. Last comes the WebSocket on the HTTP port, if there is one. */
  get listeners(): readonly ListenAddress[] {
    return this.#doors.addresses;
  }

  /** Origin of the HTTP listener, without a slash at its end; undefined when none was configured. */
  get httpUrl(): string | undefined {
    return this.#http.url;
  }

  /** Where the first admin is made; undefined once there is one. */
  get setupUrl(): string | undefined {
    return this.#http.setupUrl;
  }

  /** Changes groups and settings while the server runs. */
  get groups(): Foundation['groups'] {
    return this.#parts.foundation.groups;
  }

  /** Changes who exists while the server runs. */
  get provisioning(): Foundation['provisioning'] {
    return this.#parts.foundation.provisioning;
  }

  get directory(): Foundation['directory'] {
    return this.#parts.foundation.directory;
  }

  get journal(): Foundation['store']['journal'] {
    return this.#parts.foundation.store.journal;
  }

  get registrar(): SipRegistrar {
    return this.#registrar;
  }

  get calls(): CallControl {
    return this.#calls;
  }

  get activity(): ServerActivity {
    return this.#metrics.activity;
  }

  /** Gives back what is kept only so that it need not be made or read again. Costs a millisecond or so. */
  releaseMemory(): void {
    this.#parts.foundation.store.database.releaseMemory();
  }

  /**
   * Opens all doors; on a refusal everything is closed again.
   * @param beforeReady last thing before the server says that it is ready
   */
  async start(beforeReady: () => void = () => undefined): Promise<Result<null, StartRefusal>> {
    this.#housekeeping.begin();
    this.#endpoint.onRequest((tx) => this.#dispatch(tx));
    const opened = await this.#openDoors();
    if (!opened.ok) {
      await this.close({ graceMs: 0 });
      return opened;
    }
    beforeReady();
    this.#phase = 'ready';
    const listen = this.listeners.map(formatListenAddress);
    this.#parts.loggers('server').info({ listen, http: this.httpUrl }, 'ready');
    return ok(null);
  }

  /**
   * Graceful stop: not ready any more, calls may end by themselves for a while, then everything closes. Asked again, the shorter time counts.
   * @param graceMs how long calls may go on; default the configured time
   */
  close({ graceMs = this.#parts.config.graceMs }: { graceMs?: number } = {}): Promise<void> {
    if (this.#closing !== undefined) void this.#calls.close({ graceMs });
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    this.#phase = 'stopping';
    const log = this.#parts.loggers('server');
    log.info({ calls: this.#calls.activeCalls, graceMs }, 'stopping');
    await this.#calls.close({ graceMs });
    this.#housekeeping.dispose();
    await this.#http.closeControl();
    this.#endpoint.close();
    this.#registrar.dispose();
    this.#verifier.dispose();
    await this.#doors.close();
    await this.#http.close();
    this.#parts.certificates?.dispose();
    await this.#parts.media.close();
    this.#parts.foundation.dispose();
    log.info({}, 'stopped');
  }

  /** Who gets a new request: everything but REGISTER and a bare OPTIONS is call control's. */
  #dispatch(tx: ServerTransaction): void {
    const { method, toTag } = tx.request;
    if (this.#defence.turnsAway(tx)) return;
    if (method === 'REGISTER') this.#registrar.handle(tx);
    else if (method === 'OPTIONS' && toTag === undefined) answerOptions(tx);
    else this.#calls.handleRequest(tx);
  }

  async #openDoors(): Promise<Result<null, StartRefusal>> {
    for (const listen of this.#parts.config.listen) {
      const opened = await this.#doors.open(listen);
      if (!opened.ok) return opened;
    }
    this.#registrar.restore();
    for (const address of this.#registrar.addresses()) this.#defence.gatekeeper.knew(address);
    const http = await this.#http.open();
    if (!http.ok) return http;
    const { server } = this.#http;
    if (server !== undefined) {
      const { clientAddress } = this.#defence;
      const behindTls = this.#parts.config.publicUrl?.startsWith('https:') === true;
      const above = { receiver: this.#receiver, observer: this.#observer, clientAddress };
      this.#doors.add(attachWs({ server, path: HTTP_WEBSOCKET_PATH, behindTls, ...above }));
    }
    return this.#http.openControl();
  }

  #makeEndpoint(): Endpoint {
    return new Endpoint({
      timers: this.#parts.times?.sip,
      clock: systemSipClock,
      random: systemSipRandom,
      product: 'Parkline',
      supported: SUPPORTED_TAGS,
      maxServerTransactions: this.#parts.config.limits.transactions,
      successorOf: (closed) => this.#registrar.successorOf(closed),
      streamFor: (datagram) => this.#streamFor(datagram),
      observer: this.#observer,
    });
  }

  /** A connection to the device behind a datagram flow: one it opened itself, else one of ours. */
  #streamFor(datagram: Flow): Flow | undefined {
    const binding = this.#registrar.bindingOfFlow(datagram);
    const other =
      binding &&
      this.#registrar
        .bindingsOf(binding.userId)
        .find(({ deviceId, flow }) => deviceId === binding.deviceId && flow?.reliable === true);
    return other?.flow ?? this.#doors.streamTo(datagram);
  }

  #makeAuthenticator(): SipAuthenticator {
    return new SipAuthenticator({
      directory: this.directory,
      verifier: this.#verifier,
      bindingsOfFlow: (flow) => this.#registrar.bindingsOfFlow(flow),
      isBoundTo: (flow, userId) => this.#registrar.isBoundTo(flow, userId),
      insecureNoAuth: this.#parts.config.insecureNoAuth,
      log: this.#parts.loggers('auth'),
      count: this.#metrics.countAuthentication,
      onProven: (flow) => this.#defence.gatekeeper.proved(flow),
    });
  }

  #makeRegistrar(authenticator: SipAuthenticator): SipRegistrar {
    return new SipRegistrar({
      directory: this.directory,
      authenticator,
      store: this.#parts.foundation.store.bindings,
      clock: this.#parts.clock,
      newId: () => randomBytes(9).toString('base64url'),
      flowTo: (source) => this.#doors.flowTo(source),
      apiBaseUrl: (flow: Flow) => this.#http.apiBaseUrl(flow),
      flowTimerMs: this.#parts.times?.flowTimerMs,
      maxBindingsPerUser: this.#parts.config.limits.bindingsPerUser,
      onFull: (userId) => this.#defence.capacity.refused('bindings', { user: userId }),
      log: this.#parts.loggers('registrar'),
    });
  }

  #makeHttp(): HttpSide {
    const { config, foundation, clock, loggers, browserAppRoot, startDemoCall, certificates } =
      this.#parts;
    return new HttpSide({
      certificates,
      config,
      foundation,
      media: this.#parts.media,
      registrar: this.#registrar,
      verifier: this.#verifier,
      calls: this.#calls,
      metrics: this.#metrics,
      clock,
      loggers,
      isReady: () => this.#phase === 'ready',
      listeners: () => this.listeners,
      webSockets: () => this.#doors.webSockets,
      browserAppRoot,
      startDemoCall,
    });
  }
}
