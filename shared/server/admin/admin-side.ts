import type { HttpBindings } from '@hono/node-server';
import type { Clock } from '../../domain/clock.ts';
import type { Disposable } from '../../domain/disposable.ts';
import type { MediaEngine } from '../../media/engine.ts';
import type { Foundation } from '../foundation.ts';
import type { Logger } from '../log.ts';
import type { CallControl } from '../ports/call-control.ts';
import { AdminAccounts } from './admin-accounts.ts';
import { adminApi } from './admin-api.ts';
import type { Devices } from './admin-parts.ts';
import { AdminSessions } from './admin-sessions.ts';
import { LiveEvents } from './live-events.ts';
import { SetupToken } from './setup-token.ts';
import { TenantMusic } from './tenant-music.ts';

export interface AdminSideParts {
  readonly foundation: Pick<Foundation, 'store' | 'directory' | 'provisioning' | 'groups'>;
  readonly devices: Devices;
  readonly calls: Pick<CallControl, 'parkedCalls'>;
  readonly media: MediaEngine;
  readonly clock: Clock;
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Origin by which the server is reached through a proxy. */
  readonly publicUrl: string | undefined;
  readonly log: Logger;
}

/** The administration of one server, put together. */
export class AdminSide implements Disposable {
  /** Answers everything under `/api/admin`. */
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  readonly #setup: SetupToken;
  readonly #live: LiveEvents;
  readonly #music: TenantMusic;
  readonly #foundation: AdminSideParts['foundation'];

  constructor(parts: AdminSideParts) {
    const { foundation, devices, calls, clock, media, log } = parts;
    this.#foundation = foundation;
    const { store, directory } = foundation;
    this.#setup = new SetupToken(store.admins);
    const { journal } = store;
    this.#live = new LiveEvents({ directory, journal, devices, calls, clock });
    this.#music = new TenantMusic({ media, store: store.music, clock, log });
    const api = adminApi({
      ...parts,
      ...foundation,
      accounts: new AdminAccounts(store.admins, clock),
      sessions: new AdminSessions(store.admins, clock),
      setup: this.#setup,
      live: this.#live,
      music: this.#music,
    });
    this.fetch = (request, env) => api.fetch(request, env);
  }

  /** For the URL by which the first admin is made; undefined once there is one. */
  get setupToken(): string | undefined {
    return this.#setup.token;
  }

  /** Takes up what admins left for this start: each tenant's music. */
  async begin(): Promise<void> {
    await this.#music.restore(this.#foundation.directory.tenants().map(({ id }) => id));
  }

  /** Ends the event streams. */
  dispose(): void {
    this.#live.dispose();
  }
}
