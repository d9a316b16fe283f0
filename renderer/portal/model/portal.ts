import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  adminSessionSchema,
  setupStateSchema,
  type AdminSession,
} from '../../../shared/config/admin/sessions.ts';
import type { Clock } from '../../../shared/domain/clock.ts';
import { AdminApi, type Answer, type Failure } from './api.ts';
import { Live, type OpenFeed } from './live.ts';
import { Notices } from './notices.ts';
import type { PreferenceStore } from './preferences.ts';
import { Router, type AddressBar } from './router.ts';

/** What the page as a whole shows. */
export type Stage =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unreachable' }
  /** No admin yet; `token` from the link that the server printed, `null` when the page was opened without it. */
  | { readonly kind: 'set-up'; readonly token: string | null }
  | { readonly kind: 'sign-in' }
  /** `over`: the session ended meanwhile; the page stays as it is until they sign in again. */
  | { readonly kind: 'inside'; readonly session: AdminSession; readonly over: boolean };

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export interface PortalParts {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly bar: AddressBar;
  readonly openFeed: OpenFeed;
  readonly preferences: PreferenceStore;
}

/** How the page was opened, read once from its address. */
export interface Opening {
  readonly setupToken: string | null;
  readonly signIn: Credentials | null;
}

/** The portal without its screen: who is signed in, where they are, and what happens meanwhile. */
export class Portal {
  readonly state: StoreApi<{ readonly stage: Stage }> = createStore<{ readonly stage: Stage }>(
    () => ({ stage: { kind: 'starting' } }),
  );
  readonly api: AdminApi;
  readonly router: Router;
  readonly live: Live;
  readonly notices: Notices;
  readonly preferences: PreferenceStore;
  readonly clock: Clock;

  constructor({ clock, fetch, bar, openFeed, preferences }: PortalParts) {
    this.clock = clock;
    this.preferences = preferences;
    this.notices = new Notices(clock);
    this.api = new AdminApi(fetch, () => this.#sessionOver());
    this.router = new Router(bar);
    this.live = new Live({
      clock,
      openFeed,
      mayRetry: async () => (await this.api.get('/session', adminSessionSchema)).ok,
    });
  }

  async start(opening: Opening): Promise<void> {
    this.#show({ kind: 'starting' });
    if (opening.signIn !== null && (await this.signIn(opening.signIn)) === null) return;
    const session = await this.api.get('/session', adminSessionSchema);
    if (session.ok) return this.#enter(session.value);
    const setup = await this.api.get('/setup', setupStateSchema);
    if (!setup.ok) return this.#show({ kind: 'unreachable' });
    this.#show(
      setup.value.needed ? { kind: 'set-up', token: opening.setupToken } : { kind: 'sign-in' },
    );
  }

  /** @returns why not; `null` when they are in */
  async signIn(credentials: Credentials): Promise<Failure | null> {
    return this.#begin(
      await this.api.change('POST', '/session', { schema: adminSessionSchema, json: credentials }),
    );
  }

  /** Makes the first admin. */
  async setUp(token: string, credentials: Credentials): Promise<Failure | null> {
    const json = { token, ...credentials };
    return this.#begin(
      await this.api.change('POST', '/setup', { schema: adminSessionSchema, json }),
    );
  }

  async signOut(): Promise<void> {
    this.live.follow(null);
    await this.api.send('DELETE', '/session');
    this.api.csrf = '';
    this.#show({ kind: 'sign-in' });
  }

  /** Reads again who I am and which tenants I may see. */
  async readSession(): Promise<void> {
    const session = await this.api.get('/session', adminSessionSchema);
    if (session.ok) this.#enter(session.value);
  }

  #begin(answer: Answer<AdminSession>): Failure | null {
    if (!answer.ok) return answer.error;
    this.#enter(answer.value);
    return null;
  }

  #enter(session: AdminSession): void {
    const { stage } = this.state.getState();
    this.api.csrf = session.csrf;
    this.#show({ kind: 'inside', session, over: false });
    if (stage.kind === 'inside' && stage.over) this.live.resume();
  }

  #sessionOver(): void {
    const { stage } = this.state.getState();
    if (stage.kind === 'inside') this.#show({ ...stage, over: true });
  }

  #show(stage: Stage): void {
    this.state.setState({ stage });
  }
}
