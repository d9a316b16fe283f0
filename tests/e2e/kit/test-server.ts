import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerConfigInput } from '../../../shared/config/server-config.ts';
import type { TenantSettingsInput } from '../../../shared/config/tenant-settings.ts';
import { createLoggers, silentLogger } from '../../../shared/server/log.ts';
import { createParkServer } from '../../../shared/server/main.ts';
import type { ParkServer } from '../../../shared/server/park-server.ts';
import { demoTrunk, demoUser, type TestUser } from './demo-files.ts';

export interface TestServerOptions {
  /** What the tenant has otherwise than the defaults. */
  readonly settings?: TenantSettingsInput;
  /** HTTPS and WSS with this certificate instead of HTTP and WS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Under which address phones know its HTTP: of whatever stands before it. Default: its own. */
  readonly publicUrl?: string;
}

const LOOPBACK = '127.0.0.1';

/** A real server with the demo's users and trunk, a database of its own, on free ports of loopback. */
export class TestServer {
  readonly #folder: string;
  readonly #options: TestServerOptions;
  #server: ParkServer | undefined;
  /** Ports of the first start: a restarted server is where it was. */
  #ports = { udp: 0, http: 0 };

  private constructor(options: TestServerOptions) {
    this.#folder = mkdtempSync(join(tmpdir(), 'parkline-server-'));
    this.#options = options;
  }

  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(options);
    await server.startAgain();
    return server;
  }

  get running(): ParkServer {
    if (this.#server === undefined) throw new Error('the server is down');
    return this.#server;
  }

  /** `host:port`, as it is typed under Server. */
  get address(): string {
    return `${LOOPBACK}:${this.#ports.http}`;
  }

  get url(): string {
    return `${this.#options.tls === undefined ? 'http' : 'https'}://${this.address}`;
  }

  get httpPort(): number {
    return this.#ports.http;
  }

  get udp(): { readonly address: string; readonly port: number } {
    return { address: LOOPBACK, port: this.#ports.udp };
  }

  /** One of the demo's users. */
  user(extension: string): TestUser {
    return demoUser(this.#folder, extension);
  }

  get trunk(): { readonly username: string; readonly password: string } {
    return demoTrunk(this.#folder);
  }

  /** The one tenant, as it is now. */
  get tenant() {
    const tenant = this.running.provisioning.tenant();
    if (!tenant.ok) throw new Error('the server has no tenant');
    return tenant.value;
  }

  /** Calls parked now. */
  get parkedCalls() {
    return this.running.calls.parkedCalls(this.tenant.id);
  }

  /** The server goes down at once, with everything that was on it. */
  async stop(): Promise<void> {
    await this.#server?.close({ graceMs: 0 });
    this.#server = undefined;
  }

  async startAgain(): Promise<void> {
    const { PARKLINE_E2E_LOG: level, PARKLINE_E2E_PAGE: page } = process.env;
    this.#server = await createParkServer(this.#config(), {
      demo: true,
      ...(page === undefined ? {} : { browserAppRoot: page }),
      loggers: level === undefined ? () => silentLogger : createLoggers('debug'),
    });
    const udp = this.#server.listeners.find(({ transport }) => transport === 'udp');
    const http = new URL(this.#server.httpUrl ?? '');
    this.#ports = { udp: udp?.port ?? 0, http: Number(http.port) };
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #config(): ServerConfigInput {
    const { settings, tls, publicUrl } = this.#options;
    return {
      dataDir: this.#folder,
      listen: [{ transport: 'udp', address: LOOPBACK, port: this.#ports.udp }],
      http: { address: LOOPBACK, port: this.#ports.http, secure: tls !== undefined },
      ...(tls === undefined ? {} : { tls }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(settings === undefined ? {} : { tenantSettings: settings }),
    };
  }
}
