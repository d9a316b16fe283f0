import { fileURLToPath } from 'node:url';
import type { Server } from 'node:http';
import {
  formatHostPort,
  formatListenAddress,
  type ListenAddress,
} from '../config/listen-address.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { Clock } from '../domain/clock.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { Flow } from '../sip/transaction/flow.ts';
import type { DigestVerifier } from './auth/digest-verifier.ts';
import type { Foundation } from './foundation.ts';
import { ControlApi, type ServerStatus } from './http/control-api.ts';
import type { DiscoveryOptions } from './http/discovery.ts';
import { httpApp } from './http/http-app.ts';
import { HttpServer } from './http/http-server.ts';
import type { StartDemoCall } from './http/phone-api.ts';
import { SessionTokens } from './http/session-tokens.ts';
import type { LoggerFor } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { CallControl } from './ports/call-control.ts';
import type { SipRegistrar } from './registrar/sip-registrar.ts';
import type { StartRefusal } from './start-refusal.ts';
import { describeStoreRefusal } from './store/store-refusal.ts';

/** The built browser app beside the program. */
const BROWSER_APP_ROOT = fileURLToPath(new URL('../../dist/renderer', import.meta.url));

export interface HttpSideParts {
  readonly config: ServerConfig;
  readonly foundation: Foundation;
  readonly registrar: SipRegistrar;
  readonly verifier: DigestVerifier;
  readonly calls: CallControl;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly loggers: LoggerFor;
  readonly isReady: () => boolean;
  /** SIP listeners as they really are, in the order of the configuration. */
  readonly listeners: () => readonly ListenAddress[];
  readonly browserAppRoot: string | undefined;
  /** Given in the demo only. */
  readonly startDemoCall: StartDemoCall | undefined;
}

/** What one server says over HTTP: to phones and monitoring where configured, to the command line always. */
export class HttpSide {
  readonly #parts: HttpSideParts;
  #http: HttpServer | undefined;
  #control: ControlApi | undefined;

  constructor(parts: HttpSideParts) {
    this.#parts = parts;
  }

  /** Origin of the HTTP listener, without a slash at its end; undefined when none was configured. */
  get url(): string | undefined {
    return this.#http && `http://${formatHostPort(this.#http.address)}`;
  }

  /** The plain HTTP server, for WebSockets beside it. */
  get server(): Server | undefined {
    return this.#http?.server;
  }

  async open(): Promise<Result<null, StartRefusal>> {
    const { http } = this.#parts.config;
    if (http === undefined) return ok(null);
    const app = this.#app();
    const opened = await HttpServer.open(http, (request, env) => app.fetch(request, env));
    if (!opened.ok) {
      return err({ kind: 'listen', what: `http:${formatHostPort(http)}`, refusal: opened.error });
    }
    this.#http = opened.value;
    return ok(null);
  }

  /** Opens the control API; the command line then takes this server for running. */
  async openControl(): Promise<Result<null, StartRefusal>> {
    const { foundation, registrar, calls, loggers } = this.#parts;
    const control = await ControlApi.open({
      file: foundation.data.control,
      directory: foundation.directory,
      registrar,
      calls,
      status: () => this.#status(),
      reload: () => {
        const reloaded = foundation.directory.reload();
        return reloaded.ok ? reloaded : err(describeStoreRefusal(reloaded.error));
      },
      log: loggers('control'),
    });
    if (!control.ok) return err({ kind: 'listen', what: 'control', refusal: control.error });
    this.#control = control.value;
    return ok(null);
  }

  /** The base URL of the user's HTTP as the device behind `flow` can reach it. */
  apiBaseUrl(flow: Flow): string | undefined {
    if (this.#http === undefined) return undefined;
    const { address, port } = this.#http.address;
    const host = { address: isWildcard(address) ? flow.local.address : address, port };
    return `http://${formatHostPort(host)}`;
  }

  async closeControl(): Promise<void> {
    await this.#control?.close();
  }

  async close(): Promise<void> {
    await this.#http?.close();
  }

  #app() {
    const { foundation, registrar, verifier, metrics, clock, loggers, isReady } = this.#parts;
    const { browserAppRoot = BROWSER_APP_ROOT, startDemoCall } = this.#parts;
    const { directory, store } = foundation;
    const key = store.secret('session');
    return httpApp({
      directory,
      registrar,
      journal: store.journal,
      verifier,
      sessions: new SessionTokens({ directory, accounts: directory, clock, key }),
      ...(startDemoCall === undefined ? {} : { startDemoCall }),
      discovery: () => this.#discovery(),
      metrics,
      isReady,
      browserAppRoot,
      log: loggers('http'),
    });
  }

  #discovery(): DiscoveryOptions {
    const { config, listeners, startDemoCall } = this.#parts;
    const index = config.listen.findIndex(({ transport }) => transport === 'ws');
    const listener = index < 0 ? undefined : listeners()[index];
    const { advertise } = config.media;
    return {
      webSocket: listener && {
        address: isWildcard(listener.address) && advertise ? advertise : listener.address,
        port: listener.port,
        secure: false,
        path: config.listen[index]?.path ?? '/',
      },
      demo: startDemoCall !== undefined,
      hasIceServers: false,
    };
  }

  #status(): ServerStatus {
    const { calls, registrar, listeners, foundation } = this.#parts;
    const tenants = foundation.directory.tenants();
    const parked = tenants.map((tenant) => calls.parkedCalls(tenant.id).length);
    return {
      pid: process.pid,
      listen: listeners().map(formatListenAddress),
      http: this.url ?? null,
      tenants: tenants.map((tenant) => tenant.name),
      registrations: registrar.size,
      parkedCalls: parked.reduce((sum, count) => sum + count, 0),
      activeCalls: calls.activeCalls,
    };
  }
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
