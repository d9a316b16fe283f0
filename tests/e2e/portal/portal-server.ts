import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../shared/server/log.ts';
import { createParkServer } from '../../../shared/server/main.ts';
import type { ParkServer } from '../../../shared/server/park-server.ts';
import { connectUdp } from '../../fakes/phone-connections.ts';
import { SipPhone } from '../../fakes/sip-phone.ts';
import { AdminClient } from '../../interop/kit/admin-client.ts';
import type { CalledServer } from '../kit/client.ts';

const LOOPBACK = '127.0.0.1';
const TRUNK = { username: 'outside', password: 'secret-outside' };

/** A real server that nobody has set up yet: a tenant without users, no admin. */
export class PortalServer implements CalledServer {
  readonly #folder: string;
  readonly #server: ParkServer;
  readonly #phones: SipPhone[] = [];
  /** The tenant that an empty server begins with. */
  readonly tenantId: string;

  static async start(): Promise<PortalServer> {
    const folder = mkdtempSync(join(tmpdir(), 'parkline-portal-'));
    const { PARKLINE_E2E_PAGE: page } = process.env;
    const server = await createParkServer(
      {
        dataDir: folder,
        listen: [{ transport: 'udp', address: LOOPBACK, port: 0 }],
        http: { address: LOOPBACK, port: 0 },
      },
      {
        loggers: () => silentLogger,
        ...(page === undefined ? {} : { browserAppRoot: page }),
      },
    );
    return new PortalServer(folder, server);
  }

  private constructor(folder: string, server: ParkServer) {
    this.#folder = folder;
    this.#server = server;
    this.tenantId = this.#tenant().id;
  }

  get url(): string {
    return this.#server.httpUrl ?? '';
  }

  get portalUrl(): string {
    return `${this.url}/portal/`;
  }

  /** The link that the server prints while it has no admin. */
  get setupUrl(): string {
    const { setupUrl } = this.#server;
    if (setupUrl === undefined) throw new Error('there is an admin already');
    return setupUrl;
  }

  get udp(): CalledServer['udp'] {
    const udp = this.#server.listeners.find(({ transport }) => transport === 'udp');
    return { address: LOOPBACK, port: udp?.port ?? 0 };
  }

  /** The line by which callers from outside come in. */
  get trunk(): CalledServer['trunk'] {
    return TRUNK;
  }

  addTrunk(): void {
    const saved = this.#server.provisioning.saveTrunk(this.#tenant(), {
      name: 'Outside',
      ...TRUNK,
    });
    if (!saved.ok) throw new Error(saved.error.kind);
  }

  /** An admin by program, beside the one in the browser. */
  async admin(name: string): Promise<AdminClient> {
    const client = new AdminClient(this.url);
    await client.signIn(name);
    return client;
  }

  /** Makes the first admin without a browser. */
  async setUp(name: string): Promise<AdminClient> {
    const client = new AdminClient(this.url);
    await client.setUp(this.setupUrl, name);
    return client;
  }

  /** A desk phone over UDP, signed in. */
  async phone(user: string, password: string): Promise<SipPhone> {
    const phone = new SipPhone({ user, password }, await connectUdp(this.udp.port));
    this.#phones.push(phone);
    await phone.register();
    return phone;
  }

  async dispose(): Promise<void> {
    for (const phone of this.#phones) await phone.close();
    await this.#server.close({ graceMs: 0 });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tenant() {
    const tenant = this.#server.provisioning.tenant();
    if (!tenant.ok) throw new Error('the server has no tenant');
    return tenant.value;
  }
}
