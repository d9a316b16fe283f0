import { fileURLToPath } from 'node:url';
import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import {
  formatHostPort,
  formatListenAddress,
  type ListenAddress,
} from '../config/listen-address.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { Clock } from '../domain/clock.ts';
import type { UserId } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { MediaEngine } from '../media/engine.ts';
import type { Flow } from '../sip/transaction/flow.ts';
import type { CertificateSource } from '../sip/transport/certificate.ts';
import { AdminSide } from './admin/admin-side.ts';
import { CertificateFolder } from './certificates/certificate-folder.ts';
import type { DigestVerifier } from './auth/digest-verifier.ts';
import type { Foundation } from './foundation.ts';
import { DownloadFolder } from './downloads/download-folder.ts';
import { ControlApi, type ServerStatus } from './http/control-api.ts';
import type { DiscoveryOptions, WebSocketDoor } from './http/discovery.ts';
import { DoNotDisturb } from './http/do-not-disturb.ts';
import { httpApp } from './http/http-app.ts';
import { HttpServer } from './http/http-server.ts';
import { iceServersFor } from './http/ice-credentials.ts';
import type { StartDemoCall } from './http/phone-api.ts';
import { SessionTokens } from './http/session-tokens.ts';
import type { LoggerFor } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { CallControl } from './ports/call-control.ts';
import { isWildcard } from './shown-addresses.ts';
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
  /** For a secure HTTP listener. */
  readonly certificates?: CertificateSource | undefined;
  /** SIP listeners as they really are, in the order of the configuration. */
  readonly listeners: () => readonly ListenAddress[];
  /** WebSocket listeners of their own, as phones reach them. */
  readonly webSockets: () => readonly WebSocketDoor[];
  readonly browserAppRoot: string | undefined;
  readonly media: MediaEngine;
  /** Given in the demo only. */
  readonly startDemoCall: StartDemoCall | undefined;
}

/** What one server says over HTTP: to phones and monitoring where configured, to the command line always. */
export class HttpSide {
  readonly #parts: HttpSideParts;
  readonly #doNotDisturb: DoNotDisturb;
  readonly #admin: AdminSide;
  #http: HttpServer | undefined;
  #control: ControlApi | undefined;

  constructor(parts: HttpSideParts) {
    this.#parts = parts;
    this.#doNotDisturb = new DoNotDisturb(parts.registrar);
    const { foundation, registrar: devices, calls, media, clock, config } = parts;
    this.#admin = new AdminSide({
      foundation,
      devices,
      calls,
      media,
      clock,
      trustedProxies: config.defence.trustedProxies,
      publicUrl: config.publicUrl,
      log: parts.loggers('admin'),
    });
  }

  /** Origin of the HTTP listener, without a slash at its end; undefined when none was configured. */
  get url(): string | undefined {
    return this.#http && `${this.#scheme}://${formatHostPort(this.#http.address)}`;
  }

  /** Where the first admin is made, good once; undefined when there is one, or no HTTP listener. */
  get setupUrl(): string | undefined {
    const token = this.#admin.setupToken;
    if (token === undefined || this.#http === undefined) return undefined;
    const { address, port } = this.#http.address;
    const host = formatHostPort({ address: isWildcard(address) ? 'localhost' : address, port });
    return `${this.#parts.config.publicUrl ?? `${this.#scheme}://${host}`}/portal/#setup=${token}`;
  }

  /** Whether a user's phones said that they want to be left alone. */
  isOnDoNotDisturb(userId: UserId): boolean {
    return this.#doNotDisturb.has(userId);
  }

  /** The HTTP or HTTPS server, for WebSockets beside it. */
  get server(): Server | SecureServer | undefined {
    return this.#http?.server;
  }

  async open(): Promise<Result<null, StartRefusal>> {
    const { config, certificates } = this.#parts;
    const { http } = config;
    if (http === undefined) return ok(null);
    const app = this.#app();
    const opened = await HttpServer.open(
      http,
      (request, env) => app.fetch(request, env),
      http.secure ? certificates : undefined,
    );
    if (!opened.ok) {
      return err({
        kind: 'listen',
        what: `${this.#scheme}:${formatHostPort(http)}`,
        refusal: opened.error,
      });
    }
    this.#http = opened.value;
    void this.#admin.begin();
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
    const { publicUrl } = this.#parts.config;
    if (this.#http === undefined) return undefined;
    if (publicUrl !== undefined) return publicUrl;
    const { address, port } = this.#http.address;
    const host = { address: isWildcard(address) ? flow.local.address : address, port };
    return `${this.#scheme}://${formatHostPort(host)}`;
  }

  async closeControl(): Promise<void> {
    await this.#control?.close();
  }

  async close(): Promise<void> {
    // Event streams would keep their connections open.
    this.#admin.dispose();
    await this.#http?.close();
    this.#doNotDisturb.dispose();
  }

  get #scheme(): 'http' | 'https' {
    return this.#parts.config.http?.secure === true ? 'https' : 'http';
  }

  #app() {
    const { config, foundation, registrar, verifier, metrics, clock, loggers, isReady } =
      this.#parts;
    const { calls } = this.#parts;
    const { browserAppRoot = BROWSER_APP_ROOT, startDemoCall } = this.#parts;
    const { directory, store, data } = foundation;
    const key = store.secret('session');
    return httpApp({
      admin: this.#admin.fetch,
      directory,
      registrar,
      journal: store.journal,
      verifier,
      sessions: new SessionTokens({
        directory,
        accounts: directory,
        clock,
        key,
        ended: store.endedSessions,
      }),
      doNotDisturb: this.#doNotDisturb,
      forwarding: store.forwarding,
      snooze: (user, parkId) => calls.snooze(user, parkId),
      ...(startDemoCall === undefined ? {} : { startDemoCall }),
      discovery: () => this.#discovery(),
      iceServers: (user) => iceServersFor(config.iceServers, user, clock.now()),
      trustedProxies: config.defence.trustedProxies,
      metrics,
      isReady,
      browserAppRoot,
      downloads: new DownloadFolder(config.downloadsDir ?? data.downloads),
      authorityFile: CertificateFolder.of(data.path).authority,
      log: loggers('http'),
    });
  }

  #discovery(): DiscoveryOptions {
    const { config, startDemoCall, webSockets } = this.#parts;
    return {
      publicUrl: config.publicUrl,
      webSockets: webSockets(),
      demo: startDemoCall !== undefined,
      hasIceServers: config.iceServers.length > 0,
    };
  }

  #status(): ServerStatus {
    const { calls, registrar, listeners, foundation } = this.#parts;
    const certificate = this.#parts.certificates?.current;
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
      certificate:
        certificate === undefined
          ? null
          : {
              names: certificate.names,
              validUntil: certificate.validUntil,
              fingerprint: certificate.fingerprint,
            },
    };
  }
}
